"""Records who changed what and when.

It keeps values only of states, dates, numbers and people, never of text, so that deleting a text deletes it.
"""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage import clock
from engage.database import Base, Tenant, UtcDateTime, within
from engage.extensions import db

Value = StrEnum | date | float | None


class HistoryEntry(Tenant, Base):
    """A change of one field of one thing."""

    __tablename__ = "history_entry"
    __table_args__ = (
        within("actor_id", "coalitions_membership"),
        sa.Index("ix_history_entry_thing", "coalition_id", "thing", "thing_id"),
        sa.Index("ix_history_entry_happened_at", "coalition_id", "happened_at"),
    )

    happened_at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(index=True)
    # These are the table's name and the row's id. There is no foreign key, since any table may be meant.
    thing: Mapped[str] = mapped_column(sa.String(60))
    thing_id: Mapped[int]
    field: Mapped[str] = mapped_column(sa.String(40))
    old: Mapped[str | None] = mapped_column(sa.String(60))
    new: Mapped[str | None] = mapped_column(sa.String(60))


def _kept(value: Value) -> str | None:
    """Returns a value in the form that history keeps. Pass no free text, only the text of a state."""
    if isinstance(value, str) and not isinstance(value, StrEnum):
        raise TypeError("history keeps no text")
    return None if value is None else str(value)


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


def given_since() -> sa.Select[int]:
    """Selects the ids of things of one kind that someone else gave to a person after a moment.

    Its parameters are `coalition_id`, `me`, `since`, `thing` (the table's name) and `field` (the column that
    holds the person).
    """
    return sa.select(HistoryEntry.thing_id).where(
        HistoryEntry.coalition_id == sa.bindparam("coalition_id"),
        HistoryEntry.happened_at > sa.bindparam("since", type_=UtcDateTime),
        HistoryEntry.thing == sa.bindparam("thing"),
        HistoryEntry.field == sa.bindparam("field"),
        HistoryEntry.new == sa.cast(sa.bindparam("me", type_=sa.Integer), sa.String(60)),
        sa.or_(HistoryEntry.actor_id.is_(None), HistoryEntry.actor_id != sa.bindparam("me")),
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
        # These rows are written outside the session: most changes write one, and flushing a row costs three
        # times as much.
        table = Base.metadata.tables[HistoryEntry.__tablename__]
        db.session.connection().execute(sa.insert(table), rows)
