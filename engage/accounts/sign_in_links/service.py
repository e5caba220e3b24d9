"""Records requests for a link to sign in, makes the mails that carry them, and signs in the browser that asked.

A request gets the same response, in the same time, whether or not the address has an account here: the account
is looked up only after the response was sent. Like the counts of tries, requests and tried codes are written in
transactions of their own, which are kept even if the view refuses. The request's session must have no open
transaction then.
"""

import hmac
from datetime import datetime

import sqlalchemy as sa
from flask import current_app, g
from sqlalchemy.orm import Session

from engage import clock, tokens
from engage.accounts import notices as notices_service
from engage.accounts import queries, throttle, ways_in
from engage.accounts.models import SignInLink, User
from engage.accounts.rules import Browser, NoticeKind, plain_code
from engage.accounts.service import TooManyTries, folded_email, tries_of
from engage.accounts.sign_in_links.rules import (
    LINK_WORKS,
    WRONG_CODES_MOST,
    Typed,
    six_digits,
    still_works,
)
from engage.database import insert, short_transaction
from engage.extensions import db, language
from engage.web import links

PURPOSE = "sign-in link"
READER = "reader of a mail"


# -- asking


def ask(email: str, asked_with: Browser, address: str, known: str) -> str:
    """Records a request, which replaces an earlier one of the same e-mail address.

    Returns the token for the cookie of the browser that asked. `address` is its network address, `known` the
    token by which it is recognized after signing out. Raises TooManyTries.
    """
    email = folded_email(email)
    whose = tries_of(email, known)
    if (wait := throttle.take_sign_in_link(whose, address)) is not None:
        raise TooManyTries(wait)
    browser, nonce = tokens.new_token(), tokens.new_token()
    values = {
        "user_id": None,
        "browser_hash": tokens.hashed(browser),
        "nonce": nonce,
        "token_hash": tokens.hashed(_token(nonce)),
        "asked_at": clock.now(),
        "wrong_codes": 0,
        "is_mailed": False,
        "browser": asked_with.name,
        "system": asked_with.system,
        "language": language(),
    }
    with short_transaction(db.engine) as session:
        asked = insert(SignInLink, db.engine.dialect.name).values(email=email, **values)
        session.execute(asked.on_conflict_do_update(index_elements=["email"], set_=values))
    g.account_letters_wait = True
    return browser


def make_links() -> None:
    """Makes a mail for each request whose address has an account; requests that are over are deleted."""
    db.session.rollback()
    prune(clock.now())
    for link in db.session.scalars(sa.select(SignInLink).where(SignInLink.is_mailed.is_(False))).all():
        user = queries.user_by_email(link.email)
        link.is_mailed = True
        if user is not None and user.is_active:
            link.user_id = user.id
            notices_service.tell(user, NoticeKind.SIGN_IN_LINK, asked_in=link.language)
    db.session.commit()


def prune(now: datetime) -> int:
    """Deletes the requests that are over. Returns how many."""
    over = sa.delete(SignInLink).where(SignInLink.asked_at <= now - LINK_WORKS)
    return int(db.session.execute(over).rowcount)  # type: ignore[attr-defined]


def to_send(user: User) -> SignInLink | None:
    """Returns the request whose link this person's mail carries, as long as the link may be used."""
    return _working(sa.select(SignInLink).where(SignInLink.user_id == user.id))


def _working(found: sa.Select[SignInLink]) -> SignInLink | None:
    """Returns the selected request, if there is one and its link still works."""
    link = db.session.scalar(found)
    return link if link is not None and still_works(link.asked_at, clock.now()) else None


def token_of(link: SignInLink) -> str:
    return _token(link.nonce)


def _token(nonce: str) -> str:
    return tokens.derived(str(current_app.secret_key), PURPOSE, nonce)


def code_of(link: SignInLink) -> str:
    """Returns the link's code, which is stored nowhere."""
    return six_digits(tokens.keyed(str(current_app.secret_key), PURPOSE, link.nonce))


# -- signing in


def by_token(token: str) -> SignInLink | None:
    """Returns the request that this link belongs to, while it works."""
    return _working(sa.select(SignInLink).where(SignInLink.token_hash == tokens.hashed(token)))


def asked_by(browser: str) -> SignInLink | None:
    """Returns the request that the browser with this token made, while it works."""
    return _working(_of(browser))


def _of(browser: str) -> sa.Select[SignInLink]:
    return sa.select(SignInLink).where(SignInLink.browser_hash == tokens.hashed(browser))


def is_of(link: SignInLink, browser: str) -> bool:
    """Returns whether the browser with this token is the one that asked."""
    return hmac.compare_digest(link.browser_hash, tokens.hashed(browser))


def use(token: str, browser: str) -> int | None:
    """Uses up a link that is opened in the browser that asked; returns the id of the person whom it signs in."""
    db.session.rollback()
    with short_transaction(db.engine) as session:
        found = _of(browser).where(SignInLink.token_hash == tokens.hashed(token))
        link = session.scalar(found.with_for_update())
        return _used(session, link) if link is not None else None


def try_code(code: str, browser: str, address: str, known: str) -> int | Typed:
    """Uses up the request of this browser if the code is right; returns the id of the person whom it signs in.

    The request ends with the fifth wrong code. Raises TooManyTries.
    """
    asked = asked_by(browser)
    if asked is None:
        db.session.rollback()
        return Typed.OVER
    tries = tries_of(asked.email, known)
    if (wait := throttle.take_mailed_code(tries, address)) is not None:
        raise TooManyTries(wait)
    with short_transaction(db.engine) as session:
        found = _tried(session, session.scalar(_of(browser).with_for_update()), plain_code(code))
    if isinstance(found, int):
        throttle.forgive_mailed_code(tries)
    else:
        throttle.count_failure(address)
    return found


def _tried(session: Session, link: SignInLink | None, code: str) -> int | Typed:
    if link is None:
        return Typed.OVER
    if hmac.compare_digest(code_of(link), code) and link.user_id is not None:
        return _used(session, link) or Typed.OVER
    link.wrong_codes += 1
    if link.wrong_codes < WRONG_CODES_MOST:
        return Typed.WRONG
    session.delete(link)
    return Typed.OVER


def _used(session: Session, link: SignInLink) -> int | None:
    """Ends the request and returns whom it signs in: no one if it is over, or the account or its address is gone."""
    session.delete(link)
    user = session.get(User, link.user_id) if link.user_id is not None else None
    if user is None or not user.is_active or user.email != link.email:
        return None
    if not still_works(link.asked_at, clock.now()):
        return None
    ways_in.let_in_by_mail(user)
    return user.id


# -- links in other mails


def address_for(user_id: int, path: str) -> str:
    """Returns a page's address in a mail to this person.

    It signs no one in, since such mails are forwarded. In a browser that is not signed in, it offers to send
    that person a link.
    """
    return links.external(f"/from-mail/{tokens.signed(str(current_app.secret_key), READER, [user_id])}{path}")


def reader_of(token: str) -> User | None:
    """Returns the person to whom a mail was sent, by the token in its links."""
    numbers = tokens.read_signed(str(current_app.secret_key), READER, token[:100])
    user = queries.user_by_id(numbers[0]) if numbers else None
    return user if user is not None and user.is_active else None
