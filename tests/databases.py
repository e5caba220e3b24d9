"""The test database: SQLite in the test's folder, or PostgreSQL where ENGAGE_TEST_DATABASE_URL points."""

import os
import re
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event

from engage import create_app
from engage.config import ROOT, Config
from engage.extensions import db


@contextmanager
def empty(folder: Path, worker: str) -> Iterator[str]:
    """The address of a database that nobody else uses; a PostgreSQL one is removed at the end."""
    server = os.environ.get("ENGAGE_TEST_DATABASE_URL", "")
    if not server:
        yield f"sqlite:///{folder / 'engage.db'}"
        return
    url = sa.make_url(server).set(drivername="postgresql+psycopg")
    name = f"engage_test_{re.sub('[^a-z0-9]', '', worker)}_{os.getpid()}"
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        engine.dispose()


def migrate(app: Flask) -> None:
    """Bring it to the newest version by the migrations, as a host would."""
    with app.app_context():
        upgrade()


def close(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


_others: list[Flask] = []


def static_files(root: Path = ROOT) -> Path:
    """A folder for the static files of all applications: compressing them takes longer than most tests."""
    files = [*sorted((root / "static").rglob("*.*")), ROOT / "engage" / "static_files.py"]
    # Of these contents, built in this way, alone: who changes a file meanwhile takes it away from no running suite.
    key = zlib.crc32(b"".join(file.read_bytes() for file in files))
    shared = Path(tempfile.gettempdir()) / f"engage-tests-static-{key:08x}"
    shared.mkdir(exist_ok=True)
    return shared


def app_of(config: Config) -> Flask:
    """An application, with the static files that all share."""
    data = Path(config.DATA)
    data.mkdir(parents=True, exist_ok=True)
    if not (data / "static").exists():
        (data / "static").symlink_to(static_files(config.ROOT), target_is_directory=True)
    return create_app(config)


def another_app(config: Config) -> Flask:
    """One more application beside the suite's; its connections are closed when the test ends."""
    made = app_of(config)
    _others.append(made)
    return made


def close_others() -> None:
    while _others:
        close(_others.pop())


def clear() -> None:
    """Delete every row. The order does not matter: foreign keys are off meanwhile."""
    sqlite = db.engine.dialect.name == "sqlite"
    off, on = (
        ("PRAGMA query_only=OFF; PRAGMA foreign_keys=OFF", "PRAGMA foreign_keys=ON")
        if sqlite
        else ("SET session_replication_role = replica", "SET session_replication_role = origin")
    )
    driver = db.engine.raw_connection()
    try:
        cursor = driver.cursor()
        for statement in off.split("; "):
            cursor.execute(statement)
        cursor.execute("BEGIN IMMEDIATE" if sqlite else "SELECT 1")
        # The coalitions first: the audit log only goes along with its coalition.
        for table in sorted(db.metadata.tables, key=lambda name: name != "coalitions_coalition"):
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("COMMIT")
        cursor.execute(on)
        driver.commit()
        driver.info.pop("reading", None)  # the engine's hook remembers what it said last
    finally:
        driver.close()


def watch_writes(app: Flask) -> None:
    """Remember on each connection whether it wrote since its last commit or rollback."""
    with app.app_context():
        engine = db.engine

    @event.listens_for(engine, "after_cursor_execute")
    def note(connection: sa.Connection, cursor: Any, statement: str, *_rest: object) -> None:
        # An UPDATE that finds no row (a lost race) wrote nothing.
        if statement.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"} and cursor.rowcount != 0:
            connection.info["wrote"] = True

    @event.listens_for(engine, "savepoint")
    def remember(connection: sa.Connection, _name: str) -> None:
        connection.info["wrote_before"] = connection.info.get("wrote", False)

    @event.listens_for(engine, "rollback_savepoint")
    def restore(connection: sa.Connection, *_rest: object) -> None:
        # What the database refused is undone: a refused form need not commit it.
        connection.info["wrote"] = connection.info["wrote_before"]

    @event.listens_for(engine, "commit")
    @event.listens_for(engine, "rollback")
    def forget(connection: sa.Connection) -> None:
        connection.info["wrote"] = False


def fail_when_uncommitted(path: str) -> None:
    """A view that wrote and did not commit would lose what a person typed."""
    session = db.session()
    if session.new or session.dirty or session.deleted:
        pytest.fail(f"{path}: the view left rows unsaved: {[*session.new, *session.dirty, *session.deleted]}")
    if session.in_transaction() and session.connection().info.get("wrote"):
        pytest.fail(f"{path}: the view wrote and did not commit")


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """The statements sent to the database meanwhile."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip()[:6].upper() in {"SELECT", "INSERT", "UPDATE", "DELETE"}:
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
