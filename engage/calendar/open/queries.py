"""Reads events that are open to the public: their title, their day and time, and their place."""

from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from engage.extensions import db
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityState


class OpenEvent(NamedTuple):
    """An event as anyone may read it; the online link, people and counts are never part of it."""

    id: int
    title: str
    day: date
    starts_at: datetime | None
    minutes: int | None
    place: str
    created_at: datetime
    version: int


def open_events(coalition_id: int, since: date, most: int | None = None) -> list[OpenEvent]:
    """Returns the coalition's open events from a day on that were not called off, soonest first."""
    rows = (
        sa.select(
            Activity.id,
            Activity.title,
            Activity.happened_on,
            Activity.starts_at,
            Activity.minutes,
            Activity.place,
            Activity.created_at,
            Activity.version,
        )
        .where(*_open(coalition_id, since))
        .order_by(Activity.happened_on, Activity.starts_at, Activity.id)
        .limit(most)
    )
    return [OpenEvent(*row) for row in db.session.execute(rows)]


def any_open_event(coalition_id: int, since: date) -> bool:
    """Returns whether there is one."""
    return bool(db.session.scalar(sa.select(sa.exists().where(*_open(coalition_id, since)))))


def _open(coalition_id: int, since: date) -> tuple[Any, ...]:
    return (
        Activity.coalition_id == coalition_id,
        Activity.is_open,
        Activity.state != ActivityState.CALLED_OFF,
        Activity.happened_on >= since,
    )
