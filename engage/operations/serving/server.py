"""Runs Gunicorn with the settings we recommend: one process, four threads, for one CPU and 512 MB."""

import gc
import socket
import sys
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.config import Config as GunicornConfig
from gunicorn.glogging import Logger

from engage.accounts import queries, service
from engage.extensions import db
from engage.web import links


def setup_link() -> str | None:
    """Returns the one-time link of a new installation; None if it has an account."""
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
            raise click.ClickException(
                f"{host}:{port} cannot be used ({error.strerror}). "
                "Stop what runs there, or choose another port: --port 8001"
            ) from None


class _Log(Logger):
    """A logger that sends Gunicorn's messages through our log: its own lines would quote addresses and tracebacks."""

    def setup(self, cfg: GunicornConfig) -> None:
        super().setup(cfg)
        self.error_log.handlers = []
        self.error_log.propagate = True


class _Server(BaseApplication):
    def __init__(self, app: Flask, settings: dict[str, Any]) -> None:
        self._app = app
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def run(app: Flask, host: str, port: int) -> None:
    """Serves until stopped. Connections made before the fork are dropped: a worker opens its own."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    settings = {
        "bind": f"{host}:{port}",
        "workers": 1,
        "worker_class": "engage.operations.serving.workers.Worker",
        "threads": 4,
        "preload_app": True,
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
    # What is loaded by now stays shared with the worker: the collector leaves it alone.
    gc.collect()
    gc.freeze()
    _Server(app, settings).run()
