"""One database or another behind the same settings: what migrates, checks and copies works beside the one in use."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from engage.config import Config, in_folder
from engage.operations import schema
from engage.operations.refused import Refused


def on_sqlite(config: Config) -> bool:
    return config.SQLALCHEMY_DATABASE_URI.startswith("sqlite")


def database_file(config: Config) -> Path:
    """The SQLite file in use."""
    return Path(str(sa.make_url(config.SQLALCHEMY_DATABASE_URI).database))


def beside(config: Config, folder: Path) -> Config:
    """The same settings on an SQLite file in another folder; sends no mail."""
    return replace(config, SQLALCHEMY_DATABASE_URI=in_folder(folder), MAIL=None, DAILY=False)


@contextmanager
def application(config: Config) -> Iterator[Flask]:
    """The application inside its context; its connections are closed at the end."""
    import flask_migrate  # noqa: F401 - loaded first, so that the application is prepared to migrate

    from engage import create_app
    from engage.extensions import db

    app = create_app(config)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def migrate(config: Config, revision: str = "head") -> None:
    """Bring the database of these settings to a revision, making its tables where there are none."""
    from alembic import command

    with application(config) as app:
        # Not flask_migrate's own command, which ends the process where a migration fails.
        command.upgrade(app.extensions["migrate"].migrate.get_config(), revision)


def revisions() -> tuple[str, ...]:
    """Every revision that this code knows, oldest first."""
    return tuple(schema.revisions())


def head() -> str:
    return schema.head()


def revision_of(database: Path) -> str:
    """The revision of an SQLite file. Raises Refused where it is no database of Engage."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        except sqlite3.Error:
            rows = []
    if len(rows) != 1:
        raise Refused(f"{database} is not a prepared database of Engage. Type: engage init")
    return str(rows[0][0])


def counted(database: Path) -> dict[str, int]:
    """Rows by table, of an SQLite file that is whole: every page, key and reference is looked at.

    Raises Refused where it is not.
    """
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            said = connection.execute("PRAGMA integrity_check(3)").fetchall()
            if said != [("ok",)]:
                raise Refused(f"The copy of the database is damaged: {said[0][0]}")
            if broken := connection.execute("PRAGMA foreign_key_check").fetchall():
                raise Refused(f"The copy of the database holds {len(broken)} rows that point nowhere.")
            return {
                table: connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608
                for table in tables(connection)
            }
        except sqlite3.Error as error:
            raise Refused(f"The copy of the database is damaged: {error}") from None


def tables(connection: sqlite3.Connection) -> list[str]:
    """Engage's own, without the one that names the revision."""
    found = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    return [name for (name,) in found if name != "alembic_version"]
