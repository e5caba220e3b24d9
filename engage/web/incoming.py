"""Cleans requests: leaves out what no browser sends, so that no view trips over it."""

from io import BytesIO
from ipaddress import IPv6Address, ip_address
from typing import IO, Any

from flask import Flask
from htmx_flask.requests import HtmxAwareRequest
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser


class _FormReader(FormDataParser):
    """A reader of forms that bounds the fields of both encodings; Werkzeug's own bound is for multipart alone."""

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
    """Returns where a request comes from, as limits count it: of IPv6 the network alone.

    Whoever has an IPv6 connection has 2**64 addresses of their own, and would never be slowed.
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
        # The query must be text: a browser quotes what is not, but a program may send it as it is.
        asked: bytes = self.query_string
        self.query_string = asked.decode(errors="replace").encode()
        self.remote_addr = _place(self.remote_addr)

    def _load_form_data(self) -> None:
        try:
            super()._load_form_data()
        except (ClientDisconnected, RequestEntityTooLarge):
            # It was cut off on the way, or is too large to be read: the page that says so has nothing to show.
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
