"""Reads an event's page by its link, a sign-up by its own link, and who signed up."""

from __future__ import annotations

import sqlalchemy as sa
from flask import current_app
from msgspec import Struct

from engage import clock, tokens
from engage.coalitions.models import Coalition
from engage.database import along
from engage.extensions import db
from engage.plan.activities import queries as activities_queries
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityState, is_over
from engage.plan.signups.models import Signup, SignupPage
from engage.plan.signups.rules import SignupState, may_sign_in, places_left

# These are part of the keys, so that a link of one kind opens nothing of another.
EVENT, HERE, OWN, CONFIRM = "event", "event here", "event sign-up", "event confirm"
TOKEN_LENGTH = 12


def made_token(purpose: str, nonce: str) -> str:
    return tokens.derived_readable(current_app.config["SECRET_KEY"], purpose, nonce, TOKEN_LENGTH)


def token_hash(purpose: str, token: str) -> str:
    return tokens.keyed(current_app.config["SECRET_KEY"], purpose, token)


def token_of(purpose: str, nonce: str, stored: str) -> str | None:
    """Returns the token in an address; None if it was made with an earlier key."""
    token = made_token(purpose, nonce)
    return token if token_hash(purpose, token) == stored else None


def page_of(activity: Activity) -> SignupPage | None:
    return activities_queries.beside(SignupPage, activity)


def held_page_of(activity: Activity) -> SignupPage | None:
    """Returns the page, locked until the commit, so that only one request at a time gives places away."""
    return activities_queries.beside(SignupPage, activity, held=True)


class Entrance(Struct, frozen=True):
    """An event as people with one of its links see it."""

    activity: Activity
    page: SignupPage
    coalition: Coalition

    @property
    def is_called_off(self) -> bool:
        return self.activity.state is ActivityState.CALLED_OFF

    @property
    def is_over(self) -> bool:
        if self.activity.state is ActivityState.HELD:
            return True
        today = clock.today(self.coalition.time_zone)
        return is_over(
            self.activity.happened_on, self.activity.starts_at, self.activity.minutes, today, clock.now()
        )

    @property
    def takes_signups(self) -> bool:
        return self.page.closed_at is None and not self.is_called_off and not self.is_over

    @property
    def may_sign_in(self) -> bool:
        today = clock.today(self.coalition.time_zone)
        is_on = self.activity.state is not ActivityState.CALLED_OFF
        return is_on and may_sign_in(self.activity.happened_on, self.activity.starts_at, today, clock.now())


_ENTRANCE = (
    sa.select(Activity, SignupPage, Coalition)
    .select_from(SignupPage)
    .join(Activity, along(SignupPage.activity_id, Activity))
    .join(Coalition, Coalition.id == SignupPage.coalition_id)
    .where(Coalition.closed_at.is_(None))
)


def entrance(token: str) -> Entrance | None:
    """Returns the event of a page's link."""
    row = db.session.execute(_ENTRANCE.where(SignupPage.token_hash == token_hash(EVENT, token))).one_or_none()
    return Entrance(*row) if row is not None else None


def door(token: str) -> Entrance | None:
    """Returns the event of the link that signs people in."""
    row = db.session.execute(_ENTRANCE.where(SignupPage.here_hash == token_hash(HERE, token))).one_or_none()
    return Entrance(*row) if row is not None else None


class Own(Struct, frozen=True):
    """A sign-up with its event, as its own link opens it."""

    signup: Signup
    entrance: Entrance

    @property
    def coalition(self) -> Coalition:
        return self.entrance.coalition


def own(token: str) -> Own | None:
    return _own(Signup.token_hash == token_hash(OWN, token))


def to_confirm(token: str) -> Own | None:
    return _own(Signup.confirm_hash == token_hash(CONFIRM, token))


def _own(condition: sa.ColumnElement[bool]) -> Own | None:
    rows = _ENTRANCE.add_columns(Signup).join(Signup, along(Signup.activity_id, Activity)).where(condition)
    row = db.session.execute(rows).one_or_none()
    return Own(row[3], Entrance(*row[:3])) if row is not None else None


def public_token(page: SignupPage) -> str | None:
    return token_of(EVENT, page.nonce, page.token_hash)


def here_token(page: SignupPage) -> str | None:
    return token_of(HERE, page.here_nonce, page.here_hash)


def own_token(signup: Signup) -> str | None:
    return token_of(OWN, signup.nonce, signup.token_hash)


class Counts(Struct, frozen=True):
    """How many people come, wait and came, including those whose names were deleted."""

    coming: int = 0
    waiting: int = 0
    came: int = 0


def counts_of(activity: Activity, page: SignupPage) -> Counts:
    rows = sa.select(
        sa.func.count(sa.case((Signup.state == SignupState.COMING, 1))),
        sa.func.count(sa.case((Signup.state == SignupState.WAITING, 1))),
        sa.func.count(Signup.came_at),
    ).where(Signup.coalition_id == activity.coalition_id, Signup.activity_id == activity.id)
    coming, waiting, came = db.session.execute(rows).one()
    return Counts(coming + page.signed_up, waiting, came + page.came)


def left_of(activity: Activity, page: SignupPage) -> int | None:
    """Returns how many places are left; None without a limit. People who wait come first."""
    if page.seats is None:
        return None
    counts = counts_of(activity, page)
    return 0 if counts.waiting else places_left(page.seats, counts.coming)


def signups_of(activity: Activity) -> list[Signup]:
    """Returns everyone who signed up: first people who come, then people who wait, each in the order of the line."""
    rows = (
        sa.select(Signup)
        .where(Signup.coalition_id == activity.coalition_id, Signup.activity_id == activity.id)
        .order_by(Signup.state, Signup.id)
    )
    return list(db.session.scalars(rows))


def place_in_line(signup: Signup) -> int:
    """Returns the place on the waiting list, from 1."""
    before = sa.select(sa.func.count(Signup.id)).where(
        Signup.activity_id == signup.activity_id,
        Signup.state == SignupState.WAITING,
        Signup.id <= signup.id,
    )
    return db.session.scalar(before) or 1


def signup_of(activity: Activity, signup_id: int) -> Signup | None:
    return db.session.scalar(
        sa.select(Signup).where(
            Signup.coalition_id == activity.coalition_id,
            Signup.activity_id == activity.id,
            Signup.id == signup_id,
        )
    )


def by_id(signup_id: int) -> Own | None:
    """Returns a sign-up with its event, for the mail about its address."""
    return _own(Signup.id == signup_id)
