"""Handles a connection to the database that is lost during a request, and forms that are sent once more after it.

A request that has written nothing yet runs again, once, on a new connection. Any other is answered with a page
that keeps the text and tries again. It is not known whether a lost commit was saved. So the page gives each form
that it sends a mark, and keeps it when it tries again; the mark is saved in the same commit as what the form
wrote, and a form whose mark is saved is not carried out again.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, flash, g, has_request_context, make_response, redirect, request
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from engage import clock
from engage.columns import CODE
from engage.database import READING_METHODS, Base, insert
from engage.extensions import db
from engage.i18n import gettext as _
from engage.web import answers, htmx

# The field in which a page sends the form's mark (static/app.js).
MARK = "sent_form"
_IS_A_MARK = re.compile("[0-9a-f]{20}")
# A page that waits for the network tries again for as long as it is open: a phone, overnight.
MARKS_KEPT = timedelta(days=7)
# A request that has already taken this long is not run again, so that no one waits more than five seconds.
RUNS_AGAIN_WITHIN = 2.0
_AGAIN = "engage.runs_again"
_FIRST_RUN = "engage.first_run"


class SentForm(Base):
    """The mark of a form that was carried out: a hash of mark, address and fields, which holds no text of anyone."""

    __tablename__ = "web_sent_form"

    mark: Mapped[str] = mapped_column(sa.String(64), primary_key=True, info=CODE)
    sent_at: Mapped[datetime] = mapped_column(index=True)


class _SentBefore(Exception):
    """Another request with the same mark was committed first; this one must not be."""


def prune(now: datetime) -> int:
    """Deletes old marks and returns their number."""
    gone = db.session.execute(sa.delete(SentForm).where(SentForm.sent_at < now - MARKS_KEPT))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _key() -> str | None:
    """Returns what is saved of this request's mark; None without a mark.

    The fields are part of it: a form that was changed before it was sent again is another form.
    """
    given = request.form.get(MARK, "") if request.method == "POST" else ""
    if not _IS_A_MARK.fullmatch(given):
        return None
    fields = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    files = [(name, file.filename) for name, file in request.files.items(multi=True)]
    return hashlib.sha256(repr((request.full_path, fields, files)).encode()).hexdigest()


def _carried_out() -> Response | None:
    """Answers a form that was carried out before; it runs after the checks of who may send it."""
    if (key := _key()) is None or g.get("replaying") is not None:
        return None
    g.sent_form = key
    known = db.session.scalar(sa.select(SentForm.mark).where(SentForm.mark == key))
    return None if known is None else _say_carried_out()


def _say_carried_out(_error: _SentBefore | None = None) -> Response:
    db.session.rollback()
    g.committed = True
    flash(_("This was saved the first time it was sent. Nothing was done twice."))
    if htmx.wants_fragment():
        # The page loads again once nothing else of it waits to be sent (static/retry.js).
        return Response(status=204, headers={"HX-Trigger": "carriedOut"})
    above = answers.page_above(request.path.rstrip("/").rpartition("/")[0])
    return make_response(redirect(above or "/", 303))


def _save_mark(session: Any) -> None:
    """Saves the mark of a form in the commit of what it wrote."""
    if not has_request_context() or session.in_nested_transaction():
        return
    session.flush()
    key = g.get("sent_form")
    if key is not None and "wrote" in g:
        new = insert(SentForm.metadata.tables[SentForm.__tablename__], db.engine.dialect.name)
        saved = new.values(mark=key, sent_at=clock.now()).on_conflict_do_nothing()
        if not session.execute(saved).rowcount:
            raise _SentBefore
    g.commit_begun = True


def _forget_mark(session: Any) -> None:
    if has_request_context() and not session.in_nested_transaction():
        g.pop("sent_form", None)  # a second commit of the request belongs to the same form


def _note_write(*arguments: Any) -> None:
    context = arguments[4]
    if has_request_context() and (context.isinsert or context.isupdate or context.isdelete):
        g.wrote = True


def _runs_again() -> bool:
    began = request.environ.get(_FIRST_RUN)
    is_early = began is not None and monotonic() - began < RUNS_AGAIN_WITHIN
    return is_early and "wrote" not in g and "commit_begun" not in g


def _storage_error(error: OperationalError) -> Response:
    if not error.connection_invalidated:
        return answers.storage_error(error)
    if _runs_again():
        db.session.rollback()
        request.environ[_AGAIN] = True
        return Response(status=503)
    if "commit_begun" not in g:
        return answers.storage_error(error)
    marked = _key() is not None
    again = (
        _(
            "It is not known whether this was saved. Your text is kept on this page. Try again: nothing is done twice."
        )
        if marked
        else _(
            "It is not known whether this was saved. Your text is kept on this page. Look before you try again."
        )
    )
    return answers.try_later(_("The database did not answer"), again, by_itself=marked)


def _reads_body_again(environ: dict[str, Any]) -> bool:
    if environ["REQUEST_METHOD"] in READING_METHODS:
        return True
    body = environ.get("wsgi.input")
    return bool(body is not None and hasattr(body, "seekable") and body.seekable())


def _twice(inner: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Returns the application, which is asked once more if it says that it should."""

    def run(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not _reads_body_again(environ):
            return inner(environ, start_response)
        environ[_FIRST_RUN] = monotonic()
        said: list[tuple[Any, ...]] = []
        body = inner(environ, lambda *head: said.append(head))
        del environ[_FIRST_RUN]
        if environ.pop(_AGAIN, False):
            body.close()  # type: ignore[attr-defined]
            if environ["REQUEST_METHOD"] not in READING_METHODS:
                environ["wsgi.input"].seek(0)
            return inner(environ, start_response)
        start_response(*said[-1])
        return body

    return run


def init_app(app: Flask) -> None:
    """Handles lost connections; its check of marks runs after the checks of who may open a view."""
    app.register_error_handler(OperationalError, _storage_error)
    app.register_error_handler(_SentBefore, _say_carried_out)
    app.before_request(_carried_out)
    app.wsgi_app = _twice(app.wsgi_app)  # type: ignore[method-assign]
    event.listen(db.session, "before_commit", _save_mark)
    event.listen(db.session, "after_commit", _forget_mark)
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", _note_write)
