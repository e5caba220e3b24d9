"""Copies the database to an SQLite file, as of one moment, while people go on working."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from engage import release
from engage.config import Config
from engage.operations.backup import installations
from engage.operations.backup.service import copying
from engage.operations.refused import Refused
from engage.search import index


def size_of(config: Config) -> int:
    """Returns the size in bytes of the database in use, including the write-ahead log."""
    if installations.on_sqlite(config):
        file = installations.database_file(config)
        return sum(part.stat().st_size for part in file.parent.glob(f"{file.name}*"))
    engine = sa.create_engine(config.SQLALCHEMY_DATABASE_URI, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def refuse_without_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Refused(
            f"{folder} has {free // 2**20} MB free, but {needed // 2**20 + 1} MB are needed. "
            "Make room or name another folder."
        )


def take(config: Config, folder: Path) -> Path:
    """Copies every row committed before the call to `folder`/engage.db; later changes are not included.

    Raises Refused if the database has no tables yet or is newer than the code.
    """
    target = folder / "engage.db"
    if installations.on_sqlite(config):
        _vacuum(config, target)
    else:
        _from_postgresql(config, folder, target)
    return target


def _vacuum(config: Config, target: Path) -> None:
    source = installations.database_file(config)
    if not source.exists():
        raise Refused(f"{source} does not exist. Type: engage init")
    refuse_unknown(installations.revision_of(source))
    _make_empty(target)
    engine = sa.create_engine(config.SQLALCHEMY_DATABASE_URI, **config.SQLALCHEMY_ENGINE_OPTIONS)
    try:
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.isolation_level = None
            driver.execute("PRAGMA busy_timeout=5000")
            driver.execute("VACUUM INTO ?", (str(target),))
    finally:
        engine.dispose()
    _without_index(target)


def _make_empty(file: Path) -> None:
    """Creates an empty file that only this user can read, which VACUUM INTO then fills."""
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _without_index(file: Path) -> None:
    """Removes the search index from a copy; restoring builds it again from the rows.

    The rest is written to another file: VACUUM alone would use as much memory as the database has bytes,
    because pysqlite3 keeps temporary data in memory.
    """
    engine = sa.create_engine(f"sqlite:///{file}", poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        index.remove(connection)
    packed = file.with_name(f"{file.name}-packed")
    _make_empty(packed)
    with closing(sqlite3.connect(file)) as copy:
        copy.execute("VACUUM INTO ?", (str(packed),))
    packed.replace(file)


def refuse_unknown(revision: str) -> None:
    if revision not in release.schemas():
        raise Refused(
            f"The database is from a newer Engage than this one (revision {revision}). Upgrade Engage first; "
            "nothing was changed."
        )


def _from_postgresql(config: Config, folder: Path, target: Path) -> None:
    engine = sa.create_engine(
        config.SQLALCHEMY_DATABASE_URI, isolation_level="REPEATABLE READ", poolclass=sa.pool.NullPool
    )
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            raise Refused("The database is not prepared. Type: engage init")
        revision = str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())
        refuse_unknown(revision)
        # Tables as they are in the database, which may be older than the code.
        installations.migrate(installations.beside(config, folder), revision)
        driver = connection.connection.driver_connection
        assert driver is not None
        with closing(sqlite3.connect(target)) as file:
            file.execute("PRAGMA foreign_keys=OFF")
            _empty(file)
            copying.from_postgresql(driver, file)
            file.commit()
            file.execute("PRAGMA journal_mode=DELETE")


def _empty(file: sqlite3.Connection) -> None:
    """Deletes all rows, because migrations may have inserted some."""
    for table in installations.tables(file):
        file.execute(f'DELETE FROM "{table}"')  # noqa: S608 - our own tables
