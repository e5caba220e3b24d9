"""Handles two-step sign-in: the codes of an app (TOTP, RFC 6238), and ten recovery codes to use without the phone.

The key is derived from a nonce in the database and the installation's secret key, so that a copy of the
database does not reveal it. An account without two-step sign-in is offered the same key in every browser
until the person enters a code made with it. A new password, or turning off two-step sign-in, changes the key.
"""

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from engage import clock
from engage.accounts import notices as notices_service
from engage.accounts import ways_in
from engage.accounts.models import RecoveryCode, User
from engage.accounts.rules import RECOVERY_CODES, NoticeKind, Spent, plain_code, step_of, steps_around
from engage.accounts.service import end_other_sessions, end_sessions
from engage.database import short_transaction
from engage.errors import FieldRefused, WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.tokens import derived, hashed, readable_token


def _offered_nonce(user: User) -> str:
    return hashed(f"second-factor|{user.id}|{user.password_hash}|{user.second_factor_step}")


def _key(nonce: str) -> str:
    """Returns the key: 160 bits in base32, the format that authenticator apps expect."""
    token = derived(str(current_app.secret_key), "second-factor", nonce)
    return base64.b32encode(hashlib.sha256(token.encode()).digest()[:20]).decode()


def offered_key(user: User) -> str:
    """Returns the key that an account without two-step sign-in would get."""
    return _key(_offered_nonce(user))


def app_address(user: User) -> str:
    """Returns the otpauth address for the QR code, and for the link on a phone.

    The app shows the site's name and the person's address.
    """
    from pyotp import TOTP  # imported here because few requests need it

    site = urlsplit(str(current_app.config["URL"])).hostname or "Engage"
    return TOTP(offered_key(user)).provisioning_uri(name=user.email, issuer_name=f"Engage {site}")


def _matching_step(key: str, code: str, now: datetime, *, around: int = 1) -> int | None:
    """Returns the 30-second step that this code belongs to, the nearest to now if there are several."""
    from pyotp import TOTP

    app = TOTP(key)
    fits = (
        step
        for step in steps_around(step_of(now), around)
        if hmac.compare_digest(app.generate_otp(step), code)
    )
    return next(fits, None)


def turn_on(user: User, code: str) -> list[str]:
    """Turns on two-step sign-in with the offered key if the code is right; returns the recovery codes, shown once.

    Every other browser is signed out. Raises FieldRefused on `code`, and WrongState if it is already on.
    """
    now, nonce = clock.now(), _offered_nonce(user)
    if user.second_factor_at is not None:
        raise WrongState(_on_already())
    step = _matching_step(_key(nonce), plain_code(code), now)
    if step is None:
        raise FieldRefused("code", _why_not(_key(nonce), plain_code(code), now))
    taken = (
        sa.update(User)
        .where(User.id == user.id, User.second_factor_at.is_(None), User.password_hash == user.password_hash)
        .values(second_factor_at=now, second_factor_nonce=nonce, second_factor_step=step)
    )
    if db.session.execute(taken).rowcount != 1:  # type: ignore[attr-defined]
        raise WrongState(_on_already())
    end_other_sessions(user)
    notices_service.tell(user, NoticeKind.SECOND_FACTOR_ON)
    return _new_codes(user)


def _on_already() -> str:
    return _("Two-step sign-in is already on: it was set up in another window or browser a moment ago.")


def _why_not(key: str, code: str, now: datetime) -> str:
    """Returns why a code fails during setup: a wrong clock or a wrong code."""
    step = _matching_step(key, code, now, around=40) if len(code) == 6 and code.isdecimal() else None
    if step is None:
        return _("That code is not right. Type the six digits that the app shows now.")
    minutes = max(1, round(abs(step - step_of(now)) / 2))
    return _(
        "Your phone's clock and this site's clock are about %(minutes)s min apart. Set your phone's date and time "
        "to automatic, then type the new code. If the phone is right, let the person who runs this site know.",
        minutes=minutes,
    )


def new_recovery_codes(user: User) -> list[str]:
    """Makes ten new recovery codes, which replace all earlier ones."""
    notices_service.tell(user, NoticeKind.RECOVERY_CODES)
    return _new_codes(user)


def _new_codes(user: User) -> list[str]:
    """Returns new recovery codes to show once; the database stores only their hashes."""
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [readable_token(16) for _each in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(user_id=user.id, code_hash=hashed(code)) for code in codes)
    return ["-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in codes]


def recovery_codes_left(user_id: int) -> int:
    unused = (RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(sa.select(sa.func.count()).select_from(RecoveryCode).where(*unused)) or 0


def turn_off_for(user: User) -> None:
    """Turns two-step sign-in off for someone else; this is recorded, since it opens the account to others."""
    ways_in.let_in(user)
    turn_off(user)


def turn_off(user: User) -> None:
    """Turns a person's own two-step sign-in off; every other browser is signed out."""
    user.second_factor_at, user.second_factor_nonce = None, ""
    notices_service.tell(user, NoticeKind.SECOND_FACTOR_OFF)
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    if user.this_browser.token:
        end_other_sessions(user)
    else:
        end_sessions(user)


def spend(user_id: int, code: str) -> Spent:
    """Uses up a code in a transaction of its own, so that it stays used even if the request fails.

    The account's row is locked, so that a second request with the same code finds it used.
    """
    plain = plain_code(code)
    db.session.rollback()
    with short_transaction(db.engine) as session:
        row = session.execute(
            sa.select(User.second_factor_nonce, User.second_factor_step)
            .where(User.id == user_id, User.second_factor_at.is_not(None))
            .with_for_update()
        ).one_or_none()
        if row is None:
            return Spent.WRONG
        if not (len(plain) == 6 and plain.isdecimal()):
            return _spend_recovery_code(session, user_id, plain)
        step = _matching_step(_key(row.second_factor_nonce), plain, clock.now())
        if step is None:
            return Spent.WRONG
        if step <= row.second_factor_step:
            return Spent.USED_BEFORE
        session.execute(sa.update(User).where(User.id == user_id).values(second_factor_step=step))
        return Spent.CODE


def _spend_recovery_code(session: Session, user_id: int, plain: str) -> Spent:
    used = (
        sa.update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_hash == hashed(plain),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )
    return Spent.RECOVERY_CODE if session.execute(used).rowcount == 1 else Spent.WRONG  # type: ignore[attr-defined]
