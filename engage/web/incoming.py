"""Cleans requests: removes what no browser sends, so that no view fails on it."""

from io import BytesIO
from ipaddress import IPv6Address, ip_address
from typing import IO, Any

from flask import Flask
from htmx_flask.requests import HtmxAwareRequest
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser


class _FormReader(FormDataParser):
    """A form reader that limits the number of fields in both encodings; Werkzeug's own limit is only for multipart."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        if mimetype == "application/x-www-form-urlencoded" and self.max_form_parts is not None:
            body = stream.read()
            if body.count(b"&") >= self.max_form_parts:
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        return super().parse(stream, mimetype, content_length, options)


def _place(address: str | None) -> str | None:
    """Returns the network address by which limits count a request; for IPv6, only its network part.

    Someone with an IPv6 connection has 2**64 addresses, and would never be slowed.
    """
    try:
        found = ip_address(address or "")
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))


class _Incoming(HtmxAwareRequest):
    query_string: bytes
    remote_addr: str | None
    form_data_parser_class = _FormReader

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        # The query must be text: a browser quotes other bytes, but a program may send them unquoted.
        asked: bytes = self.query_string
        self.query_string = asked.decode(errors="replace").encode()
        self.remote_addr = _place(self.remote_addr)

    def _load_form_data(self) -> None:
        try:
            super()._load_form_data()
        except (ClientDisconnected, RequestEntityTooLarge):
            # The body was cut off on the way, or is too large, so there are no fields to show.
            self.__dict__.update(form=ImmutableMultiDict(), files=ImmutableMultiDict())
            raise
        # A part of a multipart body with a broken header has no name.
        for kind in ("form", "files"):
            if None in (held := self.__dict__[kind]):
                named = [(name, value) for name, value in held.items(multi=True) if name is not None]
                self.__dict__[kind] = type(held)(named)


def init_app(app: Flask) -> None:
    """Makes the application use this class for every request.

    It runs after the extensions, because htmx-flask sets its own class.
    """
    app.request_class = _Incoming
