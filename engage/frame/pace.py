"""Limits how often an account may make costly requests: files, searches, and links that let someone in.

It counts in the database, as sign-in attempts are counted (`engage.accounts.throttle`), so that all processes
share one count. A bucket's row contains neither the search nor the account's name, and is deleted when the
bucket is full again.
"""

from datetime import timedelta
from math import ceil

from flask import Response, current_app, request
from sqlalchemy.exc import OperationalError

from engage.accounts import throttle
from engage.accounts.rules import PACES, Dear
from engage.coalitions.audit.labels import DOWNLOAD_LABELS
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.web.answers import problem

# All downloads that the audit log records, a person's own data, and files that take as long to make.
_FILES = frozenset(DOWNLOAD_LABELS) | {"accounts.download", "documents.template_pdf"}
_SEARCHES = frozenset({"operations.find_accounts"})
_LINKS = frozenset(
    {
        "coalitions.invite",
        "coalitions.invite_openly",
        "coalitions.invite_to_claim",
        "coalitions.make_password_link",
        "operations.make_account_link",
        "operations.make_link",
    }
)
# Query parameters with which a list is searched.
_WORDS = ("text", "q")


def dear_of(endpoint: str) -> Dear | None:
    """Returns the kind of costly request that this view is; None if requests to it are not counted."""
    if endpoint in _FILES:
        return Dear.PAPER if endpoint.endswith(("_pdf", "_zip")) else Dear.TABLE
    if endpoint in _LINKS:
        return Dear.LINK if request.method == "POST" else None
    # A POST from a searched list also carries the search words, but searches nothing.
    looks = request.method != "POST" and any(request.args.get(name, "").strip() for name in _WORDS)
    return Dear.SEARCH if looks or endpoint in _SEARCHES else None


def too_fast(account: int) -> Response | None:
    """Returns the page that says when to try again, for an account with too many requests within a minute."""
    dear = dear_of(str(request.endpoint)) if current_app.config["LIMITS"] else None
    wait = _take(dear, account) if dear is not None else None
    if dear is None or wait is None:
        return None
    seconds = max(1, ceil(wait.total_seconds()))
    response = problem(429, _("That was a lot at once"), _words(dear, seconds))
    response.headers["Retry-After"] = str(seconds)
    return response


def _take(dear: Dear, account: int) -> timedelta | None:
    if request.method == "POST":
        db.session.rollback()  # nothing was written yet, and this request holds SQLite's only writer
    try:
        return throttle.take(dear, account)
    except OperationalError:
        return None  # files can still be downloaded if the disk is full or the database is busy


def _words(dear: Dear, seconds: int) -> str:
    many = int(PACES[dear].capacity)
    asked = {
        Dear.SEARCH: _("You can search up to %(many)s times a minute.", many=many),
        Dear.TABLE: _("You can download up to %(many)s tables a minute.", many=many),
        Dear.PAPER: _("You can download up to %(many)s reports a minute.", many=many),
        Dear.LINK: _("You can make up to %(many)s links a minute.", many=many),
    }[dear]
    again = ngettext(
        "Nothing is lost. Wait %(num)s second, then load this page again.",
        "Nothing is lost. Wait %(num)s seconds, then load this page again.",
        seconds,
    )
    return f"{asked} {again}"
