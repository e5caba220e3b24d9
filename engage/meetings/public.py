"""Reads meetings that are open to the public: title, time, and the place written for the public."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from engage.extensions import db
from engage.meetings.models import Meeting

# A page lists at most this many public meetings, soonest first.
SHOWN_MOST = 12


class OpenMeeting(NamedTuple):
    """A meeting as anyone may read it, without online link, agenda, group and people."""

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
            Meeting.public_place.label("place"),
            Meeting.created_at,
            Meeting.version,
        )
        .where(*_open(coalition_id, since))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(most)
    )
    return [OpenMeeting(**row._mapping) for row in db.session.execute(rows)]


def any_open(coalition_id: int, since: datetime) -> bool:
    """Returns whether the coalition has a public meeting from a given time on."""
    return bool(db.session.scalar(sa.select(sa.exists().where(*_open(coalition_id, since)))))


def _open(coalition_id: int, since: datetime) -> tuple[sa.ColumnExpressionArgument[bool], ...]:
    return (Meeting.coalition_id == coalition_id, Meeting.is_open, Meeting.starts_at >= since)
