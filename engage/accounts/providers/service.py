"""Ties accounts of providers to accounts here, and unties them.

A request to mail a link gets the same response whether or not the address has an account here: the account is
looked up after the response, as for password links (`accounts.forgotten`).
"""

from datetime import datetime

import sqlalchemy as sa
from flask import current_app, g
from sqlalchemy.exc import IntegrityError

from engage import clock
from engage.accounts import notices as notices_service
from engage.accounts import queries as accounts
from engage.accounts import throttle, ways_in
from engage.accounts.models import AskedTie, Passkey, ProviderTie, User
from engage.accounts.providers import queries
from engage.accounts.providers.rules import LINK_LIFE, Vouched
from engage.accounts.rules import NoticeKind
from engage.accounts.service import TooManyTries, create_without_password, folded_email
from engage.database import insert
from engage.extensions import db, language
from engage.settings import Provider
from engage.tokens import derived, hashed, new_token


class TiedElsewhere(Exception):
    """The provider's account is tied to another account here."""


class TiedAnother(Exception):
    """Another account of the same provider is tied to this account."""


class LastWayIn(Exception):
    """Without this tie the person could not sign in."""


def provider_of(issuer: str) -> Provider | None:
    """Returns the provider with this issuer, if it is switched on."""
    providers: tuple[Provider, ...] = current_app.config["PROVIDERS"]
    return next((each for each in providers if each.issuer == issuer), None)


def tie(user: User, vouched: Vouched) -> ProviderTie:
    """Ties the provider's account to this account, and notifies the person. Returns the tie, also an earlier one.

    Raises TiedElsewhere, and TiedAnother.
    """
    found = queries.tie_of(vouched.issuer, vouched.subject)
    if found is not None:
        if found.user_id != user.id:
            raise TiedElsewhere
        return found
    row = ProviderTie(
        user_id=user.id,
        issuer=vouched.issuer,
        subject=vouched.subject,
        tied_at=clock.now(),
        is_own=ways_in.tie_is_own(user),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        raise TiedAnother from None
    notices_service.tell(user, NoticeKind.PROVIDER_TIED)
    return row


def use(found: ProviderTie) -> None:
    """Records that the person signs in with this provider's account."""
    found.used_at = clock.now()
    ways_in.let_in_by_provider(found)


def untie(user: User, found: ProviderTie) -> None:
    """Unties the provider's account. Raises LastWayIn if nothing else would let the person in."""
    others = [each for each in queries.ties_of(user) if each.id != found.id]
    has_passkey = db.session.scalar(sa.select(sa.exists().where(Passkey.user_id == user.id)))
    if not user.has_password and not has_passkey and not any(provider_of(each.issuer) for each in others):
        raise LastWayIn
    db.session.delete(found)
    notices_service.tell(user, NoticeKind.PROVIDER_UNTIED)


def create(vouched: Vouched, name: str, language: str) -> User:
    """Creates an account, tied to the provider's, for someone who takes up an invitation. Raises AddressTaken."""
    user = create_without_password(name, vouched.email, language)
    db.session.add(
        ProviderTie(
            user_id=user.id, issuer=vouched.issuer, subject=vouched.subject, tied_at=clock.now(), is_own=True
        )
    )
    return user


def ask_for_link(email: str, vouched: Vouched, address: str) -> None:
    """Records a request for a link; requests beyond the address's limit are dropped silently.

    Raises TooManyTries if too many requests come from one network address. Call it with no transaction open.
    """
    email = folded_email(email)
    wait, may_get_one = throttle.take_link(email, address)
    if wait is not None:
        raise TooManyTries(wait)
    if may_get_one:
        nonce = new_token()
        asked = {
            "issuer": vouched.issuer,
            "subject": vouched.subject,
            "nonce": nonce,
            "token_hash": hashed(_token(nonce)),
            "asked_at": clock.now(),
            "language": language(),
            "user_id": None,
        }
        row = insert(AskedTie, db.engine.dialect.name).values(email=email, **asked)
        db.session.execute(row.on_conflict_do_update(index_elements=["email"], set_=asked))
    g.account_letters_wait = True


def make_links() -> None:
    """Finds the account of each request, with a mail to be sent; requests without an account are deleted."""
    db.session.rollback()
    for asked in db.session.scalars(sa.select(AskedTie).where(AskedTie.user_id.is_(None))).all():
        user = accounts.user_by_email(asked.email)
        if user is not None and user.is_active and asked.asked_at > clock.now() - LINK_LIFE:
            asked.user_id = user.id
            notices_service.tell(user, NoticeKind.PROVIDER_ASKED, asked_in=asked.language)
        else:
            db.session.delete(asked)
    db.session.commit()


def token_to_send(user: User) -> str | None:
    """Returns the token of the link in this person's mail, as long as it may still be used."""
    since = clock.now() - LINK_LIFE
    rows = sa.select(AskedTie.nonce).where(AskedTie.user_id == user.id, AskedTie.asked_at > since)
    nonce = db.session.scalar(rows.order_by(AskedTie.asked_at.desc()))
    return _token(nonce) if nonce is not None else None


def _token(nonce: str) -> str:
    return derived(str(current_app.secret_key), "provider", nonce)


def use_link(asked: AskedTie, vouched: Vouched) -> User | None:
    """Ties the provider's account with a mailed link; returns None if another request used the link first.

    Raises TiedElsewhere, and TiedAnother.
    """
    user_id = asked.user_id
    used = sa.delete(AskedTie).where(AskedTie.id == asked.id).execution_options(synchronize_session=False)
    if user_id is None or db.session.execute(used).rowcount != 1:  # type: ignore[attr-defined]
        return None
    user = db.session.get_one(User, user_id)
    ways_in.let_in_by_mail(user)
    use(tie(user, vouched))
    return user


def prune(now: datetime) -> int:
    """Deletes the requests whose links are over. Returns how many."""
    over = sa.delete(AskedTie).where(AskedTie.asked_at <= now - LINK_LIFE)
    gone = db.session.execute(over.execution_options(synchronize_session=False))
    return int(gone.rowcount)  # type: ignore[attr-defined]
