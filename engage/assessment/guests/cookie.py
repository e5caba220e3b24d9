"""Recognizes a guest's browser by a cookie.

The cookie's value is random and holds nothing about the person. It is set when the first page is opened,
never when a form is sent.
"""

from datetime import timedelta

from flask import Response

from engage.web.browser_values import BrowserValue, fresh

# A round is open for weeks; after closing, the value opens nothing.
ANSWERS = BrowserValue("answers", timedelta(days=60))
give = ANSWERS.give


def browser() -> str | None:
    """Returns the random value of this browser; None if it has none."""
    value = ANSWERS.read()
    # Browsers that began before languages had their own cookie hold a language before a period.
    return None if value is None else value.rpartition(".")[2]


def put(response: Response, value: str) -> Response:
    """Gives the browser this value."""
    return ANSWERS.set(response, value)


def renew(response: Response) -> Response:
    """Gives the browser a new value, so that the next person at it cannot open what the old value opened."""
    return ANSWERS.set(response, fresh())
