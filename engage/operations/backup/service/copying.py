"""Copies every row of every table between SQLite and PostgreSQL, and checks that both have the same.

Both sides use the form in which SQLite stores values: times as UTC text with microseconds, dates as text,
booleans as 1 and 0, JSON as its text. PostgreSQL reads this form in a COPY, and `_column` writes it.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator

import psycopg
from msgspec import Struct
from psycopg import sql

from engage.operations.backup.installations import tables
from engage.operations.refused import Refused

BATCH = 1000
# A function that is told how the copying goes: the table, and how many of its rows came since the last call.
Progress = Callable[[str, int], None]


class TableSum(Struct, frozen=True):
    """The number of rows in a table, and a sum over all their values, whatever their order."""

    rows: int
    values: int


_MOMENT = "timestamp with time zone"
_STORED = {
    _MOMENT: "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    "date": "to_char({}, 'YYYY-MM-DD')",
    "boolean": "{}::int",
    "json": "{}::text",
}


def columns_of(target: psycopg.Connection, table: str) -> dict[str, str]:
    """Returns the type of each column of a table in the connection's schema; empty if the table is missing."""
    found = target.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = %s ORDER BY ordinal_position",
        (table,),
    )
    return {str(name): str(kind) for name, kind in found}


def tables_there(target: psycopg.Connection) -> list[str]:
    """Returns all tables in the connection's schema, without those of the search index."""
    found = target.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
        " AND table_type = 'BASE TABLE' ORDER BY table_name"
    )
    return [str(name) for (name,) in found if not str(name).startswith("search_")]


def _pairs(source: sqlite3.Connection, other: psycopg.Connection) -> dict[str, dict[str, str]]:
    """Returns each table with its column types in PostgreSQL. Both sides must have the same columns."""
    names = tables(source)
    if names != [name for name in tables_there(other) if name != "alembic_version"]:
        raise Refused("The two databases do not have the same tables; nothing was copied.")
    pairs = {table: columns_of(other, table) for table in names}
    for table, columns in pairs.items():
        here = {row[1] for row in source.execute(f'PRAGMA table_info("{table}")')}
        if here != set(columns):
            raise Refused(f"The table {table} is not the same in both databases; nothing was copied.")
    return pairs


def to_postgresql(
    source: sqlite3.Connection, target: psycopg.Connection, progress: Progress | None = None
) -> None:
    """Fills empty tables of the same revision, in the target's transaction; finally checks foreign keys."""
    target.execute("SET LOCAL TIME ZONE 'UTC'")
    keys = _without_foreign_keys(target)
    for table, columns in _pairs(source, target).items():
        names = ", ".join(f'"{name}"' for name in columns)
        rows = source.execute(f'SELECT {names} FROM "{table}"')  # noqa: S608
        into = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        target.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))  # inserted by a migration
        done = 0
        with target.cursor() as cursor, cursor.copy(into) as copy:
            for done, row in enumerate(rows, start=1):
                copy.write_row(row)
                if progress and done % BATCH == 0:
                    progress(table, BATCH)
        if progress:
            progress(table, done % BATCH)
        _go_on_counting(target, table, columns)
    for statement in keys:
        target.execute(statement)


def _without_foreign_keys(target: psycopg.Connection) -> list[sql.SQL]:
    """Drops foreign keys, so that rows may come in any order; returns SQL that adds them again."""
    found = target.execute(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
    ).fetchall()
    for table, name, _definition in found:
        target.execute(sql.SQL(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    return [sql.SQL(f"ALTER TABLE {table} ADD CONSTRAINT {name} {what}") for table, name, what in found]


def _go_on_counting(target: psycopg.Connection, table: str, columns: Iterable[str]) -> None:
    """Sets the table's id sequence to continue after the highest id."""
    if "id" in columns:
        target.execute(
            sql.SQL(
                "SELECT setval(pg_get_serial_sequence({name}, 'id'), coalesce(max(id), 0) + 1, false) FROM {table}"
            ).format(name=sql.Literal(f'"{table}"'), table=sql.Identifier(table))
        )


def from_postgresql(source: psycopg.Connection, target: sqlite3.Connection) -> None:
    """Fills an empty SQLite file of the same revision from one snapshot. The caller checks the file."""
    for table, columns in _pairs(target, source).items():
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        into = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608
        for batch in _batches(source, table, columns):
            target.executemany(into, batch)


def _batches(
    connection: psycopg.Connection, table: str, columns: dict[str, str]
) -> Iterator[list[tuple[object, ...]]]:
    """Yields the rows of a table in stored form, in lists of a thousand."""
    wanted = ", ".join(_STORED.get(kind, "{}").format(f'"{name}"') for name, kind in columns.items())
    with connection.cursor(name="rows") as cursor:
        cursor.execute(f'SELECT {wanted} FROM "{table}"')  # noqa: S608
        while batch := cursor.fetchmany(BATCH):
            yield batch


def sums_of_postgresql(connection: psycopg.Connection, names: Iterable[str]) -> dict[str, TableSum]:
    return {
        table: _sum(
            row for batch in _batches(connection, table, columns_of(connection, table)) for row in batch
        )
        for table in names
    }


def sums_of_sqlite(source: sqlite3.Connection, like: psycopg.Connection) -> dict[str, TableSum]:
    """Returns the sums as PostgreSQL computes them. It always writes a time with its microseconds."""
    sums = {}
    for table, columns in _pairs(source, like).items():
        wanted = ", ".join(
            f"""CASE length("{name}") WHEN 19 THEN "{name}" || '.000000' ELSE "{name}" END"""
            if kind == _MOMENT
            else f'"{name}"'
            for name, kind in columns.items()
        )
        sums[table] = _sum(source.execute(f'SELECT {wanted} FROM "{table}"'))  # noqa: S608
    return sums


def _sum(rows: Iterable[tuple[object, ...]]) -> TableSum:
    count = total = 0
    for row in rows:
        count += 1
        total += int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest()[:16])
    return TableSum(count, total % 2**128)
