"""Cleans requests of what no browser sends, so that no view fails on it."""

import re
from io import BytesIO
from ipaddress import IPv6Address, ip_address
from typing import IO, Any

from flask import Flask, Response, request
from htmx_flask.requests import HtmxAwareRequest
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.utils import cached_property

from engage.i18n import gettext as _
from engage.limits import MOST_ADDRESS_BYTES, MOST_PART_HEAD_BYTES, MOST_QUOTED

_END_OF_HEAD = re.compile(rb"\r\n\r\n|\n\n|\r\r")


def upload_stream() -> IO[bytes]:
    """Returns what holds an uploaded file."""
    return BytesIO()


class _FormReader(FormDataParser):
    """A form reader that refuses too many fields, and part headers that are too long, before it reads any.

    Werkzeug counts only the fields of multipart forms, while it reads them, and reads a header of any length.

    Uploaded files stay in memory: a contacts file holds notes and birthdays that may never be on a disk.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "stream_factory": lambda **_told: upload_stream()})

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        most = self.max_form_parts
        if mimetype == "application/x-www-form-urlencoded" and most is not None:
            body = stream.read()
            if body.count(b"&") >= most or body.count(b"%") > MOST_QUOTED:
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        elif (
            mimetype == "multipart/form-data"
            and most is not None
            and (mark := (options or {}).get("boundary"))
        ):
            body = stream.read()
            _before, *parts = body.split(f"--{mark}".encode(), most + 2)
            if len(parts) > most + 1 or any(map(_has_long_head, parts)):
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        stream, form, files = super().parse(stream, mimetype, content_length, options)
        return stream, _named(form), _named(files)


def _named(parts: Any) -> object:
    """Drops fields without a name, which come from a multipart part with a broken header."""
    if None not in parts:
        return parts
    return type(parts)((name, value) for name, value in parts.items(multi=True) if name is not None)


def _has_long_head(part: bytes) -> bool:
    return len(part) > MOST_PART_HEAD_BYTES and not _END_OF_HEAD.search(part, 0, MOST_PART_HEAD_BYTES)


def _place(address: str | None) -> str | None:
    """Returns the network address by which limits count a request; for IPv6, only its network part.

    A person with an IPv6 connection has 2**64 addresses, and would otherwise never reach a limit.
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
        # The query must be valid text: browsers quote other bytes, but a program may send them unquoted.
        asked: bytes = self.query_string
        self.query_string = asked.decode(errors="replace").encode()
        self.remote_addr = _place(self.remote_addr)

    @cached_property
    def form(self) -> object:
        return self._parsed("form")

    @cached_property
    def files(self) -> object:
        return self._parsed("files")

    def _parsed(self, kind: str) -> object:
        try:
            return getattr(super(), kind)
        except (ClientDisconnected, RequestEntityTooLarge):
            # The body was cut off or is too large, so there are no fields to show.
            self.form = self.files = ImmutableMultiDict()
            raise


def init_app(app: Flask) -> None:
    """Makes the application use `_Incoming` for every request.

    It runs after the extensions, because htmx-flask sets its own class.
    """
    app.request_class = _Incoming

    @app.before_request
    def refuse_long_address() -> Response | None:
        sent = request.environ["PATH_INFO"], request.environ.get("QUERY_STRING", "")
        if sum(map(len, sent)) > MOST_ADDRESS_BYTES:
            return Response(_("That is too much at once"), 414, mimetype="text/plain")
        return None
