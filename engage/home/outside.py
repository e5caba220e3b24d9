"""Counts open work with partners: agreements that end soon, and open recruitments."""

from datetime import date, timedelta

import sqlalchemy as sa
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.extensions import db
from engage.partners.agreements.models import Agreement
from engage.partners.agreements.rules import RUNNING_OUT_DAYS
from engage.partners.coverage.recruitments.models import Recruitment
from engage.partners.rules import AgreementState


class Outside(Struct, frozen=True):
    """Counts: agreements that end soon, recruitments, those where the reader is to ask, and overdue ones."""

    agreements: int = 0
    recruitments: int = 0
    my_recruitments: int = 0
    late_recruitments: int = 0


_HERE: sa.BindParameter[int] = sa.bindparam("coalition_id")
_TODAY: sa.BindParameter[date] = sa.bindparam("today")


def _recruitments(*where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    rows = sa.select(sa.func.count(Recruitment.id)).where(
        Recruitment.coalition_id == _HERE, Recruitment.closed_on.is_(None), *where
    )
    return rows.scalar_subquery()


# The statement is built once, because building one takes longer than running it.
_COUNTS = sa.select(
    sa.select(sa.func.count(Agreement.id))
    .where(
        Agreement.coalition_id == _HERE,
        Agreement.state == AgreementState.SIGNED,
        Agreement.ends_on >= _TODAY,
        sa.or_(Agreement.ends_on <= sa.bindparam("last"), Agreement.notice_on <= _TODAY),
    )
    .label("agreements"),
    _recruitments().label("recruitments"),
    _recruitments(Recruitment.inviter_id == sa.bindparam("me")).label("my_recruitments"),
    _recruitments(Recruitment.ask_by < _TODAY).label("late_recruitments"),
)


def outside_of(membership: Membership, today: date) -> Outside:
    """Counts both for members. Viewers get no counts; the partner pages show them agreements and coverage."""
    if not may(membership.role, Permission.SEE_ALL):
        return Outside()
    last = today + timedelta(days=RUNNING_OUT_DAYS)
    asked = {"coalition_id": membership.coalition_id, "today": today, "last": last, "me": membership.id}
    return Outside(**db.session.execute(_COUNTS, asked).one()._mapping)
