"""Distinguishes browsers by a random value in a signed cookie.

The cookie is no session and holds nothing about the person; signing in or out does not change it. It contains
no time; the browser deletes it after a while.
"""

import secrets
from datetime import timedelta

from flask import Response, current_app, request
from itsdangerous import BadSignature, Signer
from msgspec import Struct


class BrowserValue(Struct, frozen=True):
    """A cookie with this name.

    Its random value may begin with a few characters that the feature using it reads.
    """

    name: str
    kept_for: timedelta

    @property
    def cookie(self) -> str:
        return f"__Host-{self.name}" if current_app.config["HTTPS"] else self.name

    def _signer(self) -> Signer:
        return Signer(current_app.config["SECRET_KEY"], salt=self.name)

    def read(self) -> str | None:
        """Returns the value of this browser; None if it has none, or one that this server did not sign."""
        try:
            return self._signer().unsign(request.cookies.get(self.cookie, "")).decode()
        except (BadSignature, UnicodeDecodeError):
            return None

    def give(self, response: Response) -> Response:
        """Gives the browser a value if it has none."""
        return response if self.read() is not None else self.set(response, fresh())

    def set(self, response: Response, value: str) -> Response:
        """Replaces the browser's value by this one."""
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
