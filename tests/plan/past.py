"""Writes past events of 2026, as history keeps them."""

from datetime import UTC, datetime
from typing import Any

from engage.history import HistoryEntry
from tests.factories import saved


def noon(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 17, tzinfo=UTC)


def changed(thing: Any, field: str, old: object, new: object, at: datetime, by: int | None = None) -> None:
    saved(
        HistoryEntry(
            coalition_id=thing.coalition_id,
            happened_at=at,
            actor_id=by,
            thing=thing.__tablename__,
            thing_id=thing.id,
            field=field,
            old=None if old is None else str(old),
            new=None if new is None else str(new),
        )
    )
