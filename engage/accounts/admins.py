"""Manages the installation's admins and the accounts for them. At least one admin who can sign in always remains."""

import sqlalchemy as sa

from engage import clock
from engage.accounts import service
from engage.accounts.models import User
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _


def account(user_id: int) -> User | None:
    """Returns any account of the installation; only the installation's admins may ask for it."""
    return db.session.get(User, user_id)


def is_last_admin(user: User) -> bool:
    """Returns whether no other admin can sign in."""
    others = sa.exists().where(User.id != user.id, User.is_admin, User.disabled_at.is_(None))
    return user.is_admin and user.disabled_at is None and not db.session.scalar(sa.select(others))


def keep_an_admin(user: User) -> None:
    """Locks the admins' rows until the commit, so that two admins who step down at once do not both succeed.

    Raises WrongState if this is the last admin.
    """
    admins = sa.select(User.id).where(User.is_admin).order_by(User.id).with_for_update()
    db.session.execute(admins).all()
    db.session.refresh(user)
    if is_last_admin(user):
        raise WrongState(_("This is the last admin of the installation. Make someone else an admin first."))


def disable(user: User) -> None:
    """Disables the account from now on: no one can sign in with it. Raises WrongState for the last admin."""
    keep_an_admin(user)
    if user.disabled_at is None:
        user.disabled_at = clock.now()
    service.end_sessions(user)


def enable(user: User) -> None:
    """Lets the person sign in again."""
    user.disabled_at = None


def make_admin(user: User) -> None:
    """Makes the account an admin. Raises WrongState for a disabled account."""
    if user.disabled_at is not None:
        raise WrongState(_("No one can sign in with this account. Let this person in again first."))
    user.is_admin = True
    # A coordinator may have made an open password link; it must not give access to the admin pages.
    service.end_password_links(user)


def unmake_admin(user: User) -> None:
    """Makes the account an ordinary one. Raises WrongState for the last admin."""
    keep_an_admin(user)
    user.is_admin = False
