"""Reads events that are open to the public: title, day and time, and place."""

from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa

from engage.extensions import db
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityState
from engage.plan.signups.models import SignupPage
from engage.plan.signups.queries import EVENT, token_of


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
    # The sign-up link is made from this, if the event takes sign-ups.
    nonce: str | None
    token_hash: str | None

    @property
    def signup_token(self) -> str | None:
        """Returns the token of the sign-up link; None if no link works."""
        if self.nonce is None or self.token_hash is None:
            return None
        return token_of(EVENT, self.nonce, self.token_hash)


def open_events(coalition_id: int, since: date, most: int | None = None) -> list[OpenEvent]:
    """Returns the coalition's open events from a given day on that were not called off, soonest first."""
    takes_signups = sa.and_(
        SignupPage.coalition_id == Activity.coalition_id,
        SignupPage.activity_id == Activity.id,
        SignupPage.closed_at.is_(None),
        Activity.state == ActivityState.PLANNED,
    )
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
            SignupPage.nonce,
            SignupPage.token_hash,
        )
        .join(SignupPage, takes_signups, isouter=True)
        .where(*_open(coalition_id, since))
        .order_by(Activity.happened_on, Activity.starts_at, Activity.id)
        .limit(most)
    )
    return [OpenEvent._make(row) for row in db.session.execute(rows)]


def any_open_event(coalition_id: int, since: date) -> bool:
    """Returns whether there is an open event from a given day on."""
    return bool(db.session.scalar(sa.select(sa.exists().where(*_open(coalition_id, since)))))


def _open(coalition_id: int, since: date) -> tuple[sa.ColumnExpressionArgument[bool], ...]:
    return (
        Activity.coalition_id == coalition_id,
        Activity.is_open,
        Activity.state != ActivityState.CALLED_OFF,
        Activity.happened_on >= since,
    )
