"""Serves the suite's own database with `engage serve`: as we recommend it."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from flask import Flask

from bench.processes import free_port
from engage.config import prepare
from tests import warm

START_SECONDS = 60


@contextmanager
def running(app: Flask) -> Iterator[int]:
    """Yields its port. The server is stopped by its process id."""
    port = free_port()
    database = str(app.config["SQLALCHEMY_DATABASE_URI"])
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ENGAGE_")},
        "ENGAGE_DATA": str(app.config["DATA"]),
        **({} if database.startswith("sqlite") else {"ENGAGE_DATABASE_URL": database}),
    }
    prepare(app.config["DATA"])
    with (Path(app.config["DATA"]) / "served.log").open("w") as log:
        process = warm.start("serve", "--port", str(port), env=environment, out=log)
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, process: warm.Started) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise AssertionError("the server did not start")
