"""Tells one browser's ballot from the others' by a random value in a signed cookie of its own.

It is no session and knows no person; signing in or out does not change it. It is made only when a ballot's
page is opened, never by handing one in. Nothing in it depends on a clock: the browser drops it after a day.
"""

import secrets

from flask import Response, current_app, request
from itsdangerous import BadSignature, Signer

from engage.strengths.votes.rules import KEPT_FOR


def _name() -> str:
    return "__Host-ballot" if current_app.config["HTTPS"] else "ballot"


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="ballot")


def browser() -> str | None:
    """Returns the value of this browser; None if it has none, or one that is not ours."""
    try:
        return _signer().unsign(request.cookies.get(_name(), "")).decode()
    except (BadSignature, UnicodeDecodeError):
        return None


def give(response: Response) -> Response:
    """Gives the browser a value if it has none."""
    if browser() is None:
        response.set_cookie(
            _name(),
            _signer().sign(secrets.token_urlsafe(16)).decode(),
            max_age=KEPT_FOR,
            path="/",
            secure=bool(current_app.config["HTTPS"]),
            httponly=True,
            samesite="Lax",
        )
    return response
