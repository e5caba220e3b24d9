"""Compares a database's revision with the one that this code needs. Every start does so, so it works without Alembic.

A new SQLite database is made at once with `migrations/empty.sql`, the result of all migrations, which would
take seconds. `engage check-migrations` compares the two, and writes the file.
"""

import sqlalchemy as sa

from engage.config import FILES
from engage.operations.refused import Refused
from engage.release import schemas

EMPTY = FILES / "migrations" / "empty.sql"


class Newer(Refused):
    """The database belongs to a later version."""


def head() -> str:
    return schemas()[-1]


def revision_of(engine: sa.Engine) -> str | None:
    """Returns the database's revision; None if it is not prepared. It leaves no connection open."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return found


def refuse_newer(revision: str | None) -> None:
    """Refuses a database that a later version wrote."""
    if revision is not None and revision not in schemas():
        raise Newer(
            f"The database is from a newer Engage than this one (revision {revision}). Nothing was changed. "
            "Install the newer version, or restore a backup made by this one."
        )


def refuse_other(revision: str | None) -> None:
    """Refuses any other revision, because this version works only with its own tables."""
    refuse_newer(revision)
    if revision is not None and revision != head():
        raise Refused(
            f"The database is from an earlier Engage (revision {revision}, this one needs {head()}). "
            "Stop Engage and type: engage upgrade"
        )


def of_nothing() -> list[str]:
    """Returns the statements for the tables of a new SQLite database; empty if the file is of another revision."""
    script = EMPTY.read_text(encoding="utf-8")
    return statements(script) if script.startswith(f"-- {head()}\n") else []


def written(connection: sa.Connection) -> str:
    """Returns the statements that made the existing tables, without Alembic's own and the search index's.

    The first line names their revision.
    """
    rows = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name <> 'alembic_version'"
        " AND name NOT GLOB 'sqlite_*' AND name NOT GLOB 'search_*' ORDER BY rowid"
    )
    return f"-- {head()}\n" + "".join(f"{statement};\n" for (statement,) in rows)


def statements(script: str) -> list[str]:
    """Returns a script's statements; a trigger is one statement although it contains semicolons."""
    import sqlite3  # imported here, because asking for the revision does not need it

    found, held = [], ""
    for line in script.splitlines(keepends=True):
        held += line
        if sqlite3.complete_statement(held):
            found.append(held.strip().removesuffix(";"))
            held = ""
    return found


def are_alike(script: str, other: str) -> bool:
    """Returns whether two scripts make the same tables:

    Alembic copies a table's constraints and indexes in any order.
    """
    first, second = (
        sorted(sorted(line.strip(" \t,") for line in each.splitlines()) for each in statements(text))
        for text in (script, other)
    )
    return first == second
