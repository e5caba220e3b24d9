"""Compares the database's revision with the one that the code needs. It works without Alembic, to start fast.

A new SQLite database is created from `migrations/empty.sql`, the result of all migrations, because running
them takes seconds. `engage check-migrations` compares the two, and can write the file.
"""

import re

import sqlalchemy as sa

from engage.config import FILES
from engage.operations.refused import Refused
from engage.release import schemas

EMPTY = FILES / "migrations" / "empty.sql"


class Newer(Refused):
    """The database belongs to a later version of Engage."""


def head() -> str:
    return schemas()[-1]


def revision_of(engine: sa.Engine) -> str | None:
    """Returns the database's revision; None if it has no tables yet. Closes its connection."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return found


def refuse_newer(revision: str | None) -> None:
    """Refuses a database of a later version."""
    if revision is not None and revision not in schemas():
        raise Newer(
            f"The database is from a newer Engage than this one (revision {revision}). Nothing was changed. "
            "Install the newer version, or restore a backup made by this one."
        )


def refuse_other(revision: str | None) -> None:
    """Refuses a database of any other revision."""
    refuse_newer(revision)
    if revision is not None and revision != head():
        raise Refused(
            f"The database is from an earlier Engage (revision {revision}, this one needs {head()}). "
            "Stop Engage and type: engage upgrade"
        )


def of_nothing() -> list[str]:
    """Returns the SQL for creating a new SQLite database; empty if empty.sql is of another revision."""
    script = EMPTY.read_text(encoding="utf-8") if EMPTY.exists() else ""
    return statements(script) if script.startswith(f"-- {head()}\n") else []


def indexes() -> dict[str, str]:
    """Returns the statement that creates each index, by its name, which is the same on both databases."""
    script = EMPTY.read_text(encoding="utf-8") if EMPTY.exists() else ""
    found = (re.match(r"CREATE (?:UNIQUE )?INDEX (\w+) ", each) for each in statements(script))
    return {match[1]: match.string for match in found if match}


def written(connection: sa.Connection) -> str:
    """Returns the SQL that creates the existing tables, without those of Alembic and the search index.

    The first line contains the revision. Tables come first, each kind sorted by name, so that a new column
    changes one line.
    """
    rows = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name <> 'alembic_version'"
        " AND name NOT GLOB 'sqlite_*' AND name NOT GLOB 'search_*' ORDER BY type = 'table' DESC, type, name"
    )
    return f"-- {head()}\n" + "".join(f"{_in_order(statement)};\n" for (statement,) in rows)


def _in_order(statement: str) -> str:
    """Returns the statement with a table's constraints sorted, because Alembic writes them in any order."""
    head_line, *body = statement.split("\n")
    if not head_line.startswith("CREATE TABLE") or not body:
        return statement
    parts = [part.rstrip(", ") for part in "\n".join(body[:-1]).split("\n\tCONSTRAINT ")]
    columns, constraints = parts[0], sorted(parts[1:])
    return "\n".join([head_line, ", \n\tCONSTRAINT ".join([columns, *constraints]), body[-1]])


def statements(script: str) -> list[str]:
    """Splits a script into statements. A trigger is one statement, although it contains semicolons."""
    import sqlite3  # imported here: reading the revision does not need it

    found, held = [], ""
    for line in script.splitlines(keepends=True):
        held += line
        if sqlite3.complete_statement(held):
            found.append(held.strip().removesuffix(";"))
            held = ""
    return found
