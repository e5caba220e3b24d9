"""Cleans requests: leaves out what no browser sends, so that no view trips over it."""

from typing import Any

from flask import Flask
from htmx_flask.requests import HtmxAwareRequest
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import ClientDisconnected


class _Incoming(HtmxAwareRequest):
    query_string: bytes

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The query must be text: a browser quotes what is not, but a program may send it as it is.
        asked: bytes = self.query_string
        self.query_string = asked.decode(errors="replace").encode()

    def _load_form_data(self) -> None:
        try:
            super()._load_form_data()
        except ClientDisconnected:
            # The request was cut off on the way. The page that says so shows what was typed: nothing of it came.
            self.__dict__.update(form=ImmutableMultiDict(), files=ImmutableMultiDict())
            raise
        # A part of a multipart body whose header is broken has no name.
        for kind in ("form", "files"):
            if None in (held := self.__dict__[kind]):
                named = [(name, value) for name, value in held.items(multi=True) if name is not None]
                self.__dict__[kind] = type(held)(named)


def init_app(app: Flask) -> None:
    """Makes every request of the application one of these.

    It comes after the extensions, because htmx-flask sets its own.
    """
    app.request_class = _Incoming
