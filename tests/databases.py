"""Provides the test database: SQLite in the test's folder, or PostgreSQL where ENGAGE_TEST_DATABASE_URL points."""

import fcntl
import inspect
import os
import re
import shutil
import sqlite3
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache, wraps
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import sqlalchemy as sa
from alembic import command
from flask import Flask
from sqlalchemy import event

from engage import create_app
from engage.config import ROOT, Config, TestConfig, in_folder
from engage.extensions import db
from engage.operations.backup import installations
from engage.search import index

# Tests' databases are written thousands of times: in memory, where a machine has enough of it, and not to a disk.
_shared = Path("/dev/shm")
MEMORY = _shared if _shared.is_dir() and shutil.disk_usage(_shared).free > 2 * 2**30 else None


@contextmanager
def empty(folder: Path, worker: str, template: str = "template1") -> Iterator[str]:
    """Gives the address of a database that no one else uses; a PostgreSQL one is removed at the end."""
    if not os.environ.get("ENGAGE_TEST_DATABASE_URL"):
        yield f"sqlite:///{folder / 'engage.db'}"
        return
    name = f"engage_test_{re.sub('[^a-z0-9_]', '', worker)}_{os.getpid()}"
    create(name, template)
    try:
        yield address(name)
    finally:
        _on_server(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def with_tables(folder: Path, worker: str) -> Iterator[str]:
    """Does the same; on PostgreSQL all tables are there, where migrations need not make them anew."""
    template = _migrated_database() if os.environ.get("ENGAGE_TEST_DATABASE_URL") else ""
    with empty(folder, worker, template) as url:
        yield url


def create(name: str, template: str) -> None:
    """Makes a PostgreSQL database, as a copy of another one."""
    _on_server(
        f"CREATE DATABASE {name} TEMPLATE {template}",
        # A test that kills the server itself has a server of its own.
        f"ALTER DATABASE {name} SET synchronous_commit = off",
    )


def address(name: str) -> str:
    """Returns the address of a database on the test server."""
    url = sa.make_url(os.environ["ENGAGE_TEST_DATABASE_URL"]).set(drivername="postgresql+psycopg")
    return url.set(database=name).render_as_string(hide_password=False)


def _on_server(*statements: str) -> None:
    engine = sa.create_engine(
        sa.make_url(os.environ["ENGAGE_TEST_DATABASE_URL"]).set(drivername="postgresql+psycopg"),
        isolation_level="AUTOCOMMIT",
        poolclass=sa.pool.NullPool,
    )
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@contextmanager
def migrated_app(folder: Path, worker: str) -> Iterator[Flask]:
    """Gives an application on a database of its own with all tables; both are gone at the end."""
    with empty(folder, worker) as url:
        app = app_of(TestConfig(DATA=folder, SQLALCHEMY_DATABASE_URI=url))
        migrate(app)
        yield app
        close(app)


def migrate(app: Flask) -> None:
    """Puts a copy of a database that the migrations made in place of the application's empty one."""
    url = sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    name = url.database or ""
    if url.get_backend_name() == "sqlite":
        shutil.copyfile(_migrated_file(), name)
        Path(name).chmod(0o600)
        return
    close(app)
    _on_server(f"DROP DATABASE {name}")
    create(name, _migrated_database())


@cache
def _of_these_migrations() -> str:
    """Returns what stands for the migrations in names: other migrations, other name."""
    made_of = (ROOT / "migrations", ROOT / "engage" / "search")
    files = [
        ROOT / "engage" / "database.py",
        *(file for each in made_of for file in sorted(each.rglob("*.py"))),
    ]
    return f"{zlib.crc32(b''.join(file.read_bytes() for file in files)):08x}"


@cache
def _migrated_file(revision: str = "head") -> Path:
    """Returns the file of what the migrations make of nothing; whoever needs it first makes it, and others wait."""
    name = f"engage-tests-{os.getuid()}-{_of_these_migrations()}-{revision}"
    made = Path(tempfile.gettempdir()) / f"{name}.db"
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            with tempfile.TemporaryDirectory(dir=made.parent) as folder:
                _by_migrations(Path(folder), in_folder(Path(folder)), revision)
                (Path(folder) / "engage.db").replace(made)
    return made


def by_copy(upgrade: Callable[..., None]) -> Callable[..., None]:
    """Returns Alembic's command, but an empty SQLite file becomes a copy of what the migrations once made of another.

    What they do step by step is for tests/migrations to prove, and tests/operations/test_cold_commands.py does `init`.
    """

    @wraps(upgrade)
    def copied(config: Any, revision: str = "head", **more: Any) -> None:
        if db.engine.dialect.name != "sqlite" or sa.inspect(db.engine).get_table_names():
            upgrade(config, revision, **more)
            return
        sqlite = db.engine.dialect.loaded_dbapi
        with closing(sqlite.connect(_migrated_file(revision))) as source, _driver() as driver:
            source.backup(driver)

    return copied


@cache
def _migrated_database() -> str:
    """Returns the name of the one that stays on the server for the next run; workers wait for whoever makes it."""
    name = f"engage_template_{_of_these_migrations()}"
    engine = sa.create_engine(address("postgres"), poolclass=sa.pool.NullPool)
    with engine.begin() as connection, tempfile.TemporaryDirectory() as folder:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(46)")
        if not connection.exec_driver_sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'").scalar():
            _on_server(f"DROP DATABASE IF EXISTS {name}_half")
            create(f"{name}_half", "template1")
            _by_migrations(Path(folder), address(f"{name}_half"))
            _on_server(f"ALTER DATABASE {name}_half RENAME TO {name}")
    return name


def _by_migrations(folder: Path, url: str, revision: str = "head") -> None:
    share_static_files(folder)
    with mock.patch.object(command, "upgrade", inspect.unwrap(command.upgrade)):
        installations.migrate(TestConfig(DATA=folder, SQLALCHEMY_DATABASE_URI=url), revision)


def close(app: Flask) -> None:
    with app.app_context():
        if db.engine in _emptied:
            _emptied.pop(db.engine).close()
        db.engine.dispose()


_others: list[Flask] = []


def static_files(root: Path = ROOT) -> Path:
    """Returns a folder for the static files of all applications: compressing them takes longer than most tests."""
    files = [*sorted((root / "static").rglob("*.*")), ROOT / "engage" / "web" / "static_files.py"]
    # Of these contents, built in this way, alone: who changes a file in the meantime takes it away from no
    # running suite.
    key = zlib.crc32(b"".join(file.read_bytes() for file in files))
    shared = Path(tempfile.gettempdir()) / f"engage-tests-static-{key:08x}"
    shared.mkdir(exist_ok=True)
    return shared


def app_of(config: Config) -> Flask:
    """Returns an application, with the static files that all share."""
    share_static_files(Path(config.DATA), config.FILES)
    return create_app(config)


def share_static_files(data: Path, root: Path = ROOT) -> None:
    data.mkdir(parents=True, exist_ok=True)
    if not (data / "static").exists():
        (data / "static").symlink_to(static_files(root), target_is_directory=True)


def another_app(config: Config) -> Flask:
    """Returns one more application beside the suite's; its connections are closed when the test ends."""
    made = app_of(config)
    _others.append(made)
    return made


def close_others() -> None:
    while _others:
        close(_others.pop())


def wait_for_mail() -> None:
    """Waits until the threads that send mail have ended; otherwise they would write into the next test's rows."""
    for thread in threading.enumerate():
        if thread.name.startswith("mail"):
            thread.join(30)


def clear() -> None:
    """Deletes every row. The order does not matter, because foreign keys are off."""
    # The coalitions first: the audit log only goes along with its coalition.
    tables = sorted(db.metadata.tables, key=lambda name: name != "coalitions_coalition")
    if db.engine.dialect.name == "sqlite":
        cursor = _emptying(db.engine).cursor()
        # Most tests fill a few tables: looking into all takes a fraction of the time of deleting from all.
        cursor.execute(f"SELECT {', '.join(f'EXISTS (SELECT 1 FROM {table})' for table in tables)}")
        filled = [table for table, holds in zip(tables, cursor.fetchone(), strict=True) if holds]
        for statement in ("BEGIN IMMEDIATE", *(f"DELETE FROM {table}" for table in filled), "COMMIT"):
            cursor.execute(statement)
        cursor.close()
        return
    # In one round trip; no trigger deletes from the search index.
    deleted = [f"DELETE FROM {table}" for table in (*tables, index.NAME)]
    role = "SET session_replication_role = "
    with _driver() as driver:
        driver.execute("; ".join([f"{role}replica", *deleted, f"{role}origin"]))


_emptied: dict[sa.Engine, Any] = {}


def _emptying(engine: sa.Engine) -> Any:
    """Returns a connection kept for this: turning foreign keys off and on makes one compile its statements anew."""
    if engine not in _emptied:
        connection = engine.raw_connection()
        connection.detach()
        for pragma in ("query_only=OFF", "foreign_keys=OFF", "synchronous=OFF"):
            connection.cursor().execute(f"PRAGMA {pragma}")
        _emptied[engine] = connection
    return _emptied[engine]


# A copy of an SQLite database, or the name of the schema that holds a copy of each of PostgreSQL's tables.
Kept = sqlite3.Connection | str
_numbers = count(1)


def kept() -> Kept:
    """Returns every row there is, to be put back again and again: what takes long to make is made once."""
    db.session.commit()
    if db.engine.dialect.name == "sqlite":
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        with _driver() as driver:
            driver.backup(copy)
        return copy
    schema = f"kept_{next(_numbers)}"
    copies = [
        f"CREATE TABLE {schema}.{table} AS TABLE {table}" for table in (*db.metadata.tables, index.NAME)
    ]
    with _driver() as driver:
        driver.execute("; ".join([f"CREATE SCHEMA {schema}", *copies]))
    return schema


def put_back(rows: Kept) -> None:
    """Makes these all the rows there are."""
    db.session.rollback()
    if isinstance(rows, sqlite3.Connection):
        with _driver() as driver:
            rows.backup(driver)
        return
    clear()
    tables = (*db.metadata.tables, index.NAME)
    filled = [f"INSERT INTO {table} SELECT * FROM {rows}.{table}" for table in tables]
    with _driver() as driver:
        driver.execute("; ".join(["SET LOCAL session_replication_role = replica", *filled]))


@contextmanager
def _driver() -> Iterator[Any]:
    """Gives the driver's own connection, and commits."""
    connection = db.engine.raw_connection()
    try:
        yield connection.driver_connection
        connection.commit()
    finally:
        connection.close()


def watch_writes(app: Flask) -> None:
    """Remembers on each connection whether it wrote since its last commit or rollback."""
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
        if not connection.invalidated:  # what a lost connection wrote is gone with it
            connection.info["wrote"] = False


def fail_when_uncommitted(path: str) -> None:
    """Fails, because a view that wrote and did not commit would lose what a person typed."""
    session = db.session()
    if session.new or session.dirty or session.deleted:
        pytest.fail(f"{path}: the view left rows unsaved: {[*session.new, *session.dirty, *session.deleted]}")
    if session.in_transaction() and session.connection().info.get("wrote"):
        pytest.fail(f"{path}: the view wrote and did not commit")


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """Yields the statements sent to the database in the block."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip()[:6].upper() in {"SELECT", "INSERT", "UPDATE", "DELETE"}:
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def is_one_file() -> bool:
    return db.engine.dialect.name == "sqlite"


def hold(text: str) -> bool:
    """Returns whether the bytes of SQLite's file, or of its write-ahead log, hold this text; it ends the session."""
    db.session.remove()
    file = Path(str(db.engine.url.database))
    both = file, file.with_name(f"{file.name}-wal")
    return any(text.encode() in each.read_bytes() for each in both if each.exists())


@contextmanager
def written(words: str) -> Iterator[list[str]]:
    """Yields the statements sent in the block that write a text with these words."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, values: object, *_rest: object) -> None:
        if statement.lstrip()[:6].upper() in {"INSERT", "UPDATE"} and words in repr(values):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
