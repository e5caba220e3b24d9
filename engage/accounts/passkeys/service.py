"""Adds passkeys and checks what a browser signs with them, by the library `webauthn`.

The browser must have verified the person (a fingerprint, a face, a PIN), so that a passkey is both factors of a
sign-in. A passkey belongs to the host name of this site's address (its RP id): at another name it does not work.
The challenge that the browser signs is kept in its own session, for a few minutes and for one answer.
"""

import ipaddress
import json
import re
from collections.abc import Collection, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app, session

from engage import clock
from engage.accounts import notices as notices_service
from engage.accounts.models import Passkey, User
from engage.accounts.rules import NoticeKind
from engage.database import short_transaction
from engage.errors import FieldRefused
from engage.extensions import db
from engage.i18n import gettext as _
from engage.tokens import derived

CHALLENGE = "passkey_challenge"
CHALLENGE_LIFE = timedelta(minutes=10)
# Each has a name of its own; more than this no one tells apart.
MOST = 20


def host() -> str:
    """Returns the host name that this site's passkeys belong to."""
    return urlsplit(str(current_app.config["URL"])).hostname or ""


def is_possible() -> bool:
    """Returns whether browsers allow passkeys here: at a name, not a bare IP address, over https or on this machine."""
    try:
        ipaddress.ip_address(host())
    except ValueError:
        return host() == "localhost" or str(current_app.config["URL"]).startswith("https://")
    return False


def passkeys_of(user: User) -> Sequence[Passkey]:
    rows = sa.select(Passkey).where(Passkey.user_id == user.id)
    return db.session.scalars(rows.order_by(Passkey.created_at, Passkey.id)).all()


def sign_in_options() -> str:
    """Returns what a browser needs to sign with any passkey of this site, as JSON; keeps the challenge."""
    import webauthn  # imported here because few requests need it
    from webauthn.helpers.structs import UserVerificationRequirement

    options = webauthn.generate_authentication_options(
        rp_id=host(), user_verification=UserVerificationRequirement.REQUIRED
    )
    _keep(options.challenge)
    return webauthn.options_to_json(options)


def new_options(user: User) -> str:
    """Returns what a browser needs to make a passkey of this account, as JSON; keeps the challenge."""
    import webauthn
    from webauthn.helpers import base64url_to_bytes, structs

    options = webauthn.generate_registration_options(
        rp_id=host(),
        rp_name="Engage",
        # The key's own name for the account: the same in every passkey of the person, and it says nothing of them.
        user_id=derived(str(current_app.secret_key), "passkey", str(user.id)).encode()[:64],
        user_name=user.email,
        user_display_name=user.name,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            structs.PublicKeyCredentialDescriptor(base64url_to_bytes(each.credential))
            for each in passkeys_of(user)
        ],
    )
    _keep(options.challenge)
    return webauthn.options_to_json(options)


def _keep(challenge: bytes) -> None:
    session[CHALLENGE] = [challenge.hex(), int(clock.now().timestamp())]


def _challenge() -> bytes:
    """Returns the challenge of this browser, and forgets it. Raises FieldRefused if there is none of late."""
    kept, at = session.pop(CHALLENGE, ["", 0])
    if not kept or not 0 <= clock.now().timestamp() - at <= CHALLENGE_LIFE.total_seconds():
        raise FieldRefused("passkey", _("That took too long. Try the passkey again."))
    return bytes.fromhex(kept)


def add(user: User, name: str, answer: str) -> Passkey:
    """Adds the passkey that the browser has made. Raises FieldRefused with what to do."""
    import webauthn
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    challenge = _challenge()
    if len(passkeys_of(user)) >= MOST:
        raise FieldRefused("name", _("You have %(most)s passkeys already. Remove one first.", most=MOST))
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=host(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise FieldRefused("name", _no_passkey()) from error
    passkey = Passkey(
        user_id=user.id,
        name=_told_apart(name, {each.name for each in passkeys_of(user)}),
        host=host(),
        credential=bytes_to_base64url(made.credential_id),
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(passkey)
    except sa.exc.IntegrityError as error:
        raise FieldRefused("name", _no_passkey()) from error
    notices_service.tell(user, NoticeKind.PASSKEY_ADDED)
    return passkey


def _told_apart(name: str, taken: Collection[str]) -> str:
    """Returns the name, with a number behind it if another passkey has it already: two phones may be of one make."""
    numbered = (f"{name[:77]} {number}" for number in range(2, MOST + 1))
    return next(each for each in (name, *numbered) if each not in taken)


def _no_passkey() -> str:
    return _("Your phone or computer did not make a passkey. Nothing was saved. Try again.")


def _origin() -> str:
    """Returns this site's address without a path, as browsers sign it."""
    parts = urlsplit(str(current_app.config["URL"]))
    return f"{parts.scheme}://{parts.netloc}"


def remove(user: User, passkey_id: int) -> bool:
    """Removes a passkey of this person; returns False if it is already gone, or someone else's."""
    mine = sa.delete(Passkey).where(Passkey.user_id == user.id, Passkey.id == passkey_id)
    if not db.session.execute(mine).rowcount:  # type: ignore[attr-defined]
        return False
    notices_service.tell(user, NoticeKind.PASSKEY_REMOVED)
    return True


def user_of(answer: str) -> User:
    """Returns the person who signed with one of their passkeys. Raises FieldRefused with what to do.

    No transaction may be open: the use is noted in one of its own, so that two answers never count as one.
    """
    challenge = _challenge()
    with short_transaction(db.engine) as own:
        passkey = own.scalar(
            sa.select(Passkey).where(Passkey.credential == _credential_in(answer)).with_for_update()
        )
        user = own.get(User, passkey.user_id) if passkey is not None else None
        if passkey is None or user is None or not user.is_active:
            raise FieldRefused("passkey", _unknown())
        passkey.sign_count = _verified(passkey, answer, challenge)
        passkey.used_at = clock.now()
        user_id = user.id
    return db.session.get_one(User, user_id)


def _credential_in(answer: str) -> str:
    """Returns the name of the key in a browser's answer; empty if it cannot be one, whose letters are base64url."""
    try:
        found = json.loads(answer)
        name = str(found["id"]) if isinstance(found, dict) else ""
    except (ValueError, KeyError):
        return ""
    return name if re.fullmatch(r"[\w-]{1,1400}", name, flags=re.ASCII) else ""


def _verified(passkey: Passkey, answer: str, challenge: bytes) -> int:
    """Returns the key's new count of uses. Raises FieldRefused.

    A count that does not grow says that there are two of this key; keys that are kept in an account stay at 0.
    """
    import webauthn
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        checked = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=host(),
            expected_origin=_origin(),
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise FieldRefused("passkey", _unknown()) from error
    if (passkey.sign_count or checked.new_sign_count) and checked.new_sign_count <= passkey.sign_count:
        raise FieldRefused(
            "passkey",
            _(
                "This passkey may have been copied, so it no longer works. Sign in another way and "
                "remove it on your account’s page."
            ),
        )
    return int(checked.new_sign_count)


def _unknown() -> str:
    return _(
        "This passkey does not work here. It may have been removed, or it is for another site. Sign in another way."
    )
