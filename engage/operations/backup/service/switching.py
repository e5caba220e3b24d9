"""Puts a restored database in use, and moves the current one aside."""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import sqlalchemy as sa
from msgspec.structs import replace
from psycopg import sql

from engage.config import Config
from engage.database import Base
from engage.operations.backup import installations
from engage.operations.backup.service import copying
from engage.operations.backup.service.backup import sync_folder
from engage.operations.refused import Refused
from engage.search import index

_NEW = "engage_new_"


def holds_accounts(config: Config) -> bool:
    """Returns whether there is data that could be lost; unreadable data counts."""
    if installations.on_sqlite(config):
        file = installations.database_file(config)
        if not file.exists():
            return False
        try:
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
                return connection.execute("SELECT 1 FROM accounts_user LIMIT 1").fetchone() is not None
        except sqlite3.Error:
            return True
    with connected(config) as connection:
        if not sa.inspect(connection).has_table("accounts_user"):
            return False
        return connection.exec_driver_sql("SELECT 1 FROM accounts_user LIMIT 1").first() is not None


def switch(config: Config, database: Path, stamp: str, new_key: str | None) -> str | None:
    """Puts `database` and the secret key in use; returns where the old data was moved, None for none.

    If the preparation is interrupted, the old data stays in use.
    """
    folder = config.DATA / f"before-restore-{stamp}"
    folder.mkdir(mode=0o700)
    if new_key is not None:
        shutil.copy2(config.DATA / "secret_key", folder / "secret_key")
    try:
        if installations.on_sqlite(config):
            aside = _switch_file(installations.database_file(config), database, folder)
        else:
            aside = _switch_schema(config, database, stamp)
    except Refused:  # the old data is still in use, so the folder for it can be deleted
        shutil.rmtree(folder)
        raise
    if new_key is not None:
        _replace_key(config.DATA / "secret_key", new_key)
    with suppress(OSError):  # there was no old data to move
        folder.rmdir()
    return aside


def _replace_key(path: Path, key: str) -> None:
    part = path.with_name("secret_key.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)


def _switch_file(used: Path, new: Path, folder: Path) -> str | None:
    """Switches SQLite databases by renaming one file.

    The old file first gets a second name aside. Its write-ahead log must be gone before the switch, because
    SQLite would apply the log to the new file.
    """
    _into_one_file(new)
    with new.open("rb") as file:
        os.fsync(file.fileno())
    log = [used.with_name(used.name + end) for end in ("-wal", "-shm")]
    # There may be a log without a database.
    there = [part for part in (used, *log) if part.exists()]
    for part in there:
        _second_name(part, folder / part.name)
    if used in there:
        with suppress(sqlite3.DatabaseError):  # a damaged database is moved aside as it is, including its log
            _into_one_file(used)
            for part in log:
                (folder / part.name).unlink(missing_ok=True)
    sync_folder(folder)
    for part in log:
        part.unlink(missing_ok=True)
    new.replace(used)
    sync_folder(used.parent)
    return str(folder) if there else None


def _into_one_file(database: Path) -> None:
    """Writes the write-ahead log into the database file. Raises Refused while another program has it open."""
    with closing(sqlite3.connect(database, timeout=2, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            raise Refused(f"Another program has {database} open. End it and try again.") from None


def _second_name(file: Path, target: Path) -> None:
    try:
        os.link(file, target)
    except OSError:  # the file system has no hard links
        shutil.copy2(file, target)


def connected(config: Config) -> sa.Connection:
    return sa.create_engine(config.SQLALCHEMY_DATABASE_URI, poolclass=sa.pool.NullPool).connect()


def in_schema(config: Config, schema: str) -> Config:
    """Returns the settings of the same PostgreSQL database, for tables in another schema."""
    url = sa.make_url(config.SQLALCHEMY_DATABASE_URI)
    own = url.update_query_dict({"options": f"-csearch_path={schema}"})
    uri = own.render_as_string(hide_password=False)
    return replace(config, SQLALCHEMY_DATABASE_URI=uri, MAIL=None, DAILY=False)


def _switch_schema(config: Config, database: Path, stamp: str) -> str | None:
    """Fills a new PostgreSQL schema, compares, and then switches in one transaction."""
    new, old = f"{_NEW}{stamp.lower()}", f"engage_before_{stamp.lower()}"
    with connected(config) as connection:
        driver = driver_of(connection)
        _drop_leftovers(driver)
        driver.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(new)))
        driver.commit()
    own = in_schema(config, new)
    installations.migrate(own, installations.revision_of(database))
    fill(own, database)
    with connected(own) as connection:
        searched = sa.inspect(connection).has_table(index.NAME)
        index.remove(connection)
        connection.commit()
    with connected(config) as connection:
        index.remove(connection)  # this belongs to the old tables; the new ones get another
        moved = _change_places(driver_of(connection), new, old)
        if searched:
            index.build(connection)
        connection.commit()
    return f"the database's schema {old}" if moved else None


def driver_of(connection: sa.Connection) -> psycopg.Connection[tuple[object, ...]]:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver


def _drop_leftovers(driver: psycopg.Connection[tuple[object, ...]]) -> None:
    """Drops schemas that killed restores left behind."""
    found = driver.execute(
        "SELECT nspname FROM pg_namespace WHERE nspname LIKE %s", (_NEW.replace("_", r"\_") + "%",)
    )
    for (name,) in found.fetchall():
        driver.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(str(name))))


def fill(
    config: Config, database: Path, progress: copying.Progress | None = None
) -> dict[str, copying.TableSum]:
    """Copies an SQLite file to empty tables and compares all values, in one transaction. Raises Refused."""
    engine = sa.create_engine(
        config.SQLALCHEMY_DATABASE_URI, poolclass=sa.pool.NullPool, **config.SQLALCHEMY_ENGINE_OPTIONS
    )
    uri = f"file:{database}?mode=ro"
    with engine.connect() as connection, closing(sqlite3.connect(uri, uri=True)) as source:
        driver = driver_of(connection)
        source.execute("BEGIN")
        copying.to_postgresql(source, driver, progress)
        here = copying.sums_of_sqlite(source, driver)
        there = copying.sums_of_postgresql(driver, here)
        if different := [table for table in here if here[table] != there[table]]:
            driver.rollback()
            raise Refused(f"{different[0]} is not the same after copying; nothing was changed.")
        driver.commit()
    return there


def _change_places(driver: psycopg.Connection[tuple[object, ...]], new: str, old: str) -> bool:
    """Swaps Engage's tables and their trigger functions with the new ones; returns whether there were any."""
    (home,) = driver.execute("SELECT current_schema()").fetchone() or ("public",)
    fresh = _tables(driver, new)
    # Tables of this version are included even if the new data has none of them, as after undoing an upgrade.
    prefixes = {name.split("_")[0] for name in (*fresh, *Base.metadata.tables)} - {"alembic"}
    used = [
        name
        for name in copying.tables_there(driver)
        if name == "alembic_version" or name.split("_")[0] in prefixes
    ]
    if used:
        driver.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(old)))
        _move(driver, used, str(home), old)
    _move(driver, fresh, new, str(home))
    driver.execute(sql.SQL("DROP SCHEMA {}").format(sql.Identifier(new)))
    return bool(used)


def _tables(driver: psycopg.Connection[tuple[object, ...]], schema: str) -> list[str]:
    found = driver.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = %s", (schema,)
    )
    return [str(name) for (name,) in found]


def _move(driver: psycopg.Connection[tuple[object, ...]], names: list[str], here: str, there: str) -> None:
    functions = driver.execute(
        "SELECT DISTINCT quote_ident(proname) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
        " JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal AND relname = ANY(%s)"
        " AND relnamespace = %s::regnamespace AND pronamespace = relnamespace",
        (names, here),
    ).fetchall()
    between = {"here": sql.Identifier(here), "there": sql.Identifier(there)}
    for name in names:
        move = sql.SQL("ALTER TABLE {here}.{name} SET SCHEMA {there}")
        driver.execute(move.format(name=sql.Identifier(name), **between))
    for (function,) in functions:
        move = sql.SQL(f"ALTER FUNCTION {{here}}.{function}() SET SCHEMA {{there}}")
        driver.execute(move.format(**between))
