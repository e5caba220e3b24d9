"""Writes accounts. No function here commits; the view does."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError

from engage import clock
from engage.accounts import notices as notices_service
from engage.accounts import passwords, queries, throttle, ways_in
from engage.accounts.models import AskedLink, EmailChange, PasswordLink, SetupLink, SignedIn, SignInLink, User
from engage.accounts.rules import PASSWORD_LINK_LIFE, Browser, NoticeKind
from engage.database import short_transaction
from engage.errors import FieldRefused, WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.tokens import hashed, new_token


class TooManyTries(Exception):
    """Signing in is slowed down for this account or network address; `wait` says for how long."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait


class AddressTaken(FieldRefused):
    """Another account has this address.

    The message does not say so, because the reader may only be guessing at addresses.
    """

    def __init__(self) -> None:
        said = _(
            "This address cannot be used. If you have an account with it, sign in. Otherwise use "
            "a different one."
        )
        super().__init__("email", said)


def check_guesses(who: str) -> None:
    """Raises TooManyTries if `who` tried too many addresses that others have. It ends the open transaction."""
    db.session.rollback()
    if (wait := throttle.guess_wait(who)) is not None:
        raise TooManyTries(wait)


def count_guess(who: str) -> None:
    """Counts a try with an address that another account has. It ends the open transaction."""
    db.session.rollback()
    throttle.count_guess(who)


def check_mails(email: str, who: str) -> None:
    """Raises TooManyTries if `who` requested too many mails, or if the address got too many.

    It ends the open transaction.
    """
    db.session.rollback()
    if current_app.config["MAIL"] is not None and (wait := throttle.take_mail(email, who)) is not None:
        raise TooManyTries(wait)


def folded_email(address: str) -> str:
    """Returns an e-mail address in the form in which it is stored and compared."""
    return address.strip().casefold()


def user_for(email: str, password: str, address: str, browser: str) -> User | None:
    """Returns the account with this address and password, or None. `browser` is the browser's own token, or empty.

    Raises TooManyTries. No transaction is open while the hash is computed.
    """
    email = folded_email(email)
    tries = tries_of(email, browser)
    if (wait := throttle.take_try(tries, address)) is not None:
        raise TooManyTries(wait)
    user = queries.user_by_email(email)
    stored = user.password_hash if user is not None else None
    db.session.rollback()
    if not passwords.matches(stored, password):
        throttle.count_failure(address)
        return None
    throttle.forgive(tries)
    user = queries.user_by_email(email)
    if user is None or not user.is_active:
        return None
    if passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hash_of(password)
    return user


def tries_of(email: str, browser: str) -> str:
    """Returns the key under which tries are counted; a browser in which the person signed in before has its own.

    So someone who guesses passwords does not lock the account's owner out.
    """
    db.session.rollback()
    user = queries.user_by_email(email)
    return _of_browser(email, user.id if user is not None else 0, browser)


def code_tries_of(user_id: int, browser: str) -> str:
    """Returns the key under which tries of two-step sign-in codes are counted."""
    return _of_browser(str(user_id), user_id, browser)


def _of_browser(whose: str, user_id: int, browser: str) -> str:
    known = notices_service.knows(user_id, browser)
    db.session.rollback()
    return f"{whose}|{browser}" if known else whose


def password_is_right(user: User, password: str, address: str, browser: str) -> bool:
    """Checks the password again before a sensitive change; tries are limited in the same way as for signing in."""
    return user_for(user.email, password, address, browser) is not None


def start_session(
    user: User, browser: Browser | None = None, *, is_own: bool = False, proved: bool = True
) -> str:
    """Starts a session of this user, who just proved who they are; returns the token for the browser's cookie."""
    token, now, browser = new_token(), clock.now(), browser or Browser()
    row = SignedIn(
        user=user,
        token_hash=hashed(token),
        created_at=now,
        last_seen_at=now,
        proved_at=now if proved else None,
        browser=browser.name,
        system=browser.system,
        is_own=is_own,
    )
    db.session.add(row)
    return token


def end_session(token: str) -> None:
    """Ends this session at once, so that a copy of its cookie is worthless."""
    db.session.execute(sa.delete(SignedIn).where(SignedIn.token_hash == hashed(token)))


def end_session_now(token: str) -> None:
    """Ends this session in a transaction of its own, for /leave, which is a GET."""
    db.session.rollback()
    with short_transaction(db.engine) as session:
        session.execute(sa.delete(SignedIn).where(SignedIn.token_hash == hashed(token)))


def touch_session(token: str, *, holds_keys: bool) -> None:
    """Records that this session was used, in a transaction of its own."""
    seen = {"last_seen_at": clock.now(), **({"holds_keys": True} if holds_keys else {})}
    with short_transaction(db.engine) as session:
        session.execute(sa.update(SignedIn).where(SignedIn.token_hash == hashed(token)).values(**seen))


def note_proof(token: str) -> datetime:
    """Records that the password was given again in this session, in a transaction before the view's own."""
    now = clock.now()
    with short_transaction(db.engine) as session:
        row = sa.update(SignedIn).where(SignedIn.token_hash == hashed(token))
        session.execute(row.values(proved_at=now))
    return now


def end_other_sessions(user: User) -> int:
    """Signs this person out everywhere except in the current browser; returns the number of ended sessions.

    Every browser has to give the code of two-step sign-in again.
    """
    notices_service.ask_code_everywhere(user)
    end_sign_in_links(user)
    others = sa.delete(SignedIn).where(
        SignedIn.user_id == user.id, SignedIn.token_hash != hashed(user.this_browser.token)
    )
    return int(db.session.execute(others).rowcount)  # type: ignore[attr-defined]


def end_one_session(user: User, session_id: int) -> bool:
    """Ends one of this person's sessions; returns False if it is already gone or belongs to someone else."""
    one = sa.delete(SignedIn).where(SignedIn.user_id == user.id, SignedIn.id == session_id)
    return bool(db.session.execute(one).rowcount)  # type: ignore[attr-defined]


def end_sessions(user: User) -> None:
    """Signs this person out everywhere; every browser has to give the code of two-step sign-in again."""
    notices_service.ask_code_everywhere(user)
    end_sign_in_links(user)
    db.session.execute(sa.delete(SignedIn).where(SignedIn.user_id == user.id))


def prune_sessions(now: datetime) -> int:
    """Deletes the sessions that are over. Returns how many."""
    gone = sa.delete(SignedIn).where(queries.sessions_over(now)).execution_options(synchronize_session=False)
    return int(db.session.execute(gone).rowcount)  # type: ignore[attr-defined]


def prune_password_links(over_since: datetime) -> int:
    """Deletes links used or expired by that time, and requests of that time for which no mail was made.

    Returns the number of deleted links.
    """
    db.session.execute(sa.delete(AskedLink).where(AskedLink.asked_at <= over_since))
    over = sa.or_(PasswordLink.used_at <= over_since, PasswordLink.expires_at <= over_since)
    gone = sa.delete(PasswordLink).where(over).execution_options(synchronize_session=False)
    return int(db.session.execute(gone).rowcount)  # type: ignore[attr-defined]


def create_user(name: str, email: str, password_hash: str, language: str = "") -> User:
    """Creates an account; the first one of the installation is its admin. Raises AddressTaken.

    Hash the password before, outside a transaction. `language` is the language of the person's pages and
    mails; if it is empty, pages follow the browser, and mails the coalition.
    """
    user = User(
        name=name.strip(),
        email=folded_email(email),
        password_hash=password_hash,
        language=language,
        is_admin=not queries.any_user(),
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError:
        raise AddressTaken from None
    return user


def create_without_password(name: str, email: str, language: str) -> User:
    """Creates an account without a password for someone who takes up an invitation. Raises AddressTaken.

    It is never the installation's first account, which would be an admin.
    """
    if not queries.any_user():
        raise WrongState(_("The first account of this site needs a password. Join with a password instead."))
    return create_user(name, email, "", language)


def set_password(user: User, password_hash: str) -> None:
    """Sets a new password, and ends every session and every open link of the account.

    The links end because someone who knew the old password may have requested them.
    """
    _replace_password(user, password_hash)
    notices_service.tell(user, NoticeKind.PASSWORD)


def remove_password(user: User) -> None:
    """Leaves the account without a password: from now on a link in an e-mail signs the person in."""
    _replace_password(user, "")
    notices_service.tell(user, NoticeKind.PASSWORD_REMOVED)


def _replace_password(user: User, password_hash: str) -> None:
    user.password_hash = password_hash
    end_sessions(user)
    end_password_links(user)
    end_email_change(user)


def end_password_links(user: User) -> None:
    """Ends every open password link of the account."""
    links = sa.update(PasswordLink).where(PasswordLink.user_id == user.id, PasswordLink.used_at.is_(None))
    db.session.execute(links.values(used_at=clock.now()))


def end_sign_in_links(user: User) -> None:
    """Ends the link to sign in that was asked for, also if its mail is not made yet."""
    theirs = sa.or_(SignInLink.user_id == user.id, SignInLink.email == user.email)
    db.session.execute(sa.delete(SignInLink).where(theirs))


def end_email_change(user: User) -> None:
    """Cancels a change of address whose link was not followed yet."""
    db.session.execute(sa.delete(EmailChange).where(EmailChange.user_id == user.id))


def make_password_link(user: User, made_by: User | None, life: timedelta = PASSWORD_LINK_LIFE) -> str:
    """Makes a one-time link and returns its token.

    The account's earlier links stop working, and the person is notified of the new one.
    """
    token = new_token()
    now = clock.now()
    earlier = sa.delete(PasswordLink).where(PasswordLink.user_id == user.id)
    db.session.execute(earlier)
    db.session.add(
        PasswordLink(
            user_id=user.id,
            made_by_id=made_by.id if made_by else None,
            token_hash=hashed(token),
            created_at=now,
            expires_at=now + life,
        )
    )
    notices_service.tell(user, NoticeKind.PASSWORD_LINK)
    return token


def end_links_of_coordinators(user: User) -> None:
    """Ends open links that coordinators made for a person, so that none gives access to the person's next coalition."""
    made = sa.update(PasswordLink).where(
        PasswordLink.user_id == user.id,
        PasswordLink.made_by_id.is_not(None),
        PasswordLink.used_at.is_(None),
    )
    db.session.execute(made.values(expires_at=clock.now()))


def end_links_made_by(user: User) -> None:
    """Ends the password links that this person made: someone who loses a role may still have copies of them."""
    made = sa.update(PasswordLink).where(PasswordLink.made_by_id == user.id, PasswordLink.used_at.is_(None))
    db.session.execute(made.values(expires_at=clock.now()))


def works(link: PasswordLink) -> bool:
    """Returns whether the link can still be used to choose a password."""
    return link.used_at is None and link.expires_at > clock.now()


def use_password_link(link: PasswordLink, password_hash: str) -> bool:
    """Sets the password if the link is unused and valid; returns False if another request used it first."""
    used = (
        sa.update(PasswordLink)
        .where(
            PasswordLink.id == link.id,
            PasswordLink.used_at.is_(None),
            PasswordLink.expires_at > clock.now(),
        )
        .values(used_at=clock.now())
    )
    if db.session.execute(used).rowcount != 1:  # type: ignore[attr-defined]
        return False
    user = db.session.get_one(User, link.user_id)
    ways_in.let_in_by(link, user)
    set_password(user, password_hash)
    return True


def new_setup_link() -> str:
    """Makes the link that opens /setup and returns its token; it replaces the link of an earlier start."""
    token = new_token()
    db.session.execute(sa.delete(SetupLink))
    db.session.add(SetupLink(token_hash=hashed(token), created_at=clock.now()))
    return token


def close_setup(token: str) -> bool:
    """Uses up the setup link before the first account is made; returns False if another request used it first."""
    used = sa.delete(SetupLink).where(SetupLink.token_hash == hashed(token))
    return bool(db.session.execute(used).rowcount)  # type: ignore[attr-defined]


def lock(user: User) -> None:
    """Locks the account's row until the commit, so that requests of one person run one after the other."""
    db.session.execute(sa.select(User.id).where(User.id == user.id).with_for_update())
