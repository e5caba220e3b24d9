"""Records who downloaded which list of a coalition, after the file was sent.

A download is a GET, which must not write, and must work even if the disk is full or the database busy. So the
entry is written after the response, in a transaction of its own; if that fails, the application's log says
so.
"""

from functools import partial

from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from engage.coalitions.audit import service
from engage.coalitions.audit.labels import DOWNLOAD_LABELS
from engage.coalitions.audit.rules import AuditEvent
from engage.extensions import db
from engage.web.answers import trace_of
from engage.web.headers import is_saved


def is_download(response: Response) -> bool:
    """Returns whether the response is a list or a report."""
    return response.status_code == 200 and is_saved(response)


def note(app: Flask, coalition_id: int, actor_id: int | None, what: str) -> None:
    """Records a download. `what` is a key of DOWNLOAD_LABELS; without an actor, it was a command on the server.

    Never call it while a transaction is open.
    """
    with app.app_context():
        try:
            service.record_apart(db.engine, coalition_id, actor_id, AuditEvent.DOWNLOADED, what)
        except (SQLAlchemyError, OSError) as error:  # the person has the file already
            app.logger.error("a download is not in the audit log:\n%s", "\n".join(trace_of(error)))


def init_app(app: Flask) -> None:
    @app.after_request
    def note_download(response: Response) -> Response:
        view = request.endpoint
        if (
            request.method != "HEAD"
            and view in DOWNLOAD_LABELS
            and "membership" in g
            and is_download(response)
        ):
            place = g.membership
            response.call_on_close(partial(note, app, place.coalition_id, place.id, view))
        return response
