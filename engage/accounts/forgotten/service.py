"""Records requests for a password link, and makes the links that are then sent by mail.

A request gets the same response whether or not the address has an account here. The account is looked up only
after the response was sent, so that neither its text nor its timing reveals who has an account.
"""

import sqlalchemy as sa
from flask import current_app, g, has_request_context

from engage import clock
from engage.accounts import notices as notices_service
from engage.accounts import queries, throttle
from engage.accounts.models import AskedLink, PasswordLink, User
from engage.accounts.rules import PASSWORD_LINK_LIFE, NoticeKind
from engage.accounts.service import TooManyTries, folded_email
from engage.database import insert
from engage.extensions import db, language
from engage.tokens import derived, hashed, new_token


def ask(email: str, address: str) -> None:
    """Records a request for a link; requests beyond the address's limit are dropped silently.

    Raises TooManyTries if too many requests come from one network address. Call it with no transaction open.
    """
    email = folded_email(email)
    wait, may_get_one = throttle.take_link(email, address)
    if wait is not None:
        raise TooManyTries(wait)
    if may_get_one:
        now = {"asked_at": clock.now(), "language": language() if has_request_context() else ""}
        asked = insert(AskedLink, db.engine.dialect.name).values(email=email, **now)
        # A crash may have left an earlier request of this address, which is too old by now; this one replaces
        # it.
        db.session.execute(asked.on_conflict_do_update(index_elements=["email"], set_=now))
    g.account_letters_wait = True


def make_links() -> None:
    """Makes the requested links, each with a mail to be sent; requests older than an hour are deleted."""
    db.session.rollback()
    since = clock.now() - PASSWORD_LINK_LIFE
    rows = sa.delete(AskedLink).returning(AskedLink.email, AskedLink.asked_at, AskedLink.language)
    for email, asked_at, asked_in in db.session.execute(rows).all():
        user = queries.user_by_email(email)
        if user is not None and user.is_active and asked_at > since:
            _make_link(user, asked_in)
    db.session.commit()


def _make_link(user: User, asked_in: str) -> None:
    """Makes a link to be sent by mail. An earlier mailed link stops working; one that a coordinator made does not."""
    nonce, now = new_token(), clock.now()
    earlier = sa.delete(PasswordLink).where(PasswordLink.user_id == user.id, PasswordLink.nonce != "")
    db.session.execute(earlier)
    times: dict[str, object] = {"created_at": now, "expires_at": now + PASSWORD_LINK_LIFE}
    db.session.add(PasswordLink(user_id=user.id, nonce=nonce, token_hash=hashed(_token(nonce)), **times))
    notices_service.tell(user, NoticeKind.LINK_ASKED, asked_in=asked_in)


def token_to_send(user: User) -> str | None:
    """Returns the token of the link in this person's mail, as long as it may still be used."""
    rows = sa.select(PasswordLink.nonce).where(
        PasswordLink.user_id == user.id,
        PasswordLink.nonce != "",
        PasswordLink.used_at.is_(None),
        PasswordLink.expires_at > clock.now(),
    )
    nonce = db.session.scalar(rows)
    return _token(nonce) if nonce is not None else None


def _token(nonce: str) -> str:
    return derived(str(current_app.secret_key), "password", nonce)
