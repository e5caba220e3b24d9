"""Finds an installation's files, and opens another database with its settings, to migrate, check or copy it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from msgspec.structs import replace

from engage.config import Config, in_folder
from engage.operations.backup.rules import broken_references
from engage.operations.refused import Refused


def on_sqlite(config: Config) -> bool:
    return config.SQLALCHEMY_DATABASE_URI.startswith("sqlite")


def database_file(config: Config) -> Path:
    """Returns the path of the SQLite file in use."""
    return Path(str(sa.make_url(config.SQLALCHEMY_DATABASE_URI).database))


def beside(config: Config, folder: Path) -> Config:
    """Returns the same settings for an SQLite file in another folder, with mail turned off."""
    return replace(config, SQLALCHEMY_DATABASE_URI=in_folder(folder), MAIL=None, DAILY=False)


def backups(config: Config) -> Path:
    """Returns the folder for backups: the one in the settings, else a folder in the data folder."""
    return config.BACKUP_TO or backups_of_upgrades(config)


def backups_of_upgrades(config: Config) -> Path:
    """Returns where an upgrade puts the earlier data: inside the data folder, so no other disk is needed."""
    return config.DATA / "backups"


@contextmanager
def application(config: Config) -> Iterator[Flask]:
    """Yields the application inside its context; its connections are closed at the end."""
    import flask_migrate  # noqa: F401 - imported first, so that the application can migrate

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
    """Migrates the database of these settings to a revision; creates the tables if there are none."""
    from alembic import command

    with application(config) as app:
        # flask_migrate's own command would end the process when a migration fails.
        command.upgrade(app.extensions["migrate"].migrate.get_config(), revision)


def revision_of(database: Path) -> str:
    """Returns the revision of an SQLite file. Raises Refused if it is not a database of Engage."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        except sqlite3.Error:
            rows = []
    if len(rows) != 1:
        raise Refused(f"{database} is not a prepared Engage database. Type: engage init")
    return str(rows[0][0])


def counted(database: Path, *, marked: str = "") -> dict[str, int]:
    """Returns the number of rows by table in an SQLite file, after checking pages, keys and references.

    Raises Refused if a page or key is damaged, or if the broken references are not those in `marked`.
    """
    counts, broken = looked_through(database)
    if broken != marked:
        raise Refused(f"Rows refer to rows that are missing: {broken or 'none, though it says so'}.")
    return counts


def looked_through(database: Path) -> tuple[dict[str, int], str]:
    """Checks every page and key; returns the number of rows by table, and the broken references.

    Something other than Engage may have deleted a row. All other rows are still worth saving.
    """
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            said = connection.execute("PRAGMA integrity_check(3)").fetchall()
            if said != [("ok",)]:
                raise Refused(f"The copy of the database is damaged: {str(said[0][0]).splitlines()[-1]}")
            counts = {
                table: connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608
                for table in tables(connection)
            }
            return counts, broken_references(connection.execute("PRAGMA foreign_key_check"))
        except sqlite3.Error as error:
            raise Refused(f"The copy of the database is damaged: {error}") from None


def tables(connection: sqlite3.Connection) -> list[str]:
    """Returns Engage's own tables, without those of Alembic and the search index."""
    found = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    return [name for (name,) in found if name != "alembic_version" and not name.startswith("search_")]
