"""Serves over HTTP with the settings we recommend: one worker with four threads, for one CPU and 512 MB.

    listening = listen(host, port)
    keep_serving(listening)                              # becomes a shell that runs this command again as its worker
    work(make, listening, at_start, watched_by=parent)   # what the worker does
    work(make, listening)                                # serves in this process, for a demo

The process beside the worker loads neither the application nor Python. With one worker there is no one to share them
with, so they would only take memory twice.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NoReturn

import click

from engage.operations.serving import optimized

if TYPE_CHECKING:
    from flask import Flask

# The exit code of a worker that could not start and has said why; watching.sh then tries no other. Python and Click use
# it, too, for a missing file and an unknown option.
CANNOT_START = 2
_WATCHING = Path(__file__).with_name("watching.sh")
_BACKLOG = 2048
# glibc's numbers for two of its settings: how many heaps there are, and from which size a block is no part of them.
_ARENA_MAX, _MMAP_THRESHOLD = -8, -3
_logger = logging.getLogger(__name__)


def setup_link() -> str | None:
    """Returns the one-time link of a new installation; None if it has an account."""
    from engage.accounts import queries, service
    from engage.extensions import db
    from engage.web import links

    if queries.any_user():
        return None
    token = service.new_setup_link()
    db.session.commit()
    return links.external(f"/setup/{token}")


def listen(host: str, port: int) -> socket.socket:
    """Returns a listening socket; requests wait on it. Raises click.ClickException if it cannot be bound."""
    listening = None
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as error:
        if listening:
            listening.close()
        raise click.ClickException(
            f"{host}:{port} cannot be used ({error.strerror}). {_advice(error)}"
        ) from None
    return listening


def _advice(error: OSError) -> str:
    if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
        return "Choose an address of this machine: --host 127.0.0.1"
    # Under make the option is a variable of make's.
    other = "PORT=8001" if "MAKELEVEL" in os.environ else "--port 8001"
    stop = "Stop what runs there, or choose" if error.errno == errno.EADDRINUSE else "Choose"
    return f"{stop} another port: {other}"


def keep_serving(listening: socket.socket) -> NoReturn:
    """Replaces this process with a shell that keeps a worker running: this command again, with the socket's number."""
    listening.set_inheritable(True)
    # A shell that inherits an ignored SIGCHLD could not tell how a worker ended.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    command = [*optimized.python(), *sys.orig_argv[1:], "--listening", str(listening.fileno())]
    os.execv("/bin/sh", ["sh", str(_WATCHING), *command])  # noqa: S606 - the shell does not parse these words


def note_end(code: int) -> None:
    """Logs how the previous worker ended, unless it ended after its share of requests."""
    if code:
        how = f"signal {code - 128}" if code > 128 else f"exit code {code}"
        _logger.error("the worker before this one ended (%s); this one took its place", how)


def work(
    make: Callable[[], Flask],
    listening: socket.socket,
    at_start: Callable[[Flask], None] | None = None,
    *,
    watched_by: int | None = None,
) -> NoReturn:
    """Serves the application that `make` builds until a signal stops it; `at_start` runs before the first answer.

    A watched worker also stops after its share of requests, and when its parent is no longer the process with the id
    `watched_by`. If the application cannot be built, the error is printed in one line and the exit code is
    CANNOT_START.
    """
    from gunicorn import systemd
    from gunicorn.config import Config

    from engage.operations.serving.workers import Log, Worker

    def build() -> Flask:
        with starting():
            app = _built(make)
            if at_start:
                at_start(app)
        # systemd learns that Engage has started only when it can answer.
        systemd.sd_notify("READY=1", _logger, unset_environment=True)
        return app

    # A thread that computes gives way ten times as often as by default. A page asks the database twenty times, and
    # after each answer it would otherwise wait five milliseconds while another thread reads a file.
    sys.setswitchinterval(0.0005)
    _share_memory_among_threads()
    settings = Config()
    for name, value in {**_SETTINGS, **(_SHARE if watched_by else {})}.items():
        settings.set(name, value)
    worker = Worker(1, watched_by, [listening], SimpleNamespace(wsgi=build), 0, settings, Log())
    try:
        worker.init_process()
    except Exception:
        logging.getLogger("gunicorn.error").exception("Exception in worker process")
        sys.exit(1 if worker.booted else CANNOT_START)
    sys.exit(0)


_SETTINGS: dict[str, Any] = {
    "threads": 4,
    # Together with the database's files these are fewer than the 1024 that a process may open by default.
    "worker_connections": 900,
    # A proxy keeps a connection for a much shorter time (docs/hosting/Caddyfile), even on a slow machine. Otherwise a
    # request that it sends while the connection closes would be lost.
    "keepalive": 10,
    # Python would wait in it without an end for a client that takes nothing.
    "sendfile": False,
    # Which proxy is believed is decided in one place, `engage.web.headers`.
    "forwarded_allow_ips": "",
}
# After this many requests another worker takes over.
_SHARE = {"max_requests": 20_000, "max_requests_jitter": 2_000}


def _built(make: Callable[[], Flask]) -> Flask:
    """Builds the application; from then on the garbage collector ignores the objects that exist by now."""
    gc.disable()
    app = make()
    gc.freeze()
    gc.enable()
    return app


@contextmanager
def starting() -> Iterator[None]:
    """Ends a worker that cannot start: the error is printed in one line, and no other worker is tried."""
    try:
        yield
    except click.ClickException as error:
        error.show()
        sys.exit(CANNOT_START)


def _share_memory_among_threads() -> None:
    """Makes glibc use one heap for all threads; with a heap each, memory that an export frees stays with its thread.

    Large blocks are returned when they are freed. By default, glibc keeps larger and larger ones in the heap.
    """
    with suppress(AttributeError):  # another C library
        set_to = ctypes.CDLL(None).mallopt
        set_to(_ARENA_MAX, 1)
        set_to(_MMAP_THRESHOLD, 128 * 1024)
