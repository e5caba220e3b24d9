"""Writes the audit log of a coalition: who let people in, downloaded lists, opened or closed things.

The log contains no texts, no titles, no addresses.

It differs from `engage.history`. History belongs to a thing: it records which fields changed, for people who
read that thing, and the trash restores it with the thing. The log belongs to the coalition and records the
events that change who has access or move data, also those that change no row. Entries can only be added: the
database refuses anything else. Sign-ins are not recorded, because no one in the coalition needs to know when
someone signs in.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

import sqlalchemy as sa
from msgspec import Struct

from engage import clock
from engage.coalitions.audit.models import AuditEntry
from engage.coalitions.audit.rules import GROUPS, KEPT, KEPT_AT_LEAST, AuditEvent, AuditFilters
from engage.coalitions.models import Membership
from engage.database import short_transaction
from engage.extensions import db


class Actor(Protocol):
    """Someone who does something in a coalition; an actor without an id is a command on the server."""

    @property
    def coalition_id(self) -> int: ...

    @property
    def id(self) -> int | None: ...


class Server(Struct, frozen=True):
    """A command on the server that works on a coalition."""

    coalition_id: int
    id: None = None


def record(
    actor: Actor,
    event: AuditEvent,
    thing: object = None,
    *,
    what: str = "",
    old: StrEnum | None = None,
    new: StrEnum | None = None,
    number: int | None = None,
) -> None:
    """Records an event as part of the transaction that makes the change.

    `thing` is a row that has its id, `what` a column's or a view's name, `old` and `new` are states, and
    `number` is a count.
    """
    db.session.add(AuditEntry(**_values(actor.coalition_id, actor.id, event, thing, what, old, new, number)))


def record_of(
    actor: Actor,
    event: AuditEvent,
    table: str,
    thing_id: int | None,
    *,
    what: str = "",
    number: int | None = None,
) -> None:
    """Records an event about a row that is not loaded or no longer exists; without an id, only its table is named."""
    values = _values(actor.coalition_id, actor.id, event, None, what, None, None, number)
    db.session.add(AuditEntry(**{**values, "thing": table, "thing_id": thing_id}))


def _values(
    coalition_id: int,
    actor_id: int | None,
    event: AuditEvent,
    thing: Any,
    what: str,
    old: StrEnum | None,
    new: StrEnum | None,
    number: int | None,
) -> dict[str, object]:
    return {
        "coalition_id": coalition_id,
        "actor_id": actor_id,
        "happened_at": clock.now(),
        "event": event,
        "thing": thing.__tablename__ if thing is not None else "",
        "thing_id": thing.id if thing is not None else None,
        "what": what,
        "old": old.value if old is not None else None,
        "new": new.value if new is not None else None,
        "number": number,
    }


def record_apart(
    engine: sa.Engine, coalition_id: int, actor_id: int | None, event: AuditEvent, what: str
) -> None:
    """Records an event in a short transaction of its own, for data that a GET or a command gave out.

    Never call it while another transaction is open.
    """
    values = _values(coalition_id, actor_id, event, None, what, None, None, None)
    with short_transaction(engine) as session:
        session.add(AuditEntry(**values))


# -- reading


def _asked(membership: Membership, filters: AuditFilters) -> list[sa.ColumnElement[bool]]:
    time_zone = membership.coalition.time_zone
    found: list[sa.ColumnElement[bool]] = [AuditEntry.coalition_id == membership.coalition_id]
    if filters.group is not None:
        found.append(AuditEntry.event.in_(sorted(GROUPS[filters.group])))
    if filters.person is not None:
        about = sa.and_(AuditEntry.thing == Membership.__tablename__, AuditEntry.thing_id == filters.person)
        found.append(sa.or_(AuditEntry.actor_id == filters.person, about))
    if filters.since is not None:
        found.append(AuditEntry.happened_at >= clock.start_of_day(filters.since, time_zone))
    if filters.until is not None and filters.until.year < 9999:
        after = filters.until + timedelta(days=1)
        found.append(AuditEntry.happened_at < clock.start_of_day(after, time_zone))
    return found


def count_of(membership: Membership, filters: AuditFilters) -> int:
    """Returns the number of entries that match the filters."""
    rows = sa.select(sa.func.count(AuditEntry.id)).where(*_asked(membership, filters))
    return db.session.scalar(rows) or 0


def entries_of(
    membership: Membership, filters: AuditFilters, most: int | None = None, skip: int = 0
) -> list[AuditEntry]:
    """Returns the coalition's entries, newest first."""
    rows = (
        sa.select(AuditEntry)
        .where(*_asked(membership, filters))
        .order_by(AuditEntry.happened_at.desc(), AuditEntry.id.desc())
        .limit(most)
        .offset(skip)
    )
    return list(db.session.scalars(rows))


def people_of(membership: Membership) -> dict[int, str]:
    """Returns the names of all who are or were members, by id, sorted by name."""
    rows = (
        sa.select(Membership.id, Membership.name)
        .where(Membership.coalition_id == membership.coalition_id)
        .order_by(Membership.sort_key, Membership.id)
    )
    return {row.id: row.name for row in db.session.execute(rows)}


# -- deleting old entries


def prune(now: datetime, kept: timedelta = KEPT) -> int:
    """Deletes entries of every coalition that are older than `kept`, and returns how many.

    Entries of the last year always stay.
    """
    before = now - max(kept, KEPT_AT_LEAST)
    gone = db.session.execute(
        sa.delete(AuditEntry)
        .where(AuditEntry.happened_at < before)
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]
