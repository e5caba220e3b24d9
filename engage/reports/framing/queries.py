"""Reads which sites a coalition named, and the coming events that can stand on them."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.database import along
from engage.extensions import db
from engage.meetings.public import SHOWN_MOST
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityState
from engage.plan.signups.models import SignupPage
from engage.plan.signups.queries import EVENT, token_of
from engage.reports.models import FramingSite


def origins_of(coalition_id: int) -> Sequence[str]:
    """Returns the addresses of the sites that may show the coalition's framed pages."""
    return [each.origin for each in _sites(coalition_id)]


def sites_of(membership: Membership) -> Sequence[FramingSite]:
    return _sites(membership.coalition_id)


def _sites(coalition_id: int) -> Sequence[FramingSite]:
    rows = sa.select(FramingSite).where(FramingSite.coalition_id == coalition_id)
    return db.session.scalars(rows.order_by(FramingSite.origin)).all()


def site_of(membership: Membership, site_id: int) -> FramingSite | None:
    rows = sa.select(FramingSite).where(FramingSite.coalition_id == membership.coalition_id)
    return db.session.scalar(rows.where(FramingSite.id == site_id))


class ComingEvent(NamedTuple):
    """An event that takes sign-ups, with the token of its page."""

    title: str
    day: date
    token: str


def coming_events(membership: Membership, today: date) -> list[ComingEvent]:
    """Returns the coalition's events from today on whose sign-up page is open, soonest first."""
    rows = (
        sa.select(Activity.title, Activity.happened_on, SignupPage.nonce, SignupPage.token_hash)
        .join(SignupPage, along(SignupPage.activity_id, Activity))
        .where(
            Activity.coalition_id == membership.coalition_id,
            Activity.state == ActivityState.PLANNED,
            Activity.happened_on >= today,
            SignupPage.closed_at.is_(None),
        )
        .order_by(Activity.happened_on, Activity.id)
        .limit(SHOWN_MOST)
    )
    found = [
        (title, day, token_of(EVENT, nonce, stored)) for title, day, nonce, stored in db.session.execute(rows)
    ]
    return [ComingEvent(title, day, token) for title, day, token in found if token is not None]
