"""Reads an event's page by its link, a sign-up by its own link, and who signed up."""

from __future__ import annotations

import sqlalchemy as sa
from flask import current_app
from msgspec import Struct

from engage import clock, tokens
from engage.accounts.rules import LetterState
from engage.coalitions.models import Coalition
from engage.database import SelectedRow, along, folded
from engage.extensions import db
from engage.plan.activities import queries as activities_queries
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityState, is_over
from engage.plan.signups.models import Signup, SignupPage
from engage.plan.signups.rules import SignupState, doubles, may_sign_in, places_left

# The purpose is part of the signed text, so that a link of one kind opens nothing of another.
EVENT, HERE, OWN, CONFIRM = "event", "event here", "event sign-up", "event confirm"
TOKEN_LENGTH = 12


def made_token(purpose: str, nonce: str) -> str:
    return tokens.derived_readable(current_app.config["SECRET_KEY"], purpose, nonce, TOKEN_LENGTH)


def token_hash(purpose: str, token: str) -> str:
    return tokens.keyed(current_app.config["SECRET_KEY"], purpose, token)


def token_of(purpose: str, nonce: str, stored: str) -> str | None:
    """Returns the token in a link's address; None if it was made with an earlier key."""
    token = made_token(purpose, nonce)
    return token if token_hash(purpose, token) == stored else None


def page_of(activity: Activity) -> SignupPage | None:
    return activities_queries.beside(SignupPage, activity)


def held_page_of(activity: Activity) -> SignupPage | None:
    """Returns the sign-up page, locked until the commit, so that requests give places away one at a time."""
    return activities_queries.beside(SignupPage, activity, held=True)


class SignupEntrance(Struct, frozen=True):
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


def _opened(row: SelectedRow) -> SignupEntrance:
    return SignupEntrance(row.Activity, row.SignupPage, row.Coalition)


def entrance(token: str) -> SignupEntrance | None:
    """Returns the event to which a sign-up link leads."""
    row = db.session.execute(_ENTRANCE.where(SignupPage.token_hash == token_hash(EVENT, token))).one_or_none()
    return _opened(row) if row is not None else None


def channel(token: str) -> SignupEntrance | None:
    """Returns the event of the link on the sheet at the door, which signs people in."""
    row = db.session.execute(_ENTRANCE.where(SignupPage.here_hash == token_hash(HERE, token))).one_or_none()
    return _opened(row) if row is not None else None


class OwnSignup(Struct, frozen=True):
    """A sign-up with its event, as its own link opens it."""

    signup: Signup
    entrance: SignupEntrance

    @property
    def coalition(self) -> Coalition:
        return self.entrance.coalition

    @property
    def may_cancel(self) -> bool:
        return self.signup.came_at is None and not self.entrance.is_over and not self.entrance.is_called_off

    @property
    def has_spot(self) -> bool:
        """Returns whether this person has a spot at an event that is not over."""
        return self.may_cancel and self.signup.state is SignupState.COMING


def own(token: str) -> OwnSignup | None:
    return _own(Signup.token_hash == token_hash(OWN, token))


def to_confirm(token: str) -> OwnSignup | None:
    return _own(Signup.confirm_hash == token_hash(CONFIRM, token))


def _own(condition: sa.ColumnElement[bool]) -> OwnSignup | None:
    rows = _ENTRANCE.add_columns(Signup).join(Signup, along(Signup.activity_id, Activity)).where(condition)
    row = db.session.execute(rows).one_or_none()
    return OwnSignup(row.Signup, _opened(row)) if row is not None else None


def public_token(page: SignupPage) -> str | None:
    return token_of(EVENT, page.nonce, page.token_hash)


def here_token(page: SignupPage) -> str | None:
    return token_of(HERE, page.here_nonce, page.here_hash)


def own_token(signup: Signup) -> str | None:
    return token_of(OWN, signup.nonce, signup.token_hash)


class SignupCounts(Struct, frozen=True):
    """How many people come, wait and came, including those whose names were deleted.

    A person who signed in twice under one name counts once, until an organizer says that they are two people.
    """

    coming: int = 0
    waiting: int = 0
    came: int = 0
    # This many people signed in under a name that someone else had used before.
    doubles: int = 0


def counts_of(activity: Activity, page: SignupPage) -> SignupCounts:
    rows = sa.select(
        sa.func.count(sa.case((Signup.state == SignupState.COMING, 1))),
        sa.func.count(sa.case((Signup.state == SignupState.WAITING, 1))),
        sa.func.count(Signup.came_at),
    ).where(Signup.coalition_id == activity.coalition_id, Signup.activity_id == activity.id)
    coming, waiting, came = db.session.execute(rows).one()
    twice = len(doubles_of(activity.coalition_id, activity.id)) if came > 1 else 0
    return SignupCounts(coming - twice + page.signed_up, waiting, came - twice + page.came, twice)


def doubles_of(coalition_id: int, activity_id: int) -> dict[int, int]:
    """Returns who likely signed in twice, as the ids of the later sign-up and of the earlier one."""
    came = (
        sa.select(Signup.id, Signup.name, Signup.is_namesake)
        .where(
            Signup.coalition_id == coalition_id,
            Signup.activity_id == activity_id,
            Signup.came_at.is_not(None),
        )
        .order_by(Signup.id)
    )
    return doubles((key, folded(name), apart) for key, name, apart in db.session.execute(came))


def left_of(activity: Activity, page: SignupPage) -> int | None:
    """Returns how many places are left for new sign-ups; None without a limit. People who wait come first."""
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


def by_id(signup_id: int) -> OwnSignup | None:
    """Returns a sign-up with its event, by id, for the mail that asks to confirm its address."""
    return _own(Signup.id == signup_id)


def was_asked(signup: Signup) -> bool:
    """Returns whether this address was asked to confirm for this event, whoever typed it: it gets only one mail."""
    asked = sa.exists().where(
        Signup.activity_id == signup.activity_id,
        Signup.email == signup.email,
        Signup.mail != LetterState.NONE,
    )
    return bool(db.session.scalar(sa.select(asked)))


def unasked(activity: Activity) -> int:
    """Returns how many addresses were entered for this event but got no mail to confirm them."""
    here = Signup.coalition_id == activity.coalition_id, Signup.activity_id == activity.id
    asked = sa.select(Signup.email).where(*here, Signup.mail != LetterState.NONE)
    rows = sa.select(sa.func.count(sa.distinct(Signup.email))).where(
        *here, Signup.email != "", Signup.confirmed_at.is_(None), Signup.email.not_in(asked)
    )
    return db.session.scalar(rows) or 0
