"""Records who changed what and when.

It stores values only of states, dates, numbers and people, never of text, so that deleting a text leaves no
copy of it.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage import clock
from engage.columns import CODE, own_data
from engage.database import Base, Tenant, within
from engage.extensions import db

Value = StrEnum | date | float | None
_Row = TypeVar("_Row")


class Author(Protocol):
    """The author of a change: a membership, or the daily job, which has no id."""

    @property
    def id(self) -> int | None: ...


class HistoryEntry(Tenant, Base):
    """A change of one field of one thing."""

    __tablename__ = "history_entry"
    __table_args__ = (
        within("actor_id", "coalitions_membership"),
        sa.Index("ix_history_entry_thing", "coalition_id", "thing", "thing_id"),
        sa.Index("ix_history_entry_happened_at", "coalition_id", "happened_at"),
    )

    happened_at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("steps", "happened_at thing field")
    )
    # These are the name of the changed row's table and the row's id. There is no foreign key, since any table
    # is possible.
    thing: Mapped[str] = mapped_column(sa.String(60), info=CODE)
    thing_id: Mapped[int]
    field: Mapped[str] = mapped_column(sa.String(40), info=CODE)
    old: Mapped[str | None] = mapped_column(sa.String(60), info=CODE)
    new: Mapped[str | None] = mapped_column(sa.String(60), info=CODE)


def _kept(value: Value) -> str | None:
    """Returns a value in the form that history stores. It refuses text, except the value of an enum."""
    if isinstance(value, str) and not isinstance(value, StrEnum):
        raise TypeError("history keeps no text")
    return None if value is None else str(value)


def kept_values(old: Any, new: Any) -> tuple[Value, Value]:
    """Returns both values if history keeps such values, else no values: it keeps no text."""
    both = (old, new)
    return (
        both if all(each is None or isinstance(each, StrEnum | date | int) for each in both) else (None, None)
    )


def record(
    coalition_id: int,
    actor_id: int | None,
    thing: str,
    thing_id: int,
    field: str,
    *,
    old: Value = None,
    new: Value = None,
) -> None:
    """Records that `field` of a thing changed; leave out old and new if the field is a text."""
    record_changes(coalition_id, actor_id, thing, [(thing_id, field, old, new)])


def note(actor: Author | None, row: Any, field: str, old: Value = None, new: Value = None) -> None:
    """Records that `field` of a row changed; leave out old and new if the field is a text."""
    actor_id = actor.id if actor is not None else None
    record(row.coalition_id, actor_id, row.__tablename__, row.id, field, old=old, new=new)


def add(actor: Author, row: _Row, field: str = "added", new: Value = None) -> _Row:
    """Adds a row, which gets its id at once, and records that; returns the row."""
    db.session.add(row)
    db.session.flush()
    note(actor, row, field, new=new)
    return row


def set_fields(actor: Author, row: object, values: Mapping[str, object], kept: Collection[str] = ()) -> None:
    """Sets fields by name and records which of them changed; history stores the values of those in `kept`."""
    for field, value in values.items():
        old = getattr(row, field)
        if old != value:
            note(actor, row, field, *((old, value) if field in kept else ()))
            setattr(row, field, value)


def given_since(coalition_id: int, person_id: int, since: datetime, model: Any, field: str) -> sa.Select[int]:
    """Selects the ids of things of one kind that someone else assigned to this person after a moment.

    `field` is the column that holds the person.
    """
    return sa.select(HistoryEntry.thing_id).where(
        HistoryEntry.coalition_id == coalition_id,
        HistoryEntry.happened_at > since,
        HistoryEntry.thing == model.__tablename__,
        HistoryEntry.field == field,
        HistoryEntry.new == str(person_id),
        sa.or_(HistoryEntry.actor_id.is_(None), HistoryEntry.actor_id != person_id),
    )


def record_many(
    coalition_id: int, actor_id: int | None, thing: str, fields: Iterable[tuple[int, str]]
) -> None:
    """Records in one statement that a field of many things changed, each given as (id, field), for imports."""
    record_changes(
        coalition_id, actor_id, thing, ((thing_id, field, None, None) for thing_id, field in fields)
    )


def record_changes(
    coalition_id: int, actor_id: int | None, thing: str, changes: Iterable[tuple[int, str, Value, Value]]
) -> None:
    """Records in one statement what changed in many things, each given as (id, field, old, new)."""
    now = clock.now()
    rows = [
        {
            "coalition_id": coalition_id,
            "happened_at": now,
            "actor_id": actor_id,
            "thing": thing,
            "thing_id": thing_id,
            "field": field,
            "old": _kept(old),
            "new": _kept(new),
        }
        for thing_id, field, old, new in changes
    ]
    if rows:
        # These rows are written without the session: most changes write one, and the session takes three
        # times as long.
        table = Base.metadata.tables[HistoryEntry.__tablename__]
        db.session.connection().execute(sa.insert(table), rows)
