"""The database's settings: no lost updates, no writes while reading, no row that points elsewhere."""

import enum
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from importlib import import_module
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, g
from sqlalchemy import event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import aliased
from sqlalchemy.schema import CreateIndex

import engage
from engage import cli, clock, database
from engage.accounts.models import User
from engage.coalitions.audit import downloads
from engage.coalitions.models import Coalition, Membership
from engage.database import (
    UtcDateTime,
    along,
    folded,
    short_transaction,
    unique_while,
    unique_while_on_both,
)
from engage.extensions import db
from engage.plan.models import Action
from tests import rows
from tests.factories import make_coalition, make_plan, make_user

# Alone, this file is collected before an application has brought all tables.
HOUSE = Path(engage.__file__).parent
for each in HOUSE.rglob("models.py"):
    import_module(".".join(("engage", *each.relative_to(HOUSE).with_suffix("").parts)))
TABLES = sorted(db.metadata.tables)


def tenant_keys() -> list[tuple[str, sa.ForeignKeyConstraint]]:
    """Returns every foreign key that has to stay inside its coalition."""
    found = {
        f"{table.name}.{key.column_keys[-1]}": key
        for table in db.metadata.sorted_tables
        for key in table.foreign_key_constraints
        if len(key.elements) == 2
    }
    return sorted(found.items())


def sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def test_sqlite_is_set_up_for_durable_writes(app: Flask) -> None:
    if not sqlite():
        return
    expected = {
        "foreign_keys": 1,
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 5000,
        "trusted_schema": 0,
        "secure_delete": 1,
    }
    found = {name: db.session.execute(sa.text(f"PRAGMA {name}")).scalar() for name in expected}
    assert found == expected


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_reading_request_cannot_write_and_the_next_writing_one_can(app: Flask, method: str) -> None:
    user = make_user()
    with (
        app.test_request_context("/", method=method),
        pytest.raises(sa.exc.DBAPIError, match=r"(?i)read-?only"),
    ):
        db.session.execute(sa.update(User).values(name="changed"))
    db.session.rollback()
    with app.test_request_context("/", method="POST"):
        db.session.execute(sa.update(User).values(name="changed"))
        db.session.commit()
    db.session.refresh(user)
    assert user.name == "changed"


def test_after_its_commit_a_writing_request_only_reads(app: Flask) -> None:
    make_user()
    with app.test_request_context("/", method="POST"):
        db.session.execute(sa.update(User).values(name="once"))
        db.session.commit()
        assert g.committed
        assert db.session.scalar(sa.select(User.name)) == "once"
        with pytest.raises(sa.exc.DBAPIError, match=r"(?i)read-?only"):
            db.session.execute(sa.update(User).values(name="twice"))
        db.session.rollback()
    assert db.session.scalar(sa.select(User.name)) == "once"


def test_a_named_writer_may_write_while_reading(app: Flask) -> None:
    make_user()
    db.session.commit()
    with app.test_request_context("/"):
        with short_transaction(db.engine) as session:
            session.execute(sa.update(User).values(name="seen"))
        assert db.session.scalar(sa.select(User.name)) == "seen"
        db.session.rollback()


def test_readers_then_writers_lose_no_update(app: Flask) -> None:
    coalition = make_coalition(version=0)
    key = coalition.id
    db.session.commit()

    def add(_thread: int) -> None:
        with app.app_context():
            for _time in range(10):
                row = db.session.execute(
                    sa.select(Coalition).where(Coalition.id == key).with_for_update()
                ).scalar_one()
                row.version += 1
                db.session.commit()
                db.session.remove()  # the next request

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(4)))
    db.session.expire_all()
    assert db.session.get_one(Coalition, key).version == 40


def held_back(app: Flask) -> tuple[Thread, list[str]]:
    """Starts a second writer and returns it with what it has come to."""
    reached: list[str] = []

    def write() -> None:
        with app.app_context():
            reached.append("asks")
            try:
                db.session.execute(sa.text("SELECT 1"))
                reached.append("writes")
            except OperationalError as error:
                reached.append(str(error.orig))
            db.session.remove()

    second = Thread(target=write)
    second.start()
    while not reached:
        sleep(0.01)
    return second, reached


@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_writers_of_one_process_wait_for_each_other_and_go_at_once(app: Flask, end: str) -> None:
    if db.engine.dialect.name != "sqlite":
        return
    db.session.execute(sa.text("SELECT 1"))
    begun: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if (
            "query_only" not in statement
        ):  # which a connection that only read is told, and which waits for no one
            begun.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    second, reached = held_back(app)
    sleep(0.1)
    asked_sqlite = list(begun)
    getattr(db.session, end)()
    second.join(timeout=1)
    event.remove(db.engine, "before_cursor_execute", note)
    assert asked_sqlite == [] and "BEGIN IMMEDIATE" in begun
    assert reached == ["asks", "writes"]


def test_a_writer_waits_five_seconds_and_then_is_told_that_the_database_is_busy(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    if db.engine.dialect.name != "sqlite":
        return
    assert database.WAITS_SECONDS == 5
    monkeypatch.setattr(database, "WAITS_SECONDS", 0.05)
    db.session.execute(sa.text("SELECT 1"))
    second, reached = held_back(app)
    second.join()
    assert reached == ["asks", "database is locked"]
    db.session.rollback()
    second, reached = held_back(app)
    second.join()
    assert reached == ["asks", "writes"]


@pytest.mark.parametrize("words", ["coalition list", "export riverbend", "plan export riverbend"])
def test_a_command_that_only_reads_keeps_no_one_from_saving(
    app: Flask, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    """What it says may wait in a pager for as long as someone reads it."""
    make_plan()
    monkeypatch.setattr(downloads, "note", lambda *_words: None)  # which is written afterwards, by itself
    began: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        began.extend([statement] if statement.startswith(("BEGIN", "SET TRANSACTION")) else [])

    event.listen(db.engine, "before_cursor_execute", note)
    with app.app_context():
        done = app.test_cli_runner().invoke(cli.main, words.split())
    event.remove(db.engine, "before_cursor_execute", note)
    assert done.exit_code == 0, done.output
    assert set(began) == {"BEGIN" if sqlite() else "SET TRANSACTION READ ONLY"}


def test_a_moment_comes_back_in_utc_and_a_naive_one_is_refused(app: Flask) -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    user = make_user(created_at=datetime(2026, 3, 1, 5, 30, tzinfo=east))
    db.session.expire_all()
    assert user.created_at == datetime(2026, 3, 1, tzinfo=UTC)
    assert user.created_at.utcoffset() == timedelta(0)
    user.created_at = datetime(2026, 3, 1)  # noqa: DTZ001
    with pytest.raises(sa.exc.StatementError, match="a moment needs a time zone"):
        db.session.commit()
    db.session.rollback()


def test_moments_sort_alike_whatever_zone_they_came_from(app: Flask) -> None:
    kind = UtcDateTime()
    east = datetime(2026, 3, 1, 5, tzinfo=timezone(timedelta(hours=5)))
    west = datetime(2026, 2, 28, 19, 30, tzinfo=timezone(timedelta(hours=-5)))
    first, second = (kind.process_bind_param(moment, db.engine.dialect) for moment in (east, west))
    assert first is not None and second is not None and first < second


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (" Émile  Zola ", "emile zola"),
        ("STRASSE", "strasse"),
        ("straße", "strasse"),
        ("Ｆｕｌｌ", "full"),
        ("", ""),
    ],
)
def test_names_are_folded_alike(text: str, key: str) -> None:
    assert folded(text) == key


def states() -> list[sa.Column[Any]]:
    """Returns every column that holds a state."""
    tables = [db.metadata.tables[name] for name in TABLES]
    return [column for table in tables for column in table.columns if isinstance(column.type, sa.Enum)]


def test_every_state_that_the_code_knows_can_be_stored(app: Flask) -> None:
    """`flask db check` does not see what an enum's CHECK lists, so each member is inserted."""
    refused = []
    for column in states():
        kind = column.type.enum_class  # type: ignore[attr-defined]
        assert issubclass(kind, enum.StrEnum)
        for member in kind:
            try:
                rows.insert(column.table, {column.name: member})
            except sa.exc.IntegrityError as error:
                refused.append(f"{column} {member}: {error.orig}")
            db.session.rollback()
    assert refused == []


def test_a_state_that_the_code_does_not_know_is_refused(app: Flask) -> None:
    taken = []
    for column in states():
        key = rows.insert(column.table)
        unknown = f"UPDATE {column.table} SET {column.name} = 'unheard of' WHERE id = {key}"
        with suppress(sa.exc.IntegrityError):
            db.session.execute(sa.text(unknown))
            taken.append(str(column))
        db.session.rollback()
    assert taken == []


def test_no_row_can_point_into_another_coalition(app: Flask) -> None:
    keys, found = tenant_keys(), []
    assert len(keys) > 100
    for name, key in keys:
        try:
            pointed = points_elsewhere(key)
        except sa.exc.IntegrityError as error:
            pointed = f"refused inside its coalition too: {error.orig}"
        if pointed != "refused":
            found.append(f"{name}: {pointed}")
        db.session.rollback()
    assert found == []


def points_elsewhere(key: sa.ForeignKeyConstraint) -> str:
    """Returns what the database says of a row that points into another coalition; one inside its own is taken."""
    assert isinstance(key.parent, sa.Table)
    ours, theirs = (rows.insert(db.metadata.tables["coalitions_coalition"]) for _coalition in range(2))
    column = key.column_keys[-1]
    elsewhere = rows.insert(key.referred_table, coalition=theirs)
    with db.session.begin_nested() as undone:
        inside = rows.insert(key.referred_table, coalition=ours)
        rows.insert(key.parent, {column: inside}, coalition=ours)
        undone.rollback()
    try:
        rows.insert(key.parent, {column: elsewhere}, coalition=ours)
    except sa.exc.IntegrityError as error:
        return "refused" if "foreign key" in str(error).lower() else str(error.orig)
    return "taken"


def test_every_row_of_a_coalition_points_to_it_and_only_inside_it() -> None:
    """A foreign key from one tenant table to another carries the coalition."""
    tenants = {name for name, table in db.metadata.tables.items() if "coalition_id" in table.c}
    loose = [
        f"{table.name}.{key.column_keys}"
        for table in db.metadata.sorted_tables
        for key in table.foreign_key_constraints
        if table.name in tenants
        and key.referred_table.name in tenants
        and "coalition_id" not in key.column_keys
    ]
    assert loose == []


def test_every_foreign_key_says_what_happens_and_no_shared_one_sets_null() -> None:
    for table in db.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            assert key.ondelete in {"CASCADE", "RESTRICT", "SET NULL"}, f"{table.name}.{key.column_keys}"
            if len(key.elements) == 2:
                assert key.ondelete != "SET NULL", f"{table.name}.{key.column_keys}"


def test_every_foreign_key_can_be_looked_up_by_an_index() -> None:
    missing = []
    for table in db.metadata.sorted_tables:
        first: set[str] = {next(iter(table.primary_key)).name}
        first |= {index.columns[0].name for index in table.indexes}
        first |= {
            next(iter(constraint.columns)).name
            for constraint in table.constraints
            if isinstance(constraint, sa.UniqueConstraint)
        }
        for key in table.foreign_key_constraints:
            if not first & set(key.column_keys):
                missing.append(f"{table.name}.{key.column_keys[-1]}")
    assert missing == []


@pytest.mark.parametrize("column", ["email", "name"])
def test_what_a_row_can_break_alone_the_database_refuses(app: Flask, column: str) -> None:
    values: dict[str, Any] = {
        "name": "x",
        "email": "x@example.org",
        "password_hash": "x",
        "created_at": clock.now(),
    }
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.insert(User).values(**{**values, column: ""}))
    db.session.rollback()


def test_a_join_along_a_key_names_the_coalition_to_postgresql_alone() -> None:
    other = aliased(Membership)
    rows = sa.select(Action.id).outerjoin(other, along(Action.owner_id, other))
    words = str(rows.compile(dialect=PGDialect_psycopg()))
    assert "coalitions_membership_1.id = plan_action.owner_id" in words
    assert "coalitions_membership_1.coalition_id = plan_action.coalition_id" in words
    assert "coalition_id" not in str(rows.compile(dialect=SQLiteDialect_pysqlite()))


def test_a_migration_writes_the_condition_of_an_index_for_both_databases() -> None:
    metadata = sa.MetaData()
    table = sa.Table("a", metadata, sa.Column("b", sa.Integer), unique_while("b > 1", "some", "b"))
    sa.Index("all", table.c.b)
    unique_while_on_both(metadata)
    dialects = SQLiteDialect_pysqlite(), PGDialect_psycopg()
    for index in table.indexes:
        said = [str(CreateIndex(index).compile(dialect=dialect)) for dialect in dialects]
        assert [text.endswith("WHERE b > 1") for text in said] == [index.name == "some"] * 2


def test_postgresql_is_told_that_looking_a_row_up_is_cheap(app: Flask) -> None:
    if db.engine.dialect.name == "postgresql":
        assert db.session.scalar(sa.text("SHOW random_page_cost")) == "1.1"
