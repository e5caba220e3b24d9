"""The database goes away and comes back, for two seconds by a cut wire; waiting for a lock ends after five."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from engage.config import Config, in_folder
from engage.extensions import db
from tests import databases
from tests.client import EngageClient
from tests.faults import gone
from tests.faults.relays import Relay

pytestmark = [pytest.mark.slow, pytest.mark.real_clock]


@contextmanager
def through_a_wire(folder: Path, worker: str) -> Iterator[tuple[str, Relay]]:
    with databases.with_tables(folder, worker + "wire") as address:
        url = sa.make_url(address)
        relay = Relay(url.host or "127.0.0.1", url.port or 5432)
        try:
            cut = url.set(host="127.0.0.1", port=relay.port)
            yield cut.render_as_string(hide_password=False), relay
        finally:
            relay.cut()


def test_postgresql_gone_loses_nothing_and_no_one_has_to_restart(tmp_path: Path, worker_id: str) -> None:
    if not os.environ.get("ENGAGE_TEST_DATABASE_URL"):
        return
    with through_a_wire(tmp_path, worker_id) as (url, relay):
        row = gone.outage(url, relay.cut, relay.mend, away=2)
    assert not row.broken, row
    assert int(row.counts["acknowledged"]) > 20 and int(row.counts["refused with 503"]) > 0, row


def test_whoever_waits_for_a_lock_is_told_after_five_seconds(app: Flask, coordinator: EngageClient) -> None:
    if db.engine.dialect.name == "sqlite":
        return  # test_errors.py has it: SQLite's own patience is one of its settings
    other = sa.create_engine(db.engine.url)
    with other.connect() as connection:
        connection.exec_driver_sql("LOCK TABLE coalitions_coalition IN ACCESS EXCLUSIVE MODE")
        assert coordinator.get("/c/riverbend/settings/").status_code == 503
        assert db.session.scalar(sa.text("SHOW lock_timeout")) == "5s"
    other.dispose()


@pytest.mark.parametrize(
    "said",
    [
        'connection failed: connection to server on socket "/run/.s.PGSQL.5432" failed: No such file or directory',
        'connection to server at "127.0.0.1", port 5432 failed: Connection refused',
        "terminating connection due to administrator command",
    ],
)
def test_a_database_that_is_not_there_is_busy_not_broken(
    app: Flask, coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    def refuse(*_args: object) -> None:
        raise sa.exc.OperationalError("SELECT", {}, Exception(said))

    monkeypatch.setattr("engage.coalitions.queries.memberships_of", refuse)
    assert coordinator.get("/c/riverbend/settings/").status_code == 503


def test_only_postgresql_is_asked_whether_it_is_still_there() -> None:
    def options(url: str) -> dict[str, object]:
        return Config(SECRET_KEY="k" * 40, DATA=Path(), SQLALCHEMY_DATABASE_URI=url).SQLALCHEMY_ENGINE_OPTIONS

    assert "pool_pre_ping" not in options(in_folder(Path("x")))
    asked = options("postgresql+psycopg://user@host/name?connect_timeout=60")
    assert asked["pool_pre_ping"] is True
    assert asked["connect_args"] == {"tcp_user_timeout": 4_000}
