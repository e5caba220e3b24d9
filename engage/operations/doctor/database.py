"""Checks the database for `engage doctor`, on a separate connection."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import sqlalchemy as sa

from engage import clock
from engage.accounts.models import Passkey, ProviderTie, User
from engage.config import Config
from engage.database import has_wal_fault
from engage.operations.backup import archive, installations, newest, rules
from engage.operations.doctor import place, providers
from engage.operations.doctor.findings import DoctorFinding, fix, look, ok
from engage.operations.rules import BACKUP_AGE
from engage.operations.schema import head, indexes
from engage.search import index

POSTGRESQL = 15


def examine(config: Config) -> Iterator[DoctorFinding]:
    """Yields findings without writing. If the database cannot be used, that is the only finding."""
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
            yield from _admins(connection)
            yield from without_password(connection, _host(config), mails=config.MAIL is not None)
            yield backup(_last_backup(connection, config))
    except sa.exc.SQLAlchemyError as error:
        first = (str(getattr(error, "orig", error)).strip().splitlines() or ["?"])[0]
        words = f"it cannot be used: {first}"
        # A restore does not help against a server that does not answer.
        asked = f"{words}. Check that PostgreSQL is running, and ENGAGE_DATABASE_URL"
        yield fix("database", (_restorable(words, config) or words) if sqlite else asked)
    finally:
        engine.dispose()


def without_password(connection: sa.Connection, host: str, *, mails: bool) -> Iterator[DoctorFinding]:
    """Names the people whom only a link in an e-mail signs in, and who therefore depend on the mail server."""
    here = sa.select(Passkey.user_id).where(Passkey.host == host)
    others = here.union(sa.select(ProviderTie.user_id))
    theirs = sa.and_(User.password_hash == "", User.disabled_at.is_(None), User.id.not_in(others))
    emails = connection.scalars(sa.select(User.email).where(theirs).order_by(User.email)).all()
    if not emails:
        return
    if mails:
        yield ok("no password", f"{len(emails)} sign in only by a link in an e-mail")
        return
    words = f"no mail is set up, so these cannot sign in: {', '.join(emails)}"
    yield fix("no password", f"{words}. Set ENGAGE_SMTP_HOST, or type for each: engage reset-link ADDRESS")


def _restorable(words: str, config: Config) -> str:
    """Returns the message with the newest good backup and the command for restoring it, if there is one."""
    advice = newest.advice(config)
    return f"{words}. {advice}" if advice else ""


def _sqlite(connection: sa.Connection, config: Config) -> Iterator[DoctorFinding]:
    version = str(connection.scalar(sa.text("SELECT sqlite_version()")))
    if has_wal_fault(tuple(map(int, version.split(".")))):
        yield fix(
            "SQLite",
            f"{version} can damage the file, so Engage does not start. Use a Python with 3.51.3 or newer, or "
            "PostgreSQL",
        )
    else:
        yield ok("SQLite", version)
    damage = connection.scalar(sa.text("PRAGMA quick_check(1)"))
    if damage != "ok":
        words = f"it is damaged ({str(damage).splitlines()[-1]})"  # SQLite's first line is a heading
        yield fix(
            "database",
            _restorable(words, config) or f"{words}. There is no backup in {installations.backups(config)}",
        )
    else:
        yield ok("database", "it opens, and its pages are intact")
        yield from _references(connection, config)


def _references(connection: sa.Connection, config: Config) -> Iterator[DoctorFinding]:
    """Finds rows with broken references: something other than Engage deleted the rows they refer to."""
    broken = rules.broken_references(connection.exec_driver_sql("PRAGMA foreign_key_check"))
    if broken:
        file = newest.good(config, unbroken=True)
        restored = (
            f"engage restore {file} brings back all as it was then" if file else "restore an earlier backup"
        )
        yield fix(
            "references",
            f"rows refer to rows that are missing: {broken}. Something other than Engage deleted them. Backups are "
            f"made all the same. Stop Engage: {restored}; or delete the named rows, too, with what deleted the others",
        )


def _postgresql(connection: sa.Connection) -> Iterator[DoctorFinding]:
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


def _migration(connection: sa.Connection, config: Config) -> Iterator[DoctorFinding]:
    tables = sa.inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        words = "the database is empty"
        yield fix("migrations", _restorable(words, config) or f"{words}. Type: engage init")
        return
    found, known = str(connection.scalar(sa.text("SELECT max(version_num) FROM alembic_version"))), head()
    if found == known:
        yield ok("migrations", f"at {found}, as this version needs it")
        yield _search(connection)
        yield from _indexes(connection)
        yield from providers.examine(connection, config.PROVIDERS, _host(config))
        yield from _passkeys(connection, _host(config))
    elif found > known:
        words = f"at {found}, this version knows {known}: start the newer Engage that made it"
        yield fix("migrations", _restorable(f"{words}, or restore what this version made", config) or words)
    else:
        yield fix(
            "migrations", f"at {found}, this version needs {known}. Stop Engage and type: engage upgrade"
        )


def _indexes(connection: sa.Connection) -> Iterator[DoctorFinding]:
    """Finds indexes that something other than Engage removed. Without them pages are slow, and doubles may come in."""
    if connection.dialect.name == "sqlite":
        rows = sa.text("SELECT name FROM sqlite_schema WHERE type = 'index'")
    else:
        rows = sa.text("SELECT indexname FROM pg_indexes")
    there = set(connection.scalars(rows))
    missing = {name: sql for name, sql in indexes().items() if name not in there}
    if missing:
        few = "; ".join(list(missing.values())[:3])
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        yield fix(
            "indexes",
            f"something other than Engage removed some. Stop Engage, and run in its database: {few}{more}",
        )


def _admins(connection: sa.Connection) -> Iterator[DoctorFinding]:
    """Finds that no one is left who may administer this site, although there are accounts."""
    anyone = sa.select(User.id).limit(1)
    hosting = sa.select(User.id).where(User.is_admin, User.disabled_at.is_(None)).limit(1)
    if connection.scalar(anyone) and not connection.scalar(hosting):
        yield fix(
            "admins",
            "no one who can sign in administers this site. Stop Engage, and run in its database, with your address: "
            "UPDATE accounts_user SET is_admin = TRUE, disabled_at = NULL WHERE email = 'you@example.org'",
        )


def _host(config: Config) -> str:
    """Returns the host name at which passkeys work."""
    return urlsplit(config.URL).hostname or ""


def _passkeys(connection: sa.Connection, host: str) -> Iterator[DoctorFinding]:
    """Counts the people whose passkeys were made for another address of this site, where they no longer work."""
    rows = sa.text(
        "SELECT host, count(DISTINCT user_id) FROM accounts_passkey WHERE host <> :host GROUP BY host ORDER BY host"
    )
    for made_for, people in connection.execute(rows, {"host": host}):
        who = "1 person" if people == 1 else f"{people} people"
        yield look(
            "passkeys",
            f"{who} made passkeys for {made_for}, which do not work at {host}. They sign in another way "
            "and add new ones; or set ENGAGE_URL back",
        )


def _search(connection: sa.Connection) -> DoctorFinding:
    """Checks that the search finds every text, and no deleted one."""
    repair = "Stop Engage and type: engage upgrade"
    if index.is_missing(connection):
        return fix("search", f"its index is missing or from another version. {repair}")
    if rows := index.behind(connection):
        return fix("search", f"its index differs from the texts in {rows} rows. {repair}")
    return ok("search", "its index has every text")


def _last(connection: sa.Connection, kind: str) -> datetime | None:
    """Returns when this job was last done, from the table `operations_run`."""
    if not sa.inspect(connection).has_table("operations_run"):
        return None
    found = connection.scalar(
        sa.text("SELECT max(ended_at) FROM operations_run WHERE kind = :kind"), {"kind": kind}
    )
    if isinstance(found, str):  # SQLite stores a time in this form
        found = datetime.fromisoformat(found)
    if found is not None and found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    return found


def _day_work(connection: sa.Connection) -> Iterator[DoctorFinding]:
    last = _last(connection, "tick")
    if last is None:
        return
    days = (clock.now() - last).days
    if days > 2:
        yield look(
            "day's work", f"last done {days} days ago. Check {place.timer_of('engage-tick')}, and the clock"
        )
    else:
        yield ok("day's work", f"last done {last:%Y-%m-%d %H:%M} UTC")


def _last_backup(connection: sa.Connection, config: Config) -> datetime | None:
    """Returns the time of the last backup, from the record or from the newest archive's name.

    Another installation's archives in the same folder and archives dated in the future are ignored.
    """
    ours, now = archive.installation_of(config), clock.now()
    files = (
        file
        for place in (installations.backups(config), installations.backups_of_upgrades(config))
        if os.access(place, os.X_OK)  # otherwise data_files says so
        for file in place.glob("engage-*")
    )
    archives = (rules.moment_of(file.name, ours) for file in files if file.stat().st_size)
    dated = filter(None, (*archives, _last(connection, "backup")))
    return max((moment for moment in dated if not rules.is_ahead(moment, now)), default=None)


def backup(last: datetime | None) -> DoctorFinding:
    if last is None:
        return look("backup", f"there is none yet. Type: engage backup, and {place.turned_on()}")
    days = (clock.now() - last).days
    if days >= BACKUP_AGE.days:
        return fix("backup", f"the last is {days} days old. Check {place.timer_of('engage-backup')}")
    return ok("backup", f"the last was made {last:%Y-%m-%d %H:%M} UTC")
