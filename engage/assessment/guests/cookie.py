"""Knows a guest's browser again.

The value is made when the first page is opened, never by sending a form, and holds nothing of the person.
"""

from datetime import timedelta

from flask import Response

from engage.web.browser_values import BrowserValue, fresh

# A round is open for weeks; after closing the value opens nothing.
ANSWERS = BrowserValue("answers", timedelta(days=60))
give = ANSWERS.give


def browser() -> str | None:
    """Returns the random value of this browser; None if it has none."""
    value = ANSWERS.read()
    # Browsers that began before languages had a cookie of their own hold one before a point.
    return None if value is None else value.rpartition(".")[2]


def put(response: Response, value: str) -> Response:
    """Gives the browser this value."""
    return ANSWERS.set(response, value)


def renew(response: Response) -> Response:
    """Gives the browser another value: what it opened before is closed to whoever holds it next."""
    return ANSWERS.set(response, fresh())
