"""Limits sign-in tries per account and per network address, and costly requests per account, in the database.

Each call is a short transaction of its own, which is kept even if the sign-in fails. The request's session
must have no open transaction then. `take_confirmation` and `forget` are part of the request's own
transaction.
"""

import hashlib
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from engage import clock
from engage.accounts.models import Throttle
from engage.accounts.rules import (
    PACES,
    PER_ACCOUNT,
    PER_ADDRESS,
    PER_ASKER,
    PER_COALITION_MAIL,
    PER_CODE,
    PER_EVENT_MAIL,
    PER_GUESS,
    PER_MAILED_LINK,
    PER_SIGN_IN_LINK,
    PER_SIGNUP,
    Bucket,
    Dear,
)
from engage.database import insert, short_transaction
from engage.extensions import db


def _key(kind: str, value: str) -> str:
    return f"{kind}:{hashlib.sha256(value.encode()).hexdigest()[:40]}"


def _row(session: Session, key: str, bucket: Bucket) -> Throttle:
    """Returns the bucket's row, locked until this transaction ends; a new bucket is full."""
    now = clock.now()
    new = insert(Throttle, session.get_bind().dialect.name).values(
        key=key, tokens=bucket.capacity, updated_at=now
    )
    session.execute(new.on_conflict_do_nothing(index_elements=["key"]))
    row = session.execute(sa.select(Throttle).where(Throttle.key == key).with_for_update()).scalar_one()
    row.tokens = bucket.filled(row.tokens, row.updated_at, now)
    row.updated_at = now
    return row


def _use(session: Session, key: str, bucket: Bucket) -> timedelta | None:
    """Takes one try out of the bucket; returns how long to wait if it is empty."""
    row = _row(session, key, bucket)
    if row.tokens < 1:
        return bucket.wait(row.tokens)
    row.tokens -= 1
    return None


def take_try(whose: str, address: str) -> timedelta | None:
    """Uses one try of this account, or of a browser in which the person signed in before.

    Returns how long to wait if none is left, or if the network address failed too often.
    """
    return _take(_key("account", whose), PER_ACCOUNT, address)


def take_code_try(whose: str, address: str) -> timedelta | None:
    """Uses one try of a two-step sign-in code; returns how long to wait in the same way as `take_try`."""
    return _take(_key("code", whose), PER_CODE, address)


def _take(key: str, bucket: Bucket, address: str) -> timedelta | None:
    with short_transaction(db.engine) as session:
        from_address = _row(session, _key("address", address), PER_ADDRESS)
        if from_address.tokens < 1:
            return PER_ADDRESS.wait(from_address.tokens)
        return _use(session, key, bucket)


def take(dear: Dear, user_id: int) -> timedelta | None:
    """Uses one of this account's requests of this kind; returns how long to wait if none is left."""
    with short_transaction(db.engine) as session:
        return _use(session, _key(dear, str(user_id)), PACES[dear])


def take_link(email: str, address: str) -> tuple[timedelta | None, bool]:
    """Uses one of the password links allowed for this e-mail address, and one of those for this network address.

    Returns how long the network address has to wait, if it must, and whether the e-mail address may get a
    link now. The count is the same whether or not there is such an account.
    """
    with short_transaction(db.engine) as session:
        wait = _use(session, _key("asker", address), PER_ASKER)
        return wait, wait is None and _use(session, _key("mailed", email), PER_MAILED_LINK) is None


def take_sign_in_link(whose: str, address: str) -> timedelta | None:
    """Uses one link to sign in of this account or known browser, and one of those for this network address.

    Returns how long to wait if none is left. Tries of the password are counted separately, so that asking for
    links slows no one down who has one.
    """
    with short_transaction(db.engine) as session:
        wait = _use(session, _key("asker", address), PER_ASKER)
        return wait if wait is not None else _use(session, _key("sign_in", whose), PER_SIGN_IN_LINK)


def take_mailed_code(whose: str, address: str) -> timedelta | None:
    """Uses one try of a code that was mailed; returns how long to wait in the same way as `take_try`."""
    return _take(_key("mailed_code", whose), PER_CODE, address)


def take_mail(email: str, who: str) -> timedelta | None:
    """Uses one of the mails allowed for a new e-mail address, and one of those that this account may request.

    Returns how long to wait if none is left. Requests through /reset are counted separately, so that
    strangers cannot use these up.
    """
    with short_transaction(db.engine) as session:
        wait = _use(session, _key("asker", who), PER_ASKER)
        return wait if wait is not None else _use(session, _key("new", email), PER_MAILED_LINK)


def take_signup(address: str) -> timedelta | None:
    """Uses one sign-up for an event from this network address; returns how long to wait if none is left.

    Call it with no transaction open.
    """
    if not current_app.config["LIMITS"]:
        return None
    with short_transaction(db.engine) as session:
        return _use(session, _key("signup", address), PER_SIGNUP)


def take_confirmation(email: str, activity_id: int, coalition_id: int) -> bool:
    """Uses one confirmation mail of those allowed for this address, for this event and for this coalition.

    Returns False, and uses nothing, if none is left for one of the three. Unlike the others it is part of the
    request's own transaction, which records the mail.
    """
    if not current_app.config["LIMITS"]:
        return True
    session = db.session()
    rows = [
        _row(session, _key("mailed", email), PER_MAILED_LINK),
        _row(session, _key("event", str(activity_id)), PER_EVENT_MAIL),
        _row(session, _key("coalition", str(coalition_id)), PER_COALITION_MAIL),
    ]
    if any(row.tokens < 1 for row in rows):
        return False
    for row in rows:
        row.tokens -= 1
    return True


def count_failure(address: str) -> None:
    """Counts a wrong password or code from this network address."""
    with short_transaction(db.engine) as session:
        row = _row(session, _key("address", address), PER_ADDRESS)
        row.tokens = max(row.tokens - 1, 0.0)


def guess_wait(who: str) -> timedelta | None:
    """Returns how long to wait if this account or network address guessed others' e-mail addresses too often."""
    with short_transaction(db.engine) as session:
        row = _row(session, _key("guess", who), PER_GUESS)
        return PER_GUESS.wait(row.tokens) if row.tokens < 1 else None


def count_guess(who: str) -> None:
    """Counts a guess at an address that another account has."""
    with short_transaction(db.engine) as session:
        row = _row(session, _key("guess", who), PER_GUESS)
        row.tokens = max(row.tokens - 1, 0.0)


def forgive(whose: str) -> None:
    """Refills the account's tries after the right password."""
    _fill(_key("account", whose))


def forgive_mailed_code(whose: str) -> None:
    """Refills the tries of mailed codes after the right one."""
    _fill(_key("mailed_code", whose))


def forgive_code(whose: str) -> None:
    """Refills the code tries after the right code."""
    _fill(_key("code", whose))


def _fill(key: str) -> None:
    with short_transaction(db.engine) as session:
        session.execute(sa.delete(Throttle).where(Throttle.key == key))


def forget(email: str, user_id: int) -> None:
    """Deletes the account's buckets in the request's own transaction."""
    keys = [
        _key("account", email),
        *(_key(kind, email) for kind in ("mailed", "sign_in", "mailed_code")),
        *(_key(kind, str(user_id)) for kind in ("code", "guess", *Dear)),
    ]
    db.session.execute(sa.delete(Throttle).where(Throttle.key.in_(keys)))


def prune() -> int:
    """Deletes the buckets that are full again, since a missing row also means a full bucket.

    Returns the number of deleted rows.
    """
    untouched_since = clock.now() - max(
        each.full_after
        for each in (
            *(PER_ACCOUNT, PER_ADDRESS, PER_CODE, PER_GUESS, PER_MAILED_LINK, PER_ASKER, PER_SIGNUP),
            *(PER_EVENT_MAIL, PER_COALITION_MAIL, PER_SIGN_IN_LINK),
        )
    )
    with short_transaction(db.engine) as session:
        gone = session.execute(sa.delete(Throttle).where(Throttle.updated_at < untouched_since))
        return int(gone.rowcount)  # type: ignore[attr-defined]
