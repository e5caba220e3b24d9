"""Changes a person's own e-mail address.

If the site sends mail, the new address takes effect once its link is followed.
"""

from datetime import timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from engage import clock
from engage.accounts import notices as notices_service
from engage.accounts import queries, ways_in
from engage.accounts.models import EmailChange, User
from engage.accounts.rules import NoticeKind
from engage.accounts.service import (
    AddressTaken,
    end_email_change,
    end_password_links,
    end_sign_in_links,
    folded_email,
)
from engage.database import text_is_gone
from engage.errors import FieldRefused
from engage.extensions import db
from engage.i18n import gettext as _
from engage.tokens import derived, hashed, new_token

LINK_LIFE = timedelta(hours=1)


def change(user: User, email: str) -> bool:
    """Returns True if the new address takes effect at once, False if a link was sent to it first.

    Raises AddressTaken if another account has it and no mail can show that the address belongs to the person.
    """
    email = folded_email(email)
    if current_app.config["MAIL"] is None:
        _set(user, email)
        return True
    change_with_link(user, email)
    return False


def change_with_link(user: User, email: str) -> None:
    """Sends a link to the new address; an earlier link stops working.

    If another account has the address, nothing is sent and the person is not told, since that would reveal
    the account.
    """
    other = queries.user_by_email(email)
    if other is not None and other.id == user.id:
        raise FieldRefused("email", _("You already sign in with this address."))
    end_email_change(user)
    nonce = new_token()
    token_hash = hashed(_token(nonce))
    until = clock.now() + LINK_LIFE
    db.session.add(
        EmailChange(user_id=user.id, email=email, nonce=nonce, token_hash=token_hash, expires_at=until)
    )
    if other is None:
        notices_service.tell(user, NoticeKind.CONFIRM_EMAIL, address=email)


def _token(nonce: str) -> str:
    """Returns the token. It is derived when the mail is written, because the database keeps only its hash."""
    return derived(str(current_app.secret_key), "email", nonce)


def waiting(user: User) -> EmailChange | None:
    """Returns the change of address whose link was not followed yet, while the link is valid."""
    row = db.session.scalar(sa.select(EmailChange).where(EmailChange.user_id == user.id))
    return row if row is not None and row.expires_at > clock.now() else None


def token_of(asked: EmailChange) -> str:
    return _token(asked.nonce)


def by_token(token: str) -> EmailChange | None:
    """Returns the change of address that this link confirms, while the link is valid."""
    row = db.session.scalar(sa.select(EmailChange).where(EmailChange.token_hash == hashed(token)))
    return row if row is not None and row.expires_at > clock.now() else None


def confirm(asked: EmailChange) -> bool:
    """Puts the new address into effect; returns False if another request did so first.

    Raises AddressTaken if another account took the address in between.
    """
    user = db.session.get_one(User, asked.user_id)
    used = sa.delete(EmailChange).where(EmailChange.id == asked.id)
    email = asked.email
    if db.session.execute(used.execution_options(synchronize_session=False)).rowcount != 1:  # type: ignore[attr-defined]
        return False
    _set(user, email)
    return True


def _set(user: User, email: str) -> None:
    """Sets the address and notifies the old one, whose mailbox no longer gives access to the account."""
    old = user.email
    end_sign_in_links(user)
    try:
        with db.session.begin_nested():
            user.email = email
            db.session.flush()
    except IntegrityError:
        db.session.refresh(user)
        raise AddressTaken from None
    ways_in.address_changed(user)
    end_password_links(user)
    text_is_gone()
    notices_service.tell(user, NoticeKind.EMAIL, address=old)
