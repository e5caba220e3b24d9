"""Makes tokens for links and sessions: random ones of 256 bits, stored only as a hash, and signed ones."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence


def new_token() -> str:
    """Returns a fresh secret for an address or a cookie."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """Returns the hash of a token, which the database stores in place of the token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_hash() -> str:
    """Returns the hash of a token that no one has."""
    return hashed(new_token())


def keyed(secret_key: str, purpose: str, token: str) -> str:
    """Returns the keyed hash of a token that is so short that its plain hash could be guessed."""
    return _mac(secret_key, purpose, token.encode()).hex()


def derived(secret_key: str, purpose: str, nonce: str) -> str:
    """Returns a token that can be shown again, made from a stored nonce and a key outside the database."""
    return _written(_mac(secret_key, purpose, nonce.encode()))


_SIGNED_BYTES = 20


def signed(secret_key: str, purpose: str, numbers: Sequence[int]) -> str:
    """Returns a token that contains these numbers (each below 2**32), encrypted and signed; it is not stored.

    Only someone with the key can make such a token, so a guessed one is refused without a query.
    """
    payload = b"".join(
        veiled(number, secret_key, f"{purpose}|{place}").to_bytes(4) for place, number in enumerate(numbers)
    )
    return _written(payload + _mac(secret_key, purpose, payload)[:_SIGNED_BYTES])


def read_signed(secret_key: str, purpose: str, token: str) -> tuple[int, ...] | None:
    """Returns the numbers of a token that `signed` made for this purpose; None for anything else."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    payload, signature = raw[:-_SIGNED_BYTES], raw[-_SIGNED_BYTES:]
    if (
        not payload
        or len(payload) % 4
        # The last character has unused bits, so this check ensures that a token has only one spelling.
        or _written(raw) != token
        or not hmac.compare_digest(signature, _mac(secret_key, purpose, payload)[:_SIGNED_BYTES])
    ):
        return None
    return tuple(
        unveiled(int.from_bytes(payload[start : start + 4]), secret_key, f"{purpose}|{start // 4}")
        for start in range(0, len(payload), 4)
    )


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _mac(secret_key: str, purpose: str, message: bytes) -> bytes:
    return hmac.new(secret_key.encode(), purpose.encode() + b"|" + message, hashlib.sha256).digest()


# People do not confuse these letters and digits when they read them from a wall or a slip of paper.
_READABLE = "23456789abcdefghjkmnpqrstuvwxyz"


def readable_token(length: int) -> str:
    """Returns a fresh token to type by hand: about five bits a character."""
    return "".join(secrets.choice(_READABLE) for _place in range(length))


def derived_readable(secret_key: str, purpose: str, nonce: str, length: int) -> str:
    """Returns the same as `derived`, in characters that are easy to type."""
    number = int.from_bytes(_mac(secret_key, purpose, nonce.encode()))
    letters = []
    for _place in range(length):
        number, place = divmod(number, len(_READABLE))
        letters.append(_READABLE[place])
    return "".join(letters)


def veiled(number: int, secret_key: str, purpose: str) -> int:
    """Returns another number below 2**32 in place of a row's id, so that other ids cannot be guessed."""
    return _turned(number, _turns(secret_key, purpose))


def unveiled(number: int, secret_key: str, purpose: str) -> int:
    """Returns the number that `veiled` stands for."""
    return _turned(number, _turns(secret_key, purpose)[::-1])


def _turns(secret_key: str, purpose: str) -> list[str]:
    return [f"{secret_key}|{purpose}|{turn}" for turn in range(4)]


def _turned(number: int, turns: list[str]) -> int:
    """Mixes each half of the bits into the other several times (a Feistel network), which can be reversed."""
    left, right = divmod(number % 2**32, 2**16)
    for key in turns:
        mixed = hmac.new(key.encode(), right.to_bytes(2), hashlib.sha256).digest()
        left, right = right, left ^ int.from_bytes(mixed[:2])
    return right * 2**16 + left
