"""Reads and writes open recruitments: a sector, maybe in one focus area, from which someone is to be invited."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased

from engage import clock, history, versions
from engage.coalitions.models import Membership
from engage.database import Selection, along
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners.coverage.recruitments.models import Recruitment
from engage.partners.coverage.rules import RecruitmentOutcome
from engage.partners.models import Contact, Organization
from engage.partners.rules import ContactPlace

# History stores only that these texts changed.
_TEXTS = frozenset({"whom", "note", "sector", "area", "discipline"})
# No one can look after more open recruitments than this; closed ones are listed by date.
LIST_MOST = 200

OPEN = Recruitment.closed_on.is_(None)
# This condition selects open recruitments that have a person to ask and a date.
ASKED = sa.and_(OPEN, Recruitment.inviter_id.is_not(None), Recruitment.ask_by.is_not(None))


class RecruitmentLine(Struct, frozen=True):
    """A recruitment in a list. `whom` is in words; `organization` is the name of the organization to ask."""

    id: int
    sector: str
    area: str
    discipline: str
    organization_id: int | None
    organization: str
    whom: str
    inviter_id: int | None
    inviter: str
    ask_by: date | None
    closed_on: date | None
    outcome: RecruitmentOutcome | None
    taken_by_id: int | None
    taken_by: str
    note: str
    opened_on: date


# -- reading


def open_recruitments(membership: Membership) -> list[RecruitmentLine]:
    """Returns the open recruitments, the first due first; those without a date come last."""
    return _lines(
        membership,
        _rows().where(OPEN).order_by(Recruitment.ask_by.is_(None), Recruitment.ask_by, Recruitment.id),
    )


def closed_recruitments(membership: Membership) -> list[RecruitmentLine]:
    """Returns the recruitments that were taken or given up, latest first."""
    closed = _rows().where(Recruitment.closed_on.is_not(None))
    return _lines(membership, closed.order_by(Recruitment.closed_on.desc(), Recruitment.id.desc()))


def line_of(membership: Membership, recruitment_id: int) -> RecruitmentLine | None:
    return next(iter(_lines(membership, _rows().where(Recruitment.id == recruitment_id))), None)


def sectors_sought(membership: Membership) -> set[str]:
    """Returns the sectors with an open recruitment."""
    rows = (
        sa.select(Recruitment.sector)
        .where(Recruitment.coalition_id == membership.coalition_id, OPEN)
        .distinct()
    )
    return set(db.session.scalars(rows))


def recruitment_of(membership: Membership, recruitment_id: int) -> Recruitment | None:
    """Returns one of the coalition's recruitments."""
    return db.session.scalar(
        sa.select(Recruitment).where(
            Recruitment.coalition_id == membership.coalition_id, Recruitment.id == recruitment_id
        )
    )


def contact_to_ask(membership: Membership, organization_id: int | None) -> tuple[str, str] | None:
    """Returns the main contact, else the alternate, as (name, e-mail address); None if neither has an address."""
    rows = (
        sa.select(Contact.name, Contact.email)
        .where(
            Contact.coalition_id == membership.coalition_id,
            Contact.organization_id == organization_id,
            Contact.email != "",
        )
        .order_by(
            sa.case(
                (Contact.place == ContactPlace.MAIN, 0), (Contact.place == ContactPlace.ALTERNATE, 1), else_=2
            ),
            Contact.id,
        )
        .limit(1)
    )
    row = db.session.execute(rows).first()
    return None if row is None else (row.name, row.email)


def _rows() -> Selection:
    taken_by = aliased(Organization)
    return (
        sa.select(
            Recruitment.id,
            Recruitment.sector,
            Recruitment.area,
            Recruitment.discipline,
            Recruitment.organization_id,
            sa.func.coalesce(Organization.name, "").label("organization"),
            Recruitment.whom,
            Recruitment.inviter_id,
            sa.func.coalesce(Membership.name, "").label("inviter"),
            Recruitment.ask_by,
            Recruitment.closed_on,
            Recruitment.outcome,
            Recruitment.taken_by_id,
            sa.func.coalesce(taken_by.name, "").label("taken_by"),
            Recruitment.note,
            Recruitment.created_at,
        )
        .outerjoin(Organization, along(Recruitment.organization_id, Organization))
        .outerjoin(taken_by, along(Recruitment.taken_by_id, taken_by))
        .outerjoin(Membership, along(Recruitment.inviter_id, Membership))
        .limit(LIST_MOST)
    )


def _lines(membership: Membership, rows: Selection) -> list[RecruitmentLine]:
    found = db.session.execute(rows.where(Recruitment.coalition_id == membership.coalition_id))
    time_zone = membership.coalition.time_zone
    values = [dict(row._mapping) for row in found]
    return [
        RecruitmentLine(opened_on=clock.local_day(each.pop("created_at"), time_zone), **each)
        for each in values
    ]


# -- writing


def open_recruitment(membership: Membership, fields: Mapping[str, object]) -> Recruitment:
    """Opens a recruitment: someone is to be invited."""
    recruitment = Recruitment(
        coalition_id=membership.coalition_id,
        created_at=clock.now(),
        created_by_id=membership.id,
        **fields,
    )
    return history.add(membership, recruitment)


def edit_recruitment(
    membership: Membership, recruitment: Recruitment, version: int, fields: Mapping[str, object]
) -> None:
    """Edits a recruitment. Raises StaleVersion, and WrongState if it is closed."""
    still_open(recruitment)
    versions.change(membership, recruitment, version, fields, kept=fields.keys() - _TEXTS)


def close_recruitment(
    membership: Membership,
    recruitment: Recruitment,
    version: int,
    outcome: RecruitmentOutcome,
    taken_by_id: int | None = None,
    note: str = "",
) -> None:
    """Closes the recruitment as taken, maybe by an organization, or as given up.

    Raises StaleVersion, and WrongState if it is closed.
    """
    still_open(recruitment)
    values = {
        "closed_on": clock.today(membership.coalition.time_zone),
        "outcome": outcome,
        "taken_by_id": taken_by_id if outcome is RecruitmentOutcome.TAKEN else None,
        "note": note,
    }
    versions.change(membership, recruitment, version, values, kept=values.keys() - _TEXTS)


def reopen_recruitment(membership: Membership, recruitment: Recruitment, version: int) -> None:
    """Reopens the recruitment; its notes stay. Raises StaleVersion, and WrongState if it is open."""
    if recruitment.closed_on is None:
        raise WrongState(_("This is already on the list of sectors to recruit."))
    emptied = dict.fromkeys(("taken_by_id", "outcome", "closed_on"))
    versions.change(membership, recruitment, version, emptied, kept=emptied)


def still_open(recruitment: Recruitment) -> Recruitment:
    """Returns the recruitment. Raises WrongState if it is closed."""
    if recruitment.closed_on is not None:
        raise WrongState(_("This is closed. Reopen it first."))
    return recruitment
