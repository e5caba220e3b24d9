"""Reads meetings that are open to the public: their title, their time and the place typed for the public."""

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from engage.extensions import db
from engage.meetings.models import Meeting

# A page lists at most this many of them, soonest first.
SHOWN_MOST = 12


class OpenMeeting(NamedTuple):
    """A meeting as anyone may read it; the online link, the agenda, the group and people are never part of it."""

    id: int
    title: str
    starts_at: datetime
    minutes: int
    place: str
    created_at: datetime
    version: int


def open_meetings(coalition_id: int, since: datetime, most: int | None = None) -> list[OpenMeeting]:
    """Returns the coalition's public meetings from a given time on, soonest first."""
    rows = (
        sa.select(
            Meeting.id,
            Meeting.title,
            Meeting.starts_at,
            Meeting.minutes,
            Meeting.public_place,
            Meeting.created_at,
            Meeting.version,
        )
        .where(*_open(coalition_id, since))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(most)
    )
    return [OpenMeeting(*row) for row in db.session.execute(rows)]


def any_open(coalition_id: int, since: datetime) -> bool:
    """Returns whether there is such a meeting."""
    return bool(db.session.scalar(sa.select(sa.exists().where(*_open(coalition_id, since)))))


def _open(coalition_id: int, since: datetime) -> tuple[Any, ...]:
    return (Meeting.coalition_id == coalition_id, Meeting.is_open, Meeting.starts_at >= since)
