"""Reads accounts."""

from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from engage.accounts.models import Passkey, PasswordLink, ProviderTie, SetupLink, SignedIn, User
from engage.accounts.rules import CLOCK_SLIP
from engage.extensions import db
from engage.limits import Limits
from engage.tokens import hashed


def user_by_email(email: str) -> User | None:
    """Returns the account with this e-mail address, given in the form in which addresses are stored."""
    return db.session.scalar(sa.select(User).where(User.email == email))


def user_by_id(user_id: int) -> User | None:
    return db.session.get(User, user_id)


def any_user() -> bool:
    """Returns whether the installation has any account."""
    return bool(db.session.scalar(sa.select(sa.exists().select_from(User))))


# The statement is built once, because every request runs it.
_SESSION = sa.select(SignedIn).where(SignedIn.token_hash == sa.bindparam("token_hash"))


def session_of(token: str) -> SignedIn | None:
    """Returns the signed-in browser with this token, with its user."""
    return db.session.scalar(_SESSION, {"token_hash": hashed(token)})


def sessions_over(now: datetime) -> sa.ColumnElement[bool]:
    """Selects sessions that are over, by the rule of `rules.session_is_over`."""
    keys = sa.or_(SignedIn.holds_keys, SignedIn.user_id.in_(sa.select(User.id).where(User.is_admin)))
    own = SignedIn.is_own
    return sa.or_(
        sa.and_(sa.not_(own), _is_past(now, current_app.config["SESSION_SHARED"])),
        sa.and_(own, keys, _is_past(now, current_app.config["SESSION_KEY_HOLDERS"])),
        sa.and_(own, sa.not_(keys), _is_past(now, current_app.config["SESSION_MEMBERS"])),
        SignedIn.created_at > now + CLOCK_SLIP,
    )


def _is_past(now: datetime, limits: Limits) -> sa.ColumnElement[bool]:
    return sa.or_(SignedIn.last_seen_at < now - limits.idle, SignedIn.created_at < now - limits.life)


def sessions_of(user: User) -> list[SignedIn]:
    """Returns every browser in which this person is signed in, the last used first."""
    rows = sa.select(SignedIn).where(SignedIn.user_id == user.id)
    return list(db.session.scalars(rows.order_by(SignedIn.last_seen_at.desc(), SignedIn.id.desc())))


def has_other_ways(user_id: int) -> bool:
    """Returns whether a passkey or an account of a provider signs this person in."""
    ties, keys = (
        sa.exists().where(ProviderTie.user_id == user_id),
        sa.exists().where(Passkey.user_id == user_id),
    )
    return bool(db.session.scalar(sa.select(sa.or_(ties, keys))))


def password_link(token: str) -> PasswordLink | None:
    """Returns the link with this token, used or not."""
    return db.session.scalar(sa.select(PasswordLink).where(PasswordLink.token_hash == hashed(token)))


def setup_link_exists(token: str) -> bool:
    """Returns whether this token opens /setup."""
    return bool(db.session.scalar(sa.select(sa.exists().where(SetupLink.token_hash == hashed(token)))))
