"""Upgrades the database for `engage upgrade`: back up, migrate, check, and restore if that fails.

    upgrade.run(config, click.echo)   # True if something was done, False if there was nothing to do

It holds `lock.alone`. Migrations run in one transaction: if it is killed at any moment, the database is
either the old or the new one, and the same command continues. Raises Refused with a one-line message.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from engage import release
from engage.config import Config
from engage.database import Base
from engage.extensions import db
from engage.operations import lock, schema
from engage.operations.backup import installations, newest, pages_answer
from engage.operations.backup.service import backup, restore, snapshot
from engage.operations.refused import Refused
from engage.search import index

Say = Callable[[str], object]


def revision_of(config: Config) -> str | None:
    """Returns the database's revision, and closes the connection; None if it has no tables yet."""
    if installations.on_sqlite(config) and not installations.database_file(config).exists():
        return None
    engine = sa.create_engine(config.SQLALCHEMY_DATABASE_URI, poolclass=sa.pool.NullPool)
    try:
        return schema.revision_of(engine)
    finally:
        engine.dispose()


def run(config: Config, say: Say) -> bool:
    with backup.one_line(config.DATA), lock.alone(config):
        revision = revision_of(config)
        if revision is None:
            raise Refused("The database is not prepared yet. Type: engage init")
        schema.refuse_newer(revision)
        if revision == schema.head():
            return _index_made(config, say)
        earlier = release.version_in(config.DATA) or "of an earlier version"
        say(f"Upgrading from Engage {earlier} (schema {revision}) to {release.named()}.")
        made = backup.make(config, installations.backups_of_upgrades(config))
        say(f"Backup made: {made.path} ({made.manifest.rows} rows, checked).")
        if broken := made.manifest.broken:
            raise Refused(
                f"Rows refer to rows that are missing: {broken}. Nothing was upgraded. With the version that ran here "
                "until now, type: engage doctor"
            )
        try:
            installations.migrate(config)
            pages = _verified(config, made.manifest.tables)
        except Exception as error:
            raise _taken_back(config, made.path, revision, error) from error
        release.note(config.DATA)
        say(f"Verified: every row is there, there are no broken references, and {pages} pages answer.")
        return True


def _index_made(config: Config, say: Say) -> bool:
    """Builds the search index if it is missing or out of date, although the database is current."""
    with installations.application(config), db.engine.begin() as connection:
        if not index.is_missing(connection) and not index.behind(connection):
            say("Nothing to do: the database is up to date.")
            return False
        index.build(connection)
    say("The search index was missing or out of date, so Engage made it again.")
    return True


def make_ready(config: Config, say: Say) -> None:
    """Prepares the database for `engage init`: creates the tables, or upgrades them as `run` does."""
    newest.refuse_lost(config)
    revision = revision_of(config)
    if revision is None:
        lock.share(config)
        installations.migrate(config)
        release.note(config.DATA)
    elif revision != schema.head():
        run(config, say)


def _verified(config: Config, before: dict[str, int]) -> int:
    """Checks a copy of the database, because requesting pages changes data; returns the number of pages.

    Raises Refused.
    """
    with tempfile.TemporaryDirectory(dir=config.DATA, prefix="upgrading-") as folder:
        after = installations.counted(snapshot.take(config, Path(folder)))
        if missing := sorted(Base.metadata.tables.keys() - after.keys()):
            raise Refused(f"The table {missing[0]} is not there.")
        fewer = [table for table, count in before.items() if after.get(table, count) < count]
        if fewer:
            raise Refused(f"{fewer[0]} has {after[fewer[0]]} rows and had {before[fewer[0]]}.")
        return pages_answer.ask(installations.beside(config, Path(folder)))


def _taken_back(config: Config, file: Path, revision: str, error: Exception) -> Refused:
    """Puts the old database back in use, by rolling back the transaction or restoring the backup."""
    why = (str(error).strip().splitlines() or [type(error).__name__])[0][:300].rstrip(".")
    if revision_of(config) == revision:
        return Refused(f"The upgrade failed and changed nothing ({why}). The backup is {file}.")
    put = restore.put_back(config, file, to_head=False)
    aside = f" What the upgrade had made is in {put.aside}." if put.aside else ""
    return Refused(f"The upgrade failed ({why}). The database from before is back.{aside}")
