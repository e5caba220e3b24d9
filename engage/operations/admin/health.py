"""Reads figures about the installation's health, at the time its admins request the page."""

import shutil
from datetime import datetime

import sqlalchemy as sa
from flask import current_app
from msgspec import Struct

from engage import release
from engage.extensions import db, mail_server
from engage.messages.mail import service as mail_service
from engage.operations.admin import queries
from engage.operations.backup.note import is_too_old
from engage.operations.models import Run
from engage.operations.rules import RunKind
from engage.operations.schema import head


class Health(Struct, frozen=True):
    """The figures, with sizes in bytes.

    `commit` is blank if unknown; `migration` is the database's revision, and `head` the revision that this
    version needs.
    """

    version: str
    commit: str
    database: str
    database_version: str
    size: int
    free: int
    migration: str
    head: str
    sessions: int
    runs: dict[RunKind, Run]
    backup_is_old: bool
    mail: mail_service.LastWeek | None

    @property
    def tick(self) -> Run | None:
        return self.runs.get(RunKind.TICK)

    @property
    def backup(self) -> Run | None:
        return self.runs.get(RunKind.BACKUP)

    @property
    def check(self) -> Run | None:
        """Returns the latest test of a backup, in which it was restored to a temporary place."""
        return self.runs.get(RunKind.CHECK)

    @property
    def is_migrated(self) -> bool:
        return self.migration == self.head


def health_of(now: datetime) -> Health:
    """Reads the figures in a fixed number of queries."""
    runs = {run.kind: run for run in db.session.scalars(sa.select(Run))}
    made = runs.get(RunKind.BACKUP)
    sqlite = db.engine.dialect.name == "sqlite"
    asked = "SELECT sqlite_version()" if sqlite else "SHOW server_version"
    return Health(
        version=release.version(),
        commit=release.commit(),
        database="SQLite" if sqlite else "PostgreSQL",
        database_version=str(db.session.scalar(sa.text(asked))),
        size=_size(sqlite=sqlite),
        free=shutil.disk_usage(current_app.config["DATA"]).free,
        migration=str(db.session.scalar(sa.text("SELECT max(version_num) FROM alembic_version"))),
        head=head(),
        sessions=queries.live_sessions(now),
        runs=runs,
        backup_is_old=made is not None and is_too_old(made.ended_at, now),
        mail=mail_service.last_week(now) if mail_server() is not None else None,
    )


def _size(*, sqlite: bool) -> int:
    if sqlite:
        pages = db.session.scalar(
            sa.text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        )
        return int(pages or 0)
    return int(db.session.scalar(sa.text("SELECT pg_database_size(current_database())")) or 0)
