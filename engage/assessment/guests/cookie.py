"""Recognizes a guest's browser by a cookie.

The cookie's value is random and says nothing about the person. It is set when the first page is opened, never
when a form is sent.
"""

from datetime import timedelta

from flask import Response

from engage.web.browser_values import BrowserValue, fresh

# A round is open for weeks; after closing, the value gives access to nothing.
ANSWERS = BrowserValue("answers", timedelta(days=60))
give = ANSWERS.give


def browser() -> str | None:
    """Returns the random value in this browser's cookie; None if it has none."""
    value = ANSWERS.read()
    # In older cookies, a language and a period come before the value.
    return None if value is None else value.rpartition(".")[2]


def put(response: Response, value: str) -> Response:
    """Sets this value in the browser's cookie."""
    return ANSWERS.set(response, value)


def renew(response: Response) -> Response:
    """Sets a new value in the browser's cookie, so that the browser's next user cannot open the earlier response."""
    return ANSWERS.set(response, fresh())
