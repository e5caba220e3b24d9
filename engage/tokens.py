"""Random tokens for links and sessions: 256 bits, stored only as a hash."""

import base64
import hashlib
import hmac
import secrets


def new_token() -> str:
    """A fresh secret for an address or a cookie."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def derived(secret_key: str, purpose: str, nonce: str) -> str:
    """A token that can be shown again: made from the stored nonce and the key that is not in the database."""
    digest = hmac.new(secret_key.encode(), f"{purpose}|{nonce}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
