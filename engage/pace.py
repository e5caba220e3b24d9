"""How often an account may ask for what is dear: tables and papers as files, and searches.

Counted in this process's memory, not in the database: reading writes nothing, and what people look for and when is
nobody's to keep. Nothing secret is guarded here, so that two processes let twice as many through, and a restart
begins anew. Sign-in tries are another matter: `engage.accounts.throttle`.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from threading import Lock

from flask import Flask, Response, current_app, request
from flask_babel import gettext as _
from flask_babel import ngettext

from engage import clock
from engage.accounts.rules import Bucket
from engage.coalitions.audit_words import DOWNLOAD_WORDS
from engage.errors import problem


class Dear(StrEnum):
    SEARCH = "search"
    TABLE = "table"
    PAPER = "paper"


# So many at once, and as many in each minute: more than anybody does by hand, fewer than a program in a loop.
PACES = {
    Dear.SEARCH: Bucket(capacity=120, refill=timedelta(seconds=0.5)),
    Dear.TABLE: Bucket(capacity=40, refill=timedelta(seconds=1.5)),
    Dear.PAPER: Bucket(capacity=20, refill=timedelta(seconds=3)),
}
# Of more accounts than this those are let go whose count is full again.
_MOST_KEPT = 5_000
# Everything that the audit log knows as a download, and everything that is tied to oneself.
_FILES = frozenset(DOWNLOAD_WORDS) | {"accounts.download"}
_SEARCHES = frozenset({"operations.find_accounts"})
# What a list is searched by.
_WORDS = ("text", "q")


def dear_of(endpoint: str) -> Dear | None:
    """What a request for this view costs; None: nothing that is counted."""
    if endpoint in _FILES:
        return Dear.PAPER if endpoint.endswith(("_pdf", "_zip")) else Dear.TABLE
    searches = endpoint in _SEARCHES or any(request.args.get(name, "").strip() for name in _WORDS)
    return Dear.SEARCH if searches else None


class Counted:
    """What this process has counted: how many each account has left, and when it was reckoned."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._left: dict[tuple[Dear, int], tuple[float, datetime]] = {}

    def take(self, dear: Dear, account: int, now: datetime) -> timedelta | None:
        """Use one up; how long to wait where there is none."""
        bucket = PACES[dear]
        with self._lock:
            left, then = self._left.get((dear, account), (bucket.capacity, now))
            left = bucket.filled(left, then, now)
            self._left[dear, account] = (max(left - 1, 0.0) if left >= 1 else left, now)
            if len(self._left) > _MOST_KEPT:
                self._let_go(now)
        return bucket.wait(left) if left < 1 else None

    def _let_go(self, now: datetime) -> None:
        self._left = {
            key: kept for key, kept in self._left.items() if now - kept[1] < PACES[key[0]].full_after
        }


def too_fast(account: int) -> Response | None:
    """The page that says when to try again, for an account that asked too often within a minute."""
    counted: Counted | None = current_app.extensions.get("pace")
    dear = dear_of(str(request.endpoint)) if counted is not None else None
    if counted is None or dear is None:
        return None
    wait = counted.take(dear, account, clock.now())
    if wait is None:
        return None
    seconds = max(1, ceil(wait.total_seconds()))
    response = problem(429, _("That was a lot at once"), _words(dear, seconds))
    response.headers["Retry-After"] = str(seconds)
    return response


def _words(dear: Dear, seconds: int) -> str:
    many = int(PACES[dear].capacity)
    asked = {
        Dear.SEARCH: _("You may search %(many)s times a minute.", many=many),
        Dear.TABLE: _("You may download %(many)s tables a minute.", many=many),
        Dear.PAPER: _("You may download %(many)s reports a minute.", many=many),
    }[dear]
    again = ngettext(
        "Nothing is lost. Wait %(num)s second, then load this page again.",
        "Nothing is lost. Wait %(num)s seconds, then load this page again.",
        seconds,
    )
    return f"{asked} {again}"


def init_app(app: Flask) -> None:
    if app.config["LIMITS"]:
        app.extensions["pace"] = Counted()
