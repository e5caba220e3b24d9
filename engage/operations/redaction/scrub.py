"""Clears caches, search index and log of a text that was removed for good, after the response."""

from functools import partial

from flask import Flask, Response, g

from engage.extensions import db
from engage.operations.redaction import service
from engage.web.answers import trace_of


def init_app(app: Flask) -> None:
    @app.after_request
    def settle(response: Response) -> Response:
        if g.pop("text_is_gone", False):
            response.call_on_close(partial(_settle, app))
        return response


def _settle(app: Flask) -> None:
    with app.app_context():
        try:
            service.settle(db.engine)
        except Exception as error:  # the response was already sent, and the daily work tries again
            app.logger.error("removed texts are not let go of yet:\n%s", "\n".join(trace_of(error)))
