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


def veiled(number: int, secret_key: str, purpose: str) -> int:
    """Returns another number below 2**32 in place of a row's, so that neighbors cannot be told."""
    return _turned(number, _turns(secret_key, purpose))


def unveiled(number: int, secret_key: str, purpose: str) -> int:
    """Returns the number that `veiled` stands for."""
    return _turned(number, _turns(secret_key, purpose)[::-1])


def _turns(secret_key: str, purpose: str) -> list[str]:
    return [f"{secret_key}|{purpose}|{turn}" for turn in range(4)]


def _turned(number: int, turns: list[str]) -> int:
    """Mixes one half of the bits into the other, turn by turn (a Feistel network): backwards it undoes itself."""
    left, right = divmod(number % 2**32, 2**16)
    for key in turns:
        mixed = hmac.new(key.encode(), right.to_bytes(2), hashlib.sha256).digest()
        left, right = right, left ^ int.from_bytes(mixed[:2])
    return right * 2**16 + left
