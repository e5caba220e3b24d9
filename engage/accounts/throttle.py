"""Sign-in tries, slowed in the database per account and per address, and what is dear per account.

A named writer outside the view: each call is a short transaction of its own that stays even when the
sign-in fails. The request's session must not hold a transaction meanwhile.
"""

import hashlib
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engage import clock
from engage.accounts.models import Throttle
from engage.accounts.rules import PACES, PER_ACCOUNT, PER_ADDRESS, PER_CODE, Bucket, Dear
from engage.database import short_transaction
from engage.extensions import db


def _key(kind: str, value: str) -> str:
    return f"{kind}:{hashlib.sha256(value.encode()).hexdigest()[:40]}"


def _row(session: Session, key: str, bucket: Bucket) -> Throttle:
    """The bucket's row, locked until this transaction ends; made full when it is new."""
    now = clock.now()
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = insert(Throttle).values(key=key, tokens=bucket.capacity, updated_at=now)
    session.execute(new.on_conflict_do_nothing(index_elements=["key"]))
    row = session.execute(sa.select(Throttle).where(Throttle.key == key).with_for_update()).scalar_one()
    row.tokens = bucket.filled(row.tokens, row.updated_at, now)
    row.updated_at = now
    return row


def _use(session: Session, key: str, bucket: Bucket) -> timedelta | None:
    """Take one out of the bucket; how long to wait if there is none."""
    row = _row(session, key, bucket)
    if row.tokens < 1:
        return bucket.wait(row.tokens)
    row.tokens -= 1
    return None


def take_try(email: str, address: str) -> timedelta | None:
    """Use one try for this account; how long to wait if there is none, or the address failed too often."""
    return _take(_key("account", email), PER_ACCOUNT, address)


def take_code_try(user_id: int, address: str) -> timedelta | None:
    """The same for a code of the second factor."""
    return _take(_key("code", str(user_id)), PER_CODE, address)


def _take(key: str, bucket: Bucket, address: str) -> timedelta | None:
    with short_transaction(db.engine) as session:
        from_address = _row(session, _key("address", address), PER_ADDRESS)
        if from_address.tokens < 1:
            return PER_ADDRESS.wait(from_address.tokens)
        return _use(session, key, bucket)


def take(dear: Dear, user_id: int) -> timedelta | None:
    """Use one of this account's requests of this kind; how long to wait if there is none."""
    with short_transaction(db.engine) as session:
        return _use(session, _key(dear, str(user_id)), PACES[dear])


def count_failure(address: str) -> None:
    """A wrong password or code from this address."""
    with short_transaction(db.engine) as session:
        row = _row(session, _key("address", address), PER_ADDRESS)
        row.tokens = max(row.tokens - 1, 0.0)


def forgive(email: str) -> None:
    """The right password was given: the account's tries are full again."""
    _fill(_key("account", email))


def forgive_code(user_id: int) -> None:
    """The right code was given."""
    _fill(_key("code", str(user_id)))


def _fill(key: str) -> None:
    with short_transaction(db.engine) as session:
        session.execute(sa.delete(Throttle).where(Throttle.key == key))


def forget(email: str, user_id: int) -> None:
    """The account goes: part of the request's own transaction."""
    keys = [_key("account", email), *(_key(kind, str(user_id)) for kind in ("code", *Dear))]
    db.session.execute(sa.delete(Throttle).where(Throttle.key.in_(keys)))


def prune() -> int:
    """Forget the buckets that are full again: no row says the same. How many."""
    untouched_since = clock.now() - max(each.full_after for each in (PER_ACCOUNT, PER_ADDRESS, PER_CODE))
    with short_transaction(db.engine) as session:
        gone = session.execute(sa.delete(Throttle).where(Throttle.updated_at < untouched_since))
        return int(gone.rowcount)  # type: ignore[attr-defined]
