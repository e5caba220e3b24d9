"""Runs Gunicorn with the settings we recommend: one worker with four threads, for one CPU and 512 MB.

The process that watches the worker loads nothing of the application: with one worker no one shares it, and whatever
the worker touches of it would lie in memory twice.
"""

from __future__ import annotations

import ctypes
import gc
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import click
from gunicorn import systemd
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config as GunicornConfig
from gunicorn.glogging import Logger

from engage.operations.serving.workers import Worker

if TYPE_CHECKING:
    from flask import Flask


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


def refuse_taken_port(host: str, port: int) -> None:
    """Refuses at once, before a setup link is made, if something else answers on the port."""
    family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            # Under make the option is a variable of make's.
            other = "PORT=8001" if "MAKELEVEL" in os.environ else "--port 8001"
            raise click.ClickException(
                f"{host}:{port} cannot be used ({error.strerror}). "
                f"Stop what runs there, or choose another port: {other}"
            ) from None


# glibc's numbers for two of its settings: how many heaps there are, and from which size a block is no part of them.
_ARENA_MAX, _MMAP_THRESHOLD = -8, -3


class _Log(Logger):
    """A logger that sends Gunicorn's messages through our log: its own lines would quote addresses and tracebacks."""

    def setup(self, cfg: GunicornConfig) -> None:
        super().setup(cfg)
        self.error_log.handlers = []
        self.error_log.propagate = True

    def error(self, msg: str, *args: Any, **more: object) -> None:
        """Keeps quiet of a worker that could not start: it has said why."""
        if args[-1:] != (Arbiter.APP_LOAD_ERROR,):
            super().error(msg, *args, **more)


class _Arbiter(Arbiter):
    def halt(self, reason: str | None = None, exit_status: int = 0) -> None:
        if exit_status != self.APP_LOAD_ERROR:
            super().halt(reason, exit_status)
        self.stop()
        sys.exit(1)


@contextmanager
def _starting() -> Iterator[None]:
    """Ends everything if the worker cannot start, with what keeps it from starting as the one line."""
    try:
        yield
    except click.ClickException as error:
        error.show()
        sys.exit(Arbiter.APP_LOAD_ERROR)


class _Server(BaseApplication):
    def __init__(self, make: Callable[[], Flask], settings: dict[str, Any]) -> None:
        self._make = make
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Builds the application. What is there by then, the collector leaves alone from then on."""
        gc.disable()
        with _starting():
            app = self._make()
        gc.freeze()
        gc.enable()
        return app

    def run(self) -> None:
        _Arbiter(self).run()


def _share_memory_among_threads() -> None:
    """Has glibc give all threads one heap; with one each, what an export leaves free stays with its thread.

    A large block is given back when it is free: left to itself, glibc keeps ever larger ones in the heap.
    """
    with suppress(AttributeError):  # another C library
        set_to = ctypes.CDLL(None).mallopt
        set_to(_ARENA_MAX, 1)
        set_to(_MMAP_THRESHOLD, 128 * 1024)


def _nothing(_app: Flask) -> None:
    pass


def run(
    make: Callable[[], Flask], host: str, port: int, at_start: Callable[[Flask], None] = _nothing
) -> None:
    """Serves until stopped what `make` builds in each worker; the first does `at_start` before it answers."""
    told = os.environ.pop("NOTIFY_SOCKET", "")

    def begin(worker: Worker) -> None:
        if worker.age > 1:
            return
        with _starting():
            at_start(worker.wsgi)
        if told:  # systemd hears that Engage has started when it answers; Gunicorn would say so now
            os.environ["NOTIFY_SOCKET"] = told
            systemd.sd_notify("READY=1", worker.log, unset_environment=True)

    settings = {
        "bind": f"{host}:{port}",
        "workers": 1,
        "worker_class": Worker,
        "threads": 4,
        # Far longer than a proxy keeps a connection (docs/hosting/Caddyfile), also on a machine that is late: what it
        # sends at the moment of closing would be lost.
        "keepalive": 10,
        "post_worker_init": begin,
        "max_requests": 20_000,
        "max_requests_jitter": 2_000,
        "control_socket_disable": True,
        "accesslog": None,
        "logger_class": _Log,
        "loglevel": "warning",
        # Which proxy is believed is decided in one place, `engage.web.headers`.
        "forwarded_allow_ips": "",
        "proc_name": "engage",
    }
    # Whoever computes lets others go on ten times as often as Python would: a page asks the database twenty times,
    # and would wait five milliseconds after each answer while a file is read.
    sys.setswitchinterval(0.0005)
    _share_memory_among_threads()
    gc.freeze()
    _Server(make, settings).run()
