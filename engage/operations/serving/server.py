"""Serves over HTTP with the settings we recommend: one worker with four threads, for one CPU and 512 MB.

    listening = listen(host, port)
    keep_serving(listening)              # becomes the process that watches, and starts this command anew as its worker
    work(make, listening, parent)        # what the worker then does, until that process is gone
    serve(make, listening)               # both in a fork of this process: for a demo

The process that watches the worker loads nothing of the application: with one worker no one shares it, and whatever
the worker touches of it would lie in memory twice.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NoReturn

import click

from engage.operations.serving import watching

if TYPE_CHECKING:
    from flask import Flask

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
    """Returns the socket on which requests wait from now on. Raises click.ClickException if the port is taken."""
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
        # Under make the option is a variable of make's.
        other = "PORT=8001" if "MAKELEVEL" in os.environ else "--port 8001"
        raise click.ClickException(
            f"{host}:{port} cannot be used ({error.strerror}). "
            f"Stop what runs there, or choose another port: {other}"
        ) from None
    return listening


def keep_serving(listening: socket.socket) -> NoReturn:
    """Becomes the process that watches; its workers are this command once more, with the socket's number."""
    listening.set_inheritable(True)
    command = [sys.executable, *sys.orig_argv[1:], *words_for_worker(listening)]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-I", "-S", watching.__file__, *command])  # noqa: S606 - no shell


def words_for_worker(listening: socket.socket) -> list[str]:
    """Returns what tells `engage serve` to be the worker on this socket, for as long as this process is there."""
    return ["--listening", str(listening.fileno()), "--parent", str(os.getpid())]


def serve(make: Callable[[], Flask], listening: socket.socket) -> NoReturn:
    """Serves until stopped what `make` builds, with forks of this process as the workers."""
    parent = os.getpid()
    keep_forking(lambda _ended: work(make, listening, parent))


def keep_forking(begin: Callable[[int | None], NoReturn]) -> NoReturn:
    """Watches forks of this process, each of which does `begin`, told how the one before ended."""

    def fork(ended: int | None) -> int:
        if worker := os.fork():
            return worker
        for number in watching.SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        begin(ended)

    sys.exit(watching.watch(fork))


def note_end(code: int) -> None:
    """Logs how the worker before this one ended, unless it had answered its share."""
    if code:
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        _logger.error("the worker before this one ended (%s); this one took its place", how)


def work(
    make: Callable[[], Flask],
    listening: socket.socket,
    parent: int,
    at_start: Callable[[Flask], None] | None = None,
) -> NoReturn:
    """Serves as the worker, until it is told to stop or has answered its share, what `make` builds.

    It stops as well when its parent is another process: then no one watches it. It does `at_start` before it answers.
    What keeps it from starting is said as the one line, and ends everything.
    """
    from gunicorn import systemd
    from gunicorn.config import Config
    from gunicorn.glogging import Logger

    from engage.operations.serving.workers import Worker

    class Log(Logger):
        """A logger that sends Gunicorn's messages through our log: its lines would quote addresses and tracebacks."""

        def setup(self, cfg: Config) -> None:
            super().setup(cfg)
            self.error_log.handlers = []
            self.error_log.propagate = True

    def build() -> Flask:
        with starting():
            app = _built(make)
            if at_start:
                at_start(app)
        # systemd hears that Engage has started when it answers.
        systemd.sd_notify("READY=1", _logger, unset_environment=True)
        return app

    # Whoever computes lets others go on ten times as often as Python would: a page asks the database twenty times,
    # and would wait five milliseconds after each answer while a file is read.
    sys.setswitchinterval(0.0005)
    _share_memory_among_threads()
    settings = Config()
    for name, value in _SETTINGS.items():
        settings.set(name, value)
    worker = Worker(1, parent, [listening], SimpleNamespace(wsgi=build), 0, settings, Log(settings))
    try:
        worker.init_process()
    except Exception:
        logging.getLogger("gunicorn.error").exception("Exception in worker process")
        sys.exit(1 if worker.booted else watching.CANNOT_START)
    sys.exit(0)


_SETTINGS: dict[str, Any] = {
    "threads": 4,
    # Far longer than a proxy keeps a connection (docs/hosting/Caddyfile), also on a machine that is late: what it
    # sends at the moment of closing would be lost.
    "keepalive": 10,
    "max_requests": 20_000,
    "max_requests_jitter": 2_000,
    "accesslog": None,
    "loglevel": "warning",
    # Which proxy is believed is decided in one place, `engage.web.headers`.
    "forwarded_allow_ips": "",
}


def _built(make: Callable[[], Flask]) -> Flask:
    """Builds the application. What is there by then, the collector leaves alone from then on."""
    gc.disable()
    app = make()
    gc.freeze()
    gc.enable()
    return app


@contextmanager
def starting() -> Iterator[None]:
    """Ends everything if the worker cannot start, with what keeps it from starting as the one line."""
    try:
        yield
    except click.ClickException as error:
        error.show()
        sys.exit(watching.CANNOT_START)


def _share_memory_among_threads() -> None:
    """Has glibc give all threads one heap; with one each, what an export leaves free stays with its thread.

    A large block is given back when it is free: left to itself, glibc keeps ever larger ones in the heap.
    """
    with suppress(AttributeError):  # another C library
        set_to = ctypes.CDLL(None).mallopt
        set_to(_ARENA_MAX, 1)
        set_to(_MMAP_THRESHOLD, 128 * 1024)
