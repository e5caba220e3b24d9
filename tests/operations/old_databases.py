"""Opens database files that earlier versions wrote with this one, on either database."""

import json
import lzma
from collections import Counter
from collections.abc import Collection, Iterator, Set
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from engage.config import TestConfig
from engage.extensions import db
from tests import databases
from tests.client import EngageClient

FILES = {
    path.name.removesuffix(".db.xz"): path for path in Path(__file__).with_name("databases").glob("*.db.xz")
}
# Of each table, by the row's id (where there is none, by its first column), what its columns hold.
Rows = dict[str, dict[Any, dict[str, Any]]]


@contextmanager
def opened(name: str, folder: Path, worker: str) -> Iterator[Flask]:
    """Yields an application of this version on what an earlier one wrote, not yet upgraded, in its context."""
    file = folder / f"{name}.db"
    file.write_bytes(lzma.decompress(FILES[name].read_bytes()))
    with databases.empty(folder, f"u{worker}") as url:
        if url.startswith("sqlite"):
            url = f"sqlite:///{file}"
        made = databases.another_app(TestConfig(DATA=folder, SQLALCHEMY_DATABASE_URI=url))
        made.test_client_class = EngageClient
        with made.app_context():
            if db.engine.dialect.name != "sqlite":
                copy(file)
            yield made
            db.session.remove()
            db.engine.dispose()


def copy(file: Path) -> None:
    """Copies a SQLite file's rows into the empty PostgreSQL database, in the tables of that file's revision."""
    source = sa.create_engine(f"sqlite:///{file}")
    with source.connect() as reader:
        revision = reader.scalar(sa.text("SELECT version_num FROM alembic_version"))
        upgrade(revision=revision)
        there = reflected(reader)
        with db.engine.begin() as writer:
            here = reflected(writer)
            writer.exec_driver_sql("SET session_replication_role = replica")
            for name, table in here.tables.items():
                rows = [dict(row) for row in reader.execute(sa.select(there.tables[name])).mappings()]
                for row in rows:
                    row |= {
                        key: value.replace(tzinfo=UTC)
                        for key, value in row.items()
                        if isinstance(value, datetime)
                    }
                if rows:
                    writer.execute(sa.insert(table), rows)
                if rows and "id" in table.c:
                    last = max(row["id"] for row in rows)
                    writer.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last})")
            writer.exec_driver_sql("SET session_replication_role = origin")
    source.dispose()


def reflected(connection: sa.Connection) -> sa.MetaData:
    """Returns the tables as they stand in a database, whatever its revision."""
    found = sa.MetaData()
    reflect(connection, found, _own(connection))
    return found


def _own(connection: sa.Connection) -> set[str]:
    """Names the tables. The index of what is searched is made after each migration, by none of them."""
    names = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
    return {name for name in names if not name.startswith("search_index")}


def reflect(connection: sa.Connection, schema: sa.MetaData, names: Set[str]) -> None:
    """Reads these tables into a schema, with those that they point at."""
    if names:
        schema.reflect(connection, only=sorted(names))
    for column in (column for table in schema.tables.values() for column in table.c):
        if isinstance(column.type, sa.JSON):
            column.type = sa.JSON(none_as_null=True)  # some CHECKs ask whether there is a value


def everything() -> Rows:
    """Returns every row of every table."""
    with db.engine.connect() as connection:
        return rows_of(connection)


def rows_of(connection: sa.Connection) -> Rows:
    """Returns rows as the driver gives them: asking for each column's type would take most of the time."""
    found: Rows = {}
    for name in _own(connection):
        selected = connection.exec_driver_sql(f"SELECT * FROM {name}")
        columns = list(selected.keys())
        at = columns.index("id") if "id" in columns else 0
        found[name] = {row[at]: dict(zip(columns, row, strict=True)) for row in selected}
    return found


@contextmanager
def each_step_keeps_its_rows(app: Flask) -> Iterator[list[str]]:
    """Checks every row between two migrations, in both directions; yields the names of those that ran."""
    options = app.extensions["migrate"].configure_args
    last, passed = [everything()], []

    def look(*, ctx: Any, step: Any, **_more: object) -> None:
        now = rows_of(ctx.connection)
        assert differences(last[0], now) == [], step
        last[0] = now
        passed.append(str(step))

    options["on_version_apply"] = look
    try:
        yield passed
    finally:
        del options["on_version_apply"]


def differences(before: Rows, after: Rows) -> list[str]:
    """Returns rows that are gone and values that changed, in the tables and columns that both have.

    Answers of closed rounds get each other's numbers in 0051, and releases lose don't knows in 0050: both are meant.
    """
    found = _gone_choices(before, after)
    if _answers(before, after, but=found) != _answers(after, before):
        found.append("assessment_answer: others")
    for name in before.keys() & after.keys() - {"assessment_answer"}:
        if before[name] == after[name]:  # as most tables are: each value alone would take most of the time
            continue
        for key, row in before[name].items():
            if (now := after[name].get(key)) is None:
                found.append(f"{name} {key} is gone")
                continue
            found += [
                f"{name} {key} {column}: {value!r} became {now[column]!r}"
                for column, value in row.items()
                if column in now and _meant(now[column]) != _meant(value)
            ]
    return sorted(found)


def broken() -> list[str]:
    """Returns what the database itself finds wrong. PostgreSQL checks each foreign key again."""
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            pointers = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            whole = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        return [str(row) for row in pointers] + [words for words in whole if words != "ok"]
    found = []
    with db.engine.connect() as connection:
        for table in reflected(connection).tables.values():
            for key in table.foreign_key_constraints:
                other = key.referred_table.alias()
                pairs = [element.parent == other.c[element.column.name] for element in key.elements]
                whole = sa.and_(*(element.parent.is_not(None) for element in key.elements))
                lost = sa.select(sa.func.count()).select_from(table).where(whole, ~sa.exists().where(*pairs))
                if count := connection.scalar(lost):
                    found.append(f"{table.name} {key.column_keys}: {count}")
    return found


def _gone_choices(before: Rows, after: Rows) -> list[str]:
    """Returns the answers with options that a version without them has no place for."""
    name, kept = "assessment_answer", after.get("assessment_answer") or {}
    if not kept or "chosen" in next(iter(kept.values())):
        return []
    return [f"{name} {key} is gone" for key, row in before.get(name, {}).items() if row["kind"] == "choice"]


def _answers(rows: Rows, others: Rows, but: Collection[str] = ()) -> Counter[str]:
    """Returns the answers without their numbers, in the columns that the others have, too; `but` are gone."""
    name = "assessment_answer"
    if not (rows.get(name) and others.get(name)):
        return Counter()
    shared = next(iter(others[name].values())).keys() - {"id"}
    return Counter(
        repr(sorted((column, value) for column, value in row.items() if column in shared))
        for key, row in rows[name].items()
        if f"{name} {key} is gone" not in but
    )


def _meant(value: Any) -> Any:
    """Returns the value without the don't knows of a release."""
    if isinstance(value, str) and value.startswith("{") and '"dont_know"' in value:
        value = json.loads(value)
    if isinstance(value, dict):
        return {key: _meant(each) for key, each in value.items() if key != "dont_know"}
    return [_meant(each) for each in value] if isinstance(value, list) else value
