"""Moves everything from SQLite into an empty PostgreSQL database, for `engage move`.

The SQLite file stays unchanged. All rows are copied in one transaction. It is rolled back unless the count
and the sum of values of every table are the same on both sides. An interrupted move leaves at most empty
tables, and can be repeated.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace
from psycopg import sql

from engage.config import Config
from engage.operations import lock, schema
from engage.operations.backup import installations
from engage.operations.backup.service import copying, snapshot, switching
from engage.operations.backup.service.backup import one_line
from engage.operations.refused import Refused


class Moved(Struct, frozen=True):
    """The result of a move; `address` is the target's URL without its password."""

    source: Path
    address: str
    sums: dict[str, copying.TableSum]

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.sums.values())


def move(config: Config, target_url: str, progress: copying.Progress | None = None) -> Moved:
    """Copies and compares everything, without writing to the SQLite file. Raises Refused, in one line."""
    if not installations.on_sqlite(config):
        raise Refused(
            "Engage already uses PostgreSQL here, and this command moves only SQLite. Unset ENGAGE_DATABASE_URL."
        )
    target = replace(config, SQLALCHEMY_DATABASE_URI=target_url, MAIL=None, DAILY=False)
    with one_line(config.DATA), lock.alone(config):
        source = installations.database_file(config)
        if not source.exists():
            raise Refused(f"{source} does not exist. Type: engage init")
        revision = installations.revision_of(source)
        snapshot.refuse_unknown(revision)
        if revision != schema.head():
            raise Refused("The database is from an older version. Type: engage upgrade")
        installations.counted(source)
        _refuse_what_is_there(target)
        installations.migrate(target)
        sums = switching.fill(target, source, progress)
    return Moved(
        source,
        sa.make_url(target_url).set(drivername="postgresql").render_as_string(hide_password=True),
        sums,
    )


def rows_of(config: Config) -> int:
    """Returns the number of rows that will be copied."""
    with closing(sqlite3.connect(f"file:{installations.database_file(config)}?mode=ro", uri=True)) as source:
        names = installations.tables(source)
        return sum(source.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names)  # noqa: S608


def _refuse_what_is_there(target: Config) -> None:
    """Refuses any database that is not empty, except one with the empty tables of an interrupted move."""
    with switching.connected(target) as connection:
        driver = switching.driver_of(connection)
        for name in copying.tables_there(driver):
            if name == "alembic_version":
                continue
            some = sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(name))
            if driver.execute(some).fetchone():
                raise Refused(
                    f"The target is not empty: its table {name} has rows. Nothing was copied. Name an empty database."
                )
