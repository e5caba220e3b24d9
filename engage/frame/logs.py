"""Logs to standard error: a line for each request and each error, without anything that people typed.

A request is named by its method and rule, never by its address, which may hold a link's token. A person and a
coalition are named by their ids, and an error by its type and its places in the code, because its message may
quote a row.
"""

import json
import logging
import re
import sys
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

import sqlalchemy as sa
from flask import Flask, Response, g, has_request_context, request

from engage.config import Log
from engage.web.answers import reference, trace_of

# Monitoring requests this view every few seconds.
UNLOGGED = "pages.healthz"
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"})
# After these words, waitress logs an address or a client.
_QUOTED = re.compile(r"(?<= (?:serving|channel) ).+", re.DOTALL)
_requests = logging.getLogger("engage.requests")


def _number(row: object) -> int | None:
    """Returns a row's id without a query, because a failed request leaves its rows expired."""
    state: Any = sa.inspect(row, raiseerr=False)
    return state.identity[0] if state is not None and state.identity else None


def _fields(response: Response) -> dict[str, object]:
    found = {
        "request": reference(),
        "method": request.method if request.method in _METHODS else "other",
        "route": str(request.url_rule) if request.url_rule is not None else None,
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.began) * 1000),
        "coalition": _number(g.get("coalition")),
        "account": _number(g.get("account")),
    }
    return {name: value for name, value in found.items() if value is not None}


def init_app(app: Flask) -> None:
    """Registers the log. Call it first, so that it sees requests first and answers last."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def note(response: Response) -> Response:
        if app.config["LOG"] is not Log.OFF and request.endpoint != UNLOGGED and "began" in g:
            _requests.info("request", extra={"fields": _fields(response)})
        return response


class _Standard(logging.StreamHandler[TextIO]):
    """A stream that always writes to the current standard error."""

    def __init__(self, kind: Log) -> None:
        super().__init__()
        self.setFormatter(_Line(kind))

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


class _Line(logging.Formatter):
    """Formats each record as one line, as name=value or as JSON."""

    def __init__(self, kind: Log) -> None:
        super().__init__()
        self._kind = kind

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        line = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            **_said(record),
        }
        if self._kind is Log.JSON:
            return json.dumps(line)
        return " ".join(f"{name}={_plain(value)}" for name, value in line.items())


def _said(record: logging.LogRecord) -> Mapping[str, object]:
    fields: Mapping[str, object] | None = getattr(record, "fields", None)
    if fields is not None:
        return {"event": record.getMessage(), **fields}
    event, *places = _words(record).splitlines() or [""]
    if record.exc_info and record.exc_info[1] is not None:
        places = [*places, *trace_of(record.exc_info[1])]
    said: dict[str, object] = {"request": reference()} if has_request_context() else {}
    said["event"] = event
    if places:
        said["trace"] = "; ".join(place.strip() for place in places)
    return said


def _words(record: logging.LogRecord) -> str:
    """Returns our own messages unchanged; in messages of libraries it replaces parts of a request."""
    if record.name.split(".")[0] == "engage":
        return record.getMessage()
    if not isinstance(record.msg, str):
        return f"{record.name}: {type(record.msg).__name__}"
    if record.name == "werkzeug" and record.msg.startswith(" * Debugger PIN"):
        return record.getMessage()  # developers see the debugger's PIN only here
    numbers = tuple(arg if isinstance(arg, int) else "…" for arg in record.args or ())
    try:
        words = record.msg % numbers if numbers else record.msg
        return f"{record.name}: {_QUOTED.sub('…', words) if record.name == 'waitress' else words}"
    except (TypeError, ValueError):
        return f"{record.name}: {record.msg}"


def _plain(value: object) -> str:
    text = str(value)
    bare = text.isascii() and text.isprintable() and not any(sign in text for sign in ' "=')
    return text if bare and text else json.dumps(text)


def _thread_failed(failure: threading.ExceptHookArgs) -> None:
    if failure.exc_value is not None:
        logging.getLogger("engage").error("a thread failed:\n%s", "\n".join(trace_of(failure.exc_value)))


def start(kind: Log) -> None:
    """Starts logging in this form for the whole process, including libraries."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, _Standard)]:
        root.removeHandler(handler)
    root.addHandler(_Standard(kind))
    _requests.setLevel(logging.INFO)
    threading.excepthook = _thread_failed
