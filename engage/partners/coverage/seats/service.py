"""Reads and writes open seats: a sector, maybe in one focus area, from which someone is to be invited."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import aliased

from engage import clock, history
from engage.coalitions.models import Membership
from engage.database import along
from engage.errors import WrongState
from engage.extensions import db
from engage.history import Value
from engage.partners.coverage.seats.models import Seat
from engage.partners.coverage.seats.rules import SeatOutcome
from engage.partners.models import Contact, Organization
from engage.partners.rules import ContactPlace
from engage.versions import claim_version

TABLE = Seat.__tablename__
# For a text history notes only that it changed.
_TEXTS = frozenset({"whom", "note", "sector", "area", "discipline"})
# No one can look after more open ones than this; closed ones are by date.
LIST_MOST = 200

OPEN = Seat.closed_on.is_(None)
# Someone is to ask by a day.
ASKED = sa.and_(OPEN, Seat.inviter_id.is_not(None), Seat.ask_by.is_not(None))


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat in a list. `whom` is in words; `organization` is the directory's name of the one to ask."""

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
    outcome: SeatOutcome | None
    taken_by_id: int | None
    taken_by: str
    note: str
    opened_on: date


# -- reading


def open_seats(membership: Membership) -> list[SeatLine]:
    """Returns the open ones: the first to ask comes first; those without a date come last."""
    return _lines(membership, _rows().where(OPEN).order_by(Seat.ask_by.is_(None), Seat.ask_by, Seat.id))


def closed_seats(membership: Membership) -> list[SeatLine]:
    """Returns those that were taken or given up, latest first."""
    closed = _rows().where(Seat.closed_on.is_not(None))
    return _lines(membership, closed.order_by(Seat.closed_on.desc(), Seat.id.desc()))


def line_of(membership: Membership, seat_id: int) -> SeatLine | None:
    return next(iter(_lines(membership, _rows().where(Seat.id == seat_id))), None)


def sectors_sought(membership: Membership) -> set[str]:
    """Returns the sectors with an open seat."""
    rows = sa.select(Seat.sector).where(Seat.coalition_id == membership.coalition_id, OPEN).distinct()
    return set(db.session.scalars(rows))


def seat_of(membership: Membership, seat_id: int) -> Seat | None:
    """Returns one of the coalition's seats."""
    return db.session.scalar(
        sa.select(Seat).where(Seat.coalition_id == membership.coalition_id, Seat.id == seat_id)
    )


def inviter_name(seat: Seat) -> str:
    """Returns the inviter's name, also after they left."""
    return db.session.scalar(sa.select(Membership.name).where(Membership.id == seat.inviter_id)) or ""


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


def _rows() -> sa.Select[*tuple[Any, ...]]:
    taken_by = aliased(Organization)
    return (
        sa.select(
            Seat.id,
            Seat.sector,
            Seat.area,
            Seat.discipline,
            Seat.organization_id,
            sa.func.coalesce(Organization.name, ""),
            Seat.whom,
            Seat.inviter_id,
            sa.func.coalesce(Membership.name, ""),
            Seat.ask_by,
            Seat.closed_on,
            Seat.outcome,
            Seat.taken_by_id,
            sa.func.coalesce(taken_by.name, ""),
            Seat.note,
            Seat.created_at,
        )
        .outerjoin(Organization, along(Seat.organization_id, Organization))
        .outerjoin(taken_by, along(Seat.taken_by_id, taken_by))
        .outerjoin(Membership, along(Seat.inviter_id, Membership))
        .limit(LIST_MOST)
    )


def _lines(membership: Membership, rows: sa.Select[*tuple[Any, ...]]) -> list[SeatLine]:
    zone = ZoneInfo(membership.coalition.time_zone)
    found = []
    for row in db.session.execute(rows.where(Seat.coalition_id == membership.coalition_id)):
        told: list[Any] = list(row)
        told[-1] = told[-1].astimezone(zone).date()
        found.append(SeatLine(*told))
    return found


# -- writing


def open_seat(membership: Membership, fields: Mapping[str, Any]) -> Seat:
    """Opens a seat: someone is to be invited."""
    seat = Seat(
        coalition_id=membership.coalition_id,
        created_at=clock.now(),
        created_by_id=membership.id,
        **fields,
    )
    db.session.add(seat)
    db.session.flush()
    _note(membership, seat, "added")
    return seat


def edit_seat(membership: Membership, seat: Seat, version: int, fields: Mapping[str, Any]) -> None:
    """Edits a seat. Raises StaleVersion, and WrongState if it is closed."""
    still_open(seat)
    claim_version(seat, version)
    for field, value in fields.items():
        _set(membership, seat, field, value)


def close_seat(
    membership: Membership,
    seat: Seat,
    version: int,
    outcome: SeatOutcome,
    taken_by_id: int | None = None,
    note: str = "",
) -> None:
    """Closes the seat as taken, maybe by an organization, or as given up.

    Raises StaleVersion, and WrongState if it is closed.
    """
    still_open(seat)
    claim_version(seat, version)
    _set(membership, seat, "closed_on", clock.today(membership.coalition.time_zone))
    _set(membership, seat, "outcome", outcome)
    _set(membership, seat, "taken_by_id", taken_by_id if outcome is SeatOutcome.TAKEN else None)
    _set(membership, seat, "note", note)


def reopen_seat(membership: Membership, seat: Seat, version: int) -> None:
    """Reopens the seat; what was written about it stays. Raises StaleVersion, and WrongState if it is open."""
    if seat.closed_on is None:
        raise WrongState(_("This is already on the list of sectors to recruit."))
    claim_version(seat, version)
    for field in ("taken_by_id", "outcome", "closed_on"):
        _set(membership, seat, field, None)


def still_open(seat: Seat) -> Seat:
    """Returns the seat. Raises WrongState if it is closed."""
    if seat.closed_on is not None:
        raise WrongState(_("This is closed. Reopen it first."))
    return seat


def _set(membership: Membership, seat: Seat, field: str, value: Value | str) -> None:
    old = getattr(seat, field)
    if old == value:
        return
    if field in _TEXTS:
        _note(membership, seat, field)
    else:
        _note(membership, seat, field, old=old, new=value)
    setattr(seat, field, value)


def _note(actor: Membership, seat: Seat, field: str, **values: Any) -> None:
    history.record(seat.coalition_id, actor.id, TABLE, seat.id, field, **values)
