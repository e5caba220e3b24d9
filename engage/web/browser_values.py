"""Tells one browser from the others by a random value in a signed cookie of its own.

It is no session and knows no person; signing in or out does not change it. Nothing in it depends on a clock: the
browser drops it after a while.
"""

import secrets
from datetime import timedelta

from flask import Response, current_app, request
from itsdangerous import BadSignature, Signer
from msgspec import Struct


class BrowserValue(Struct, frozen=True):
    """A cookie of this name. The value is random, and may be led by a few letters that its room reads."""

    name: str
    kept_for: timedelta

    @property
    def cookie(self) -> str:
        return f"__Host-{self.name}" if current_app.config["HTTPS"] else self.name

    def _signer(self) -> Signer:
        return Signer(current_app.config["SECRET_KEY"], salt=self.name)

    def read(self) -> str | None:
        """Returns the value of this browser; None if it has none, or one that is not ours."""
        try:
            return self._signer().unsign(request.cookies.get(self.cookie, "")).decode()
        except (BadSignature, UnicodeDecodeError):
            return None

    def give(self, response: Response) -> Response:
        """Gives the browser a value if it has none."""
        return response if self.read() is not None else self.set(response, fresh())

    def set(self, response: Response, value: str) -> Response:
        """Gives the browser this value in place of what it has."""
        response.set_cookie(
            self.cookie,
            self._signer().sign(value).decode(),
            max_age=self.kept_for,
            path="/",
            secure=bool(current_app.config["HTTPS"]),
            httponly=True,
            samesite="Lax",
        )
        return response


def fresh() -> str:
    """Returns a new random value."""
    return secrets.token_urlsafe(16)
