"""Those around the coalition: agreements that end, open seats."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.database import along
from engage.extensions import db
from engage.partners.agreements.models import Agreement
from engage.partners.agreements.rules import RUNNING_OUT_DAYS
from engage.partners.coverage.seats.models import Seat
from engage.partners.models import Organization
from engage.partners.rules import AgreementKind, AgreementState

# A card on home names no more; it says how many there are.
ROWS_MOST = 5


@dataclass(frozen=True, slots=True)
class RunningOut:
    """A signed agreement that ends soon, or whose renewal should begin."""

    number: int
    kind: AgreementKind
    title: str
    organization: str
    ends_on: date


@dataclass(frozen=True, slots=True)
class OpenSeat:
    """An open seat; `sector` and `area` are keys of the content. `is_mine` means that I am to ask."""

    id: int
    sector: str
    area: str
    inviter: str
    ask_by: date | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Outside:
    """The first of each, and how many there are."""

    agreements: list[RunningOut]
    agreements_total: int
    seats: list[OpenSeat]
    seats_total: int


NOTHING = Outside([], 0, [], 0)

_HERE: sa.BindParameter[int] = sa.bindparam("coalition_id")
_TODAY: sa.BindParameter[date] = sa.bindparam("today")
_MINE = sa.func.coalesce(Seat.inviter_id == sa.bindparam("me"), sa.false())
# It is built once, because building a statement takes longer than running it. The whole number stands in each row.
_AGREEMENTS: sa.Select[*tuple[Any, ...]] = (
    sa.select(
        Agreement.number,
        Agreement.kind,
        Agreement.title,
        Organization.name,
        Agreement.ends_on,
        sa.func.count().over(),
    )
    .join(Organization, along(Agreement.organization_id, Organization))
    .where(
        Agreement.coalition_id == _HERE,
        Agreement.state == AgreementState.SIGNED,
        Agreement.ends_on >= _TODAY,
        sa.or_(Agreement.ends_on <= sa.bindparam("last"), Agreement.notice_on <= _TODAY),
    )
    .order_by(Agreement.ends_on, Agreement.number)
    .limit(ROWS_MOST)
)
_SEATS: sa.Select[*tuple[Any, ...]] = (
    sa.select(
        Seat.id,
        Seat.sector,
        Seat.area,
        sa.func.coalesce(Membership.name, ""),
        Seat.ask_by,
        _MINE,
        sa.func.count().over(),
    )
    .outerjoin(Membership, along(Seat.inviter_id, Membership))
    .where(Seat.coalition_id == _HERE, Seat.closed_on.is_(None))
    .order_by(_MINE.desc(), Seat.ask_by.is_(None), Seat.ask_by, Seat.id)
    .limit(ROWS_MOST)
)


def outside_of(membership: Membership, today: date) -> Outside:
    """Reads both for members; a viewer finds agreements and coverage among partners."""
    if not may(membership.role, Permission.SEE_ALL):
        return NOTHING
    here = {"coalition_id": membership.coalition_id}
    last = today + timedelta(days=RUNNING_OUT_DAYS)
    agreements = db.session.execute(_AGREEMENTS, {**here, "today": today, "last": last}).all()
    seats = db.session.execute(_SEATS, {**here, "me": membership.id}).all()
    return Outside(
        [RunningOut(*row[:-1]) for row in agreements],
        agreements[0][-1] if agreements else 0,
        [OpenSeat(*row[:-1]) for row in seats],
        seats[0][-1] if seats else 0,
    )
