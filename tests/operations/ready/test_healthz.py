"""`/healthz` answers within a second, whatever holds up the pages."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from engage.config import TestConfig
from engage.extensions import db
from tests.client import EngageClient
from tests.databases import another_app, is_one_file

pytestmark = pytest.mark.real_clock


@contextmanager
def locked_by_another_program() -> Iterator[None]:
    """Holds the lock of an upgrade or of someone's own program: nothing can be written, and a table not even read."""
    db.session.remove()
    if is_one_file():
        with closing(sqlite3.connect(str(db.engine.url.database), isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield
        return
    with db.engine.connect() as other, other.begin():
        other.exec_driver_sql("LOCK TABLE alembic_version, accounts_user IN ACCESS EXCLUSIVE MODE")
        yield


def test_healthz_waits_for_no_lock(client: EngageClient) -> None:
    with locked_by_another_program():
        began = time.monotonic()
        answer = client.get("/healthz")
        assert time.monotonic() - began < 1
    assert answer.text == "ok"


def test_healthz_says_within_a_second_that_another_program_has_the_file_for_itself(tmp_path: Path) -> None:
    file = tmp_path / "engage.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("CREATE TABLE alembic_version (version_num)")
        config = TestConfig(DATA=tmp_path, SQLALCHEMY_DATABASE_URI=f"sqlite:///{file}")
        client = another_app(config).test_client()
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("INSERT INTO alembic_version VALUES ('0001')")
        began = time.monotonic()
        answer = client.get("/healthz")
        assert (answer.status_code, time.monotonic() - began < 1) == (503, True)
