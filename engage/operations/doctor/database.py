"""Checks the database for `engage doctor`, on a connection of its own."""

from collections.abc import Iterator
from datetime import UTC, datetime

import sqlalchemy as sa

from engage import clock
from engage.config import Config
from engage.operations.admin.health import head
from engage.operations.doctor.findings import Finding, fix, look, ok
from engage.operations.rules import BACKUP_AGE

# In older versions two connections in WAL mode could, rarely, damage the file.
SQLITE = (3, 51, 3)
POSTGRESQL = 14


def examine(config: Config) -> Iterator[Finding]:
    """Yields findings without writing; a database that cannot be used is one finding."""
    sqlite = config.SQLALCHEMY_DATABASE_URI.startswith("sqlite")
    if sqlite and not (config.DATA / "engage.db").exists():
        yield fix("database", f"there is none in {config.DATA} yet. Type: engage init")
        return
    engine = sa.create_engine(
        config.SQLALCHEMY_DATABASE_URI, poolclass=sa.NullPool, **config.SQLALCHEMY_ENGINE_OPTIONS
    )
    try:
        with engine.connect() as connection:
            yield from _sqlite(connection) if sqlite else _postgresql(connection)
            yield from _migration(connection)
            yield from _day_work(connection)
            yield backup(_last_backup(connection, config))
    except sa.exc.SQLAlchemyError as error:
        first = (str(getattr(error, "orig", error)).strip().splitlines() or ["?"])[0]
        yield fix("database", f"it cannot be used: {first}")
    finally:
        engine.dispose()


def _sqlite(connection: sa.Connection) -> Iterator[Finding]:
    version = str(connection.scalar(sa.text("SELECT sqlite_version()")))
    if tuple(map(int, version.split("."))) < SQLITE:
        yield look(
            "SQLite",
            f"{version} can, rarely, damage the file (repaired in 3.51.3). Keep backups; Engage brings a newer one on"
            " Linux with an x86-64 processor",
        )
    else:
        yield ok("SQLite", version)
    damage = connection.scalar(sa.text("PRAGMA quick_check(1)"))
    if damage != "ok":
        yield fix("database", f"it is damaged ({damage}). Stop Engage and restore the last backup")
    else:
        yield ok("database", "it opens, and its pages are whole")


def _postgresql(connection: sa.Connection) -> Iterator[Finding]:
    version, encoding, moment = connection.execute(
        sa.text("SELECT current_setting('server_version_num')::int / 10000, getdatabaseencoding(), now()")
    ).one()
    if version < POSTGRESQL:
        yield look("PostgreSQL", f"{version} is older than what Engage is tested with; take 15 or newer")
    else:
        yield ok("PostgreSQL", f"{version} answers")
    if encoding != "UTF8":
        yield fix("encoding", f"the database holds {encoding}. Make one with ENCODING 'UTF8' and move over")
    apart = abs((clock.now() - moment).total_seconds())
    if apart > 60:
        yield fix("clocks", f"this machine's and the database's are {apart:.0f} seconds apart. Set both")


def _migration(connection: sa.Connection) -> Iterator[Finding]:
    tables = sa.inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        yield fix("migrations", "the database is empty. Type: engage init")
        return
    found, newest = str(connection.scalar(sa.text("SELECT max(version_num) FROM alembic_version"))), head()
    if found == newest:
        yield ok("migrations", f"at {found}, as this version wants it")
    elif found > newest:
        yield fix(
            "migrations", f"at {found}, this version knows {newest}: start the newer Engage that made it"
        )
    else:
        yield fix(
            "migrations", f"at {found}, this version wants {newest}. Stop Engage and type: engage upgrade"
        )


def _last(connection: sa.Connection, kind: str) -> datetime | None:
    """Returns when it was last done, by the table `operations_run`."""
    if not sa.inspect(connection).has_table("operations_run"):
        return None
    found = connection.scalar(
        sa.text("SELECT max(ended_at) FROM operations_run WHERE kind = :kind"), {"kind": kind}
    )
    if isinstance(found, str):  # SQLite's own form of a moment
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
    """Returns the last backup by the record, or by the newest archive in the data folder."""
    archives = [each.stat().st_mtime for each in (config.DATA / "backups").glob("engage-*") if each.is_file()]
    moments = [datetime.fromtimestamp(each, UTC) for each in archives]
    if (recorded := _last(connection, "backup")) is not None:
        moments.append(recorded)
    return max(moments, default=None)


def backup(last: datetime | None) -> Finding:
    if last is None:
        return look("backup", "there is none yet. Type: engage backup, and switch its timer on")
    days = (clock.now() - last).days
    if days >= BACKUP_AGE.days:
        return fix(
            "backup", f"the last is {days} days old. Check the timer: systemctl status engage-backup.timer"
        )
    return ok("backup", f"the last was made {last:%Y-%m-%d %H:%M} UTC")
