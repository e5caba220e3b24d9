"""Makes random tokens for links and sessions: 256 bits, stored only as a hash."""

import base64
import hashlib
import hmac
import secrets


def new_token() -> str:
    """Returns a fresh secret for an address or a cookie."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """Returns what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def derived(secret_key: str, purpose: str, nonce: str) -> str:
    """Returns a token that can be shown again: made from the stored nonce and the key that is not in the database."""
    digest = hmac.new(secret_key.encode(), f"{purpose}|{nonce}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


# No one confuses these small letters and digits, read off a wall or a slip of paper.
_READABLE = "23456789abcdefghjkmnpqrstuvwxyz"


def readable_token(length: int) -> str:
    """Returns a fresh token to type by hand: about five bits a character."""
    return "".join(secrets.choice(_READABLE) for _place in range(length))


def derived_readable(secret_key: str, purpose: str, nonce: str, length: int) -> str:
    """Returns `derived` in a form to type by hand."""
    digest = hmac.new(secret_key.encode(), f"{purpose}|{nonce}".encode(), hashlib.sha256).digest()
    number = int.from_bytes(digest)
    letters = []
    for _place in range(length):
        number, place = divmod(number, len(_READABLE))
        letters.append(_READABLE[place])
    return "".join(letters)
