"""`wsgi.py` gives any WSGI server the application, after the checks of `engage serve`."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests import warm

pytestmark = pytest.mark.real_clock

SERVED = """
import threading
from urllib.request import urlopen
from wsgiref.simple_server import make_server
import wsgi

with make_server("127.0.0.1", 0, wsgi.app) as server:
    threading.Thread(target=server.handle_request).start()
    print(urlopen(f"http://127.0.0.1:{server.server_port}/healthz").read().decode(), flush=True)
"""


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ENGAGE_")}
    return {**kept, "ENGAGE_DATA": str(tmp_path / "data"), "ENGAGE_LOG": "off"}


def test_another_server_serves_the_application(settings: dict[str, str]) -> None:
    assert warm.run("init", env=settings).returncode == 0
    done = warm.run(code=SERVED, env=settings)
    assert done.stdout == "ok\n", done.stderr


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE alembic_version SET version_num = '0001'", "Stop Engage and type: engage upgrade"),
        ("UPDATE alembic_version SET version_num = '9999'", "from a newer Engage than this one"),
    ],
)
def test_a_database_of_another_version_is_refused_in_one_line(
    settings: dict[str, str], statement: str, words: str
) -> None:
    assert warm.run("init", env=settings).returncode == 0
    with closing(sqlite3.connect(Path(settings["ENGAGE_DATA"]) / "engage.db")) as database, database:
        database.execute(statement)
    done = warm.run(code="import wsgi", env=settings)
    assert words in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ENGAGE_URL", "nonsense", "ENGAGE_URL must be"),
        ("ENGAGE_DATABASE_URL", "postgresql://u@127.0.0.1:1/d", "The database cannot be used"),
        ("ENGAGE_DATA", "/nowhere", "is not prepared yet. Type: engage init"),
    ],
)
def test_what_keeps_the_application_from_being_built_is_said_in_one_line(
    settings: dict[str, str], name: str, value: str, words: str
) -> None:
    assert warm.run("init", env=settings).returncode == 0
    done = warm.run(code="import wsgi", env={**settings, name: value})
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("Error: ") and words in done.stderr
