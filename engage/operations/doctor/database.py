"""Checks the database for `engage doctor`, on a connection of its own."""

from collections.abc import Iterator
from datetime import UTC, datetime

import sqlalchemy as sa

from engage import clock
from engage.config import Config
from engage.operations.backup import archive, folders, newest, rules
from engage.operations.doctor.findings import Finding, fix, look, ok
from engage.operations.rules import BACKUP_AGE
from engage.operations.schema import head
from engage.search import index

# In older versions two connections in WAL mode could, rarely, damage the file.
SQLITE = (3, 51, 3)
POSTGRESQL = 15


def examine(config: Config) -> Iterator[Finding]:
    """Yields findings without writing; if the database cannot be used, that is the only finding."""
    sqlite = config.SQLALCHEMY_DATABASE_URI.startswith("sqlite")
    if sqlite and not (config.DATA / "engage.db").exists():
        words = f"there is none in {config.DATA}"
        yield fix("database", _restorable(words, config) or f"{words} yet. Type: engage init")
        return
    engine = sa.create_engine(
        config.SQLALCHEMY_DATABASE_URI, poolclass=sa.NullPool, **config.SQLALCHEMY_ENGINE_OPTIONS
    )
    try:
        with engine.connect() as connection:
            yield from _sqlite(connection, config) if sqlite else _postgresql(connection)
            yield from _migration(connection, config)
            yield from _day_work(connection)
            yield backup(_last_backup(connection, config))
    except sa.exc.SQLAlchemyError as error:
        first = (str(getattr(error, "orig", error)).strip().splitlines() or ["?"])[0]
        words = f"it cannot be used: {first}"
        # A server that does not answer is no reason to restore.
        asked = f"{words}. Check that PostgreSQL is running, and ENGAGE_DATABASE_URL"
        yield fix("database", (_restorable(words, config) or words) if sqlite else asked)
    finally:
        engine.dispose()


def _restorable(words: str, config: Config) -> str:
    """Returns the words with the newest good backup and the command to type; blank if there is no backup."""
    advice = newest.advice(config)
    return f"{words}. {advice}" if advice else ""


def _sqlite(connection: sa.Connection, config: Config) -> Iterator[Finding]:
    version = str(connection.scalar(sa.text("SELECT sqlite_version()")))
    if tuple(map(int, version.split("."))) < SQLITE:
        yield look(
            "SQLite",
            f"{version} can, rarely, damage the file (repaired in 3.51.3). Keep backups; on Linux with an x86-64 "
            "processor, Engage comes with a newer one",
        )
    else:
        yield ok("SQLite", version)
    damage = connection.scalar(sa.text("PRAGMA quick_check(1)"))
    if damage != "ok":
        words = f"it is damaged ({str(damage).splitlines()[-1]})"  # SQLite puts a heading first
        yield fix(
            "database",
            _restorable(words, config) or f"{words}. There is no backup in {folders.default(config)}",
        )
    else:
        yield ok("database", "it opens, and its pages are intact")


def _postgresql(connection: sa.Connection) -> Iterator[Finding]:
    version, encoding, moment = connection.execute(
        sa.text("SELECT current_setting('server_version_num')::int / 10000, getdatabaseencoding(), now()")
    ).one()
    if version < POSTGRESQL:
        yield look(
            "PostgreSQL", f"{version} is older than what Engage is tested with; use {POSTGRESQL} or newer"
        )
    else:
        yield ok("PostgreSQL", f"{version} answers")
    if encoding != "UTF8":
        yield fix("encoding", f"the database holds {encoding}. Make one with ENCODING 'UTF8' and move over")
    apart = abs((clock.now() - moment).total_seconds())
    if apart > 60:
        yield fix(
            "clocks", f"this machine's clock and the database's are {apart:.0f} seconds apart. Set both"
        )


def _migration(connection: sa.Connection, config: Config) -> Iterator[Finding]:
    tables = sa.inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        words = "the database is empty"
        yield fix("migrations", _restorable(words, config) or f"{words}. Type: engage init")
        return
    found, known = str(connection.scalar(sa.text("SELECT max(version_num) FROM alembic_version"))), head()
    if found == known:
        yield ok("migrations", f"at {found}, as this version needs it")
        yield _search(connection)
    elif found > known:
        words = f"at {found}, this version knows {known}: start the newer Engage that made it"
        yield fix("migrations", _restorable(f"{words}, or restore what this version made", config) or words)
    else:
        yield fix(
            "migrations", f"at {found}, this version needs {known}. Stop Engage and type: engage upgrade"
        )


def _search(connection: sa.Connection) -> Finding:
    """Checks that the search finds every text, and nothing that was deleted."""
    repair = "Stop Engage and type: engage upgrade"
    if index.is_missing(connection):
        return fix("search", f"its index is missing or from another version. {repair}")
    if rows := index.behind(connection):
        return fix("search", f"its index differs from the texts in {rows} rows. {repair}")
    return ok("search", "its index has every text")


def _last(connection: sa.Connection, kind: str) -> datetime | None:
    """Returns when this was last done, by the table `operations_run`."""
    if not sa.inspect(connection).has_table("operations_run"):
        return None
    found = connection.scalar(
        sa.text("SELECT max(ended_at) FROM operations_run WHERE kind = :kind"), {"kind": kind}
    )
    if isinstance(found, str):  # this is SQLite's own form of a time
        found = datetime.fromisoformat(found)
    if found is not None and found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    return found


def _day_work(connection: sa.Connection) -> Iterator[Finding]:
    last = _last(connection, "tick")
    if last is None:
        return
    days = (clock.now() - last).days
    if days > 2:
        yield look(
            "day's work", f"last done {days} days ago. Check the timer: systemctl status engage-tick.timer"
        )
    else:
        yield ok("day's work", f"last done {last:%Y-%m-%d %H:%M} UTC")


def _last_backup(connection: sa.Connection, config: Config) -> datetime | None:
    """Returns the time of the last backup, by the record or by the newest archive in the folder of backups.

    Another installation may keep its archives there, too.
    """
    ours = archive.installation_of(config)
    files = (
        file for place in (folders.default(config), folders.own(config)) for file in place.glob("engage-*")
    )
    archives = (rules.moment_of(file.name, ours) for file in files if file.stat().st_size)
    return max(filter(None, (*archives, _last(connection, "backup"))), default=None)


def backup(last: datetime | None) -> Finding:
    if last is None:
        return look("backup", "there is none yet. Type: engage backup, and turn its timer on")
    days = (clock.now() - last).days
    if days >= BACKUP_AGE.days:
        return fix(
            "backup", f"the last is {days} days old. Check the timer: systemctl status engage-backup.timer"
        )
    return ok("backup", f"the last was made {last:%Y-%m-%d %H:%M} UTC")
