"""Turns domain errors into responses that say what happened, what was kept and what to do."""

import errno
import secrets
import traceback
from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, make_response, render_template, request
from markupsafe import escape
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from engage.database import READING_METHODS
from engage.errors import Kept, Link, WrongState
from engage.extensions import answer_as_to_anybody, db
from engage.i18n import gettext as _
from engage.limits import MOST_ECHOED
from engage.web import htmx


def from_elsewhere() -> bool:
    """Returns whether another site made the browser send this request.

    Its fields are not shown as if the person had typed them.
    """
    if (site := request.headers.get("Sec-Fetch-Site")) is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host


def kept_fields() -> list[Kept]:
    """Returns the posted fields, without passwords, tokens and files; none from another site.

    It also returns none if no form of Engage is sent to the address, or if the page would become longer than
    a form may be; the browser's previous page still has the fields.
    """
    if request.method != "POST" or request.url_rule is None or from_elsewhere():
        return []
    try:
        posted = list(request.form.lists())
    except RequestEntityTooLarge:
        return []
    kept = [
        Kept(name, value)
        for name, values in posted
        if "password" not in name and name != "csrf_token" and not name.startswith("sign_in_")
        for value in values
    ]
    return kept if _written(kept) <= MOST_ECHOED else []


def _is_whole(kept: list[Kept]) -> bool:
    """Returns whether every field that was sent is kept."""
    if not kept or request.files:
        return False
    return len(kept) == sum(name != "csrf_token" for name, _value in request.form.items(multi=True))


def _written(kept: list[Kept]) -> int:
    """Returns how many characters the fields take on a page, where a quotation mark takes five."""
    return sum(len(escape(each.name)) + len(escape(each.value)) for each in kept)


def problem(
    status: int, title: str, text: str, *, keep: bool = True, link: Link | None = None, again: bool = False
) -> Response:
    """Shows an error as a page that keeps the typed text, or for htmx as a message in the status region.

    It runs no query, because what failed once would fail again. With `again` the page tries again by itself,
    unless it would send less than the person did.
    """
    db.session.rollback()
    g.is_problem = True
    if "account" not in g:
        answer_as_to_anybody()
    if htmx.wants_fragment():
        return htmx.status_message(text, status, title)
    fields = kept_fields() if keep else []
    again = again and (request.method in READING_METHODS or _is_whole(fields))
    page = render_template(
        "errors/problem.html", title=title, text=text, fields=fields, status=status, link=link, again=again
    )
    return make_response(page, status)


def _texts() -> dict[int, tuple[str, str]]:
    return {
        400: (_("The request was incomplete"), _("Nothing was changed. Go back and try again.")),
        403: (
            _("This is for coordinators"),
            _("Your role in this coalition does not include it. Ask a coordinator if you need it."),
        ),
        404: (
            _("There is nothing here"),
            _("The address may be mistyped, or you may not have access to this page."),
        ),
        405: (
            _("That did not work"),
            _("Nothing was changed. Go back and use the page's buttons."),
        ),
        413: (
            _("That is too much at once"),
            _(
                "Nothing was saved. Go back and send less at a time: a file can be at most 2 MB. "
                "What you typed is still there."
            ),
        ),
        429: (_("Too many tries"), _("Nothing was changed. Wait a minute and try again.")),
        500: (
            _("Something went wrong on our side"),
            _("Nothing was saved. Try again; if it happens twice, tell the person who runs this site."),
        ),
    }


def _http_error(error: HTTPException) -> Response:
    if isinstance(error, SecurityError):
        # The request's Host header names another site, so no link on a page could be trusted.
        words = _("This site does not use that address. Ask the person who gave it to you for the right one.")
        return Response(words, 400, mimetype="text/plain")
    code = error.code or 500
    title, text = _texts().get(code, _texts()[500 if code >= 500 else 400])
    if code == 413 and request.mimetype == "multipart/form-data":
        text = _("Nothing was saved. A file can be at most 2 MB: choose a smaller one, or split it in two.")
    # A body that is too large is not shown again; the browser's previous page still has it.
    response = problem(code, title, text, keep=code != 413)
    if code == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    return response


def open_too_long() -> Response:
    """Says that the form's token is from an earlier visit, and that the typed text cannot be shown again."""
    above = page_above(request.path)
    return problem(
        400,
        _("This page was open for too long"),
        _("Nothing was changed. Go back, load the page again, and repeat what you did."),
        keep=False,
        link=Link(_("Load the page again"), above) if above else None,
    )


def page_above(path: str) -> str | None:
    """Returns the address of the nearest page at or above this path, which most likely has the button."""
    urls = current_app.create_url_adapter(request)
    while urls is not None and path:
        if urls.test(path, "GET"):
            return request.script_root + path
        path = path.rpartition("/")[0]
    return None


def storage_is_full(error: BaseException) -> bool:
    """Returns whether the disk is full, by SQLite's or the system's error message."""
    text = str(error).lower()
    return (
        getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT}
        or "database or disk is full" in text
        or "disk i/o error" in text
        or "no space left on device" in text
    )


# The search is for more than "no such", because a stopped PostgreSQL reports "No such file or directory" for
# its socket.
_NEVER_SUCCEEDS = (
    "readonly database",
    "no such table",
    "no such column",
    "no such function",
    "syntax error",
    "has no column",
)


def _is_a_fault_of_ours(error: OperationalError) -> bool:
    """Returns whether the statement always fails, such as a write in a GET; else the database is busy."""
    text = str(error.orig).lower()
    return any(words in text for words in _NEVER_SUCCEEDS)


def storage_error(error: OperationalError | OSError) -> Response:
    """Says that the disk is full or the database busy; any other error is a fault of ours."""
    full = storage_is_full(error)
    if not full and (isinstance(error, OSError) or _is_a_fault_of_ours(error)):
        return _crash(error)
    current_app.logger.error("storage: %s", type(getattr(error, "orig", error)).__name__)
    if full:
        return problem(
            507,
            _("The server's disk is full"),
            _("Nothing was saved. Your text is kept on this page. Tell the person who runs this site."),
        )
    return try_later(
        _("The database is busy"),
        _("Nothing was saved. Your text is kept on this page. Wait a few seconds and try again."),
    )


def try_later(title: str, text: str, *, by_itself: bool = True) -> Response:
    """Says that the database cannot be used at the moment; unless told otherwise, the page tries again."""
    response = problem(503, title, text, again=by_itself)
    response.headers["Retry-After"] = "5"
    return response


def _names_what_is_gone(error: IntegrityError) -> bool:
    """Returns whether a row would refer to a missing one, by SQLite's message or PostgreSQL's code."""
    code = getattr(error.orig, "sqlstate", None)
    return code == "23503" or "foreign key constraint failed" in str(error.orig).lower()


def _integrity_error(error: IntegrityError) -> Response:
    """Says that someone deleted or merged a row that the form refers to, after the form was checked."""
    return _changed_meanwhile() if _names_what_is_gone(error) else _crash(error)


def _changed_meanwhile(_error: StaleDataError | None = None) -> Response:
    """Says that the row was changed or deleted between reading and writing it."""
    return problem(
        409,
        _("It changed in the meantime"),
        _(
            "Nothing was saved: something you chose was deleted or merged a moment ago. Your "
            "text is kept on this page. Try again; if the choice is gone, choose another one."
        ),
    )


def _wrong_state(error: WrongState) -> Response:
    return problem(409, _("That is not possible right now"), error.message, link=error.link)


def reference() -> str:
    """Returns a short code of this error for a person to quote; the request's lines in the log contain it."""
    if "reference" not in g:
        g.reference = secrets.token_hex(4)
    return str(g.reference)


def trace_of(error: BaseException) -> Iterator[str]:
    """Yields the kinds of errors and their places in the code, without messages, which may quote texts."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from trace_of(cause)
    yield type(error).__qualname__
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"


def _crash(error: Exception) -> Response:
    if current_app.testing:
        raise error
    where = f"{request.method} {request.url_rule or 'no route'}"
    current_app.logger.error("failed: %s\n%s", where, "\n".join(trace_of(error)))
    title, text = _texts()[500]
    return problem(500, title, f"{text} {_('Give them this number: %(reference)s', reference=reference())}")


def init_app(app: Flask) -> None:
    """Registers the error handlers. In tests an unexpected error is raised, not hidden."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OSError, storage_error)
    app.register_error_handler(IntegrityError, _integrity_error)
    app.register_error_handler(StaleDataError, _changed_meanwhile)
    app.register_error_handler(WrongState, _wrong_state)
    app.register_error_handler(Exception, _crash)
