"""Provides an installation of its own for each test: a data folder, a secret key, a database with the sample in it."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from engage.config import Config, TestConfig, in_folder, make_secret_key
from engage.extensions import db
from engage.operations.backup import installations
from engage.operations.sample import service as sample_service
from tests import databases

Installation = Callable[..., Config]
# Without PostgreSQL there is nowhere to move to: not collected, not skipped.
collect_ignore = [] if os.environ.get("ENGAGE_TEST_DATABASE_URL") else ["backup/test_move.py"]


def config_in(folder: Path, url: str | None = None) -> Config:
    """Returns the settings of an installation in `folder`, with a secret key of its own."""
    folder.mkdir(mode=0o700, exist_ok=True)
    make_secret_key(folder)
    key = (folder / "secret_key").read_text().strip()
    shared = databases.static_files()
    if not (folder / "static").exists():
        (folder / "static").symlink_to(shared, target_is_directory=True)
    return TestConfig(DATA=folder, SECRET_KEY=key, SQLALCHEMY_DATABASE_URI=url or in_folder(folder))


@pytest.fixture(scope="module", autouse=True)
def _tables_by_copy() -> Iterator[None]:
    """New files get their tables as copies: demos, backups of PostgreSQL, files of coalitions on their way in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "upgrade", databases.by_copy(command.upgrade))
        yield


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Config]:
    """Makes the installation that the others are copies of."""
    folder = tmp_path_factory.mktemp("filled") / "data"
    with databases.empty(folder.parent, f"f{worker_id}") as url:
        config = config_in(folder, in_folder(folder) if url.startswith("sqlite") else url)
        databases.migrate(databases.app_of(config))
        with installations.application(config):
            sample_service.build(
                {"coordinator": "amber basket birch bridge", "member": "amber basket birch canyon"}
            )
            db.session.commit()
        yield config


@pytest.fixture
def installation(filled: Config, tmp_path: Path, worker_id: str) -> Iterator[Installation]:
    """Makes installations: filled ones, or with `empty=True` prepared ones without a row."""
    with ExitStack() as stack:

        def make(name: str = "data", *, empty: bool = False) -> Config:
            if installations.on_sqlite(filled):
                config = config_in(tmp_path / name)
                if not empty:
                    target = tmp_path / name / "engage.db"
                    with closing(sqlite3.connect(installations.database_file(filled))) as source:
                        source.execute("VACUUM INTO ?", (str(target),))
                    target.chmod(0o600)
                    with closing(sqlite3.connect(target)) as copy:
                        copy.execute("PRAGMA journal_mode=WAL")  # as the application has it
            else:
                template = None if empty else filled
                config = config_in(tmp_path / name, stack.enter_context(_database(name, worker_id, template)))
            if empty:
                databases.migrate(databases.app_of(config))
            return config

        yield make


@contextmanager
def _database(name: str, worker: str, template: Config | None) -> Iterator[str]:
    """Gives a PostgreSQL database that is a copy of another one."""
    of = sa.make_url(template.SQLALCHEMY_DATABASE_URI).database if template else "template1"
    with databases.empty(Path(), f"{worker}_{name}", str(of)) as url:
        yield url


@pytest.fixture
def rows() -> Callable[[Config], dict[str, list[Any]]]:
    """Returns a function for every row of every table to compare, without the times of runs, which a backup notes."""
    return every_row


def every_row(config: Config) -> dict[str, list[Any]]:
    engine = sa.create_engine(config.SQLALCHEMY_DATABASE_URI, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        found = set(sa.inspect(connection).get_table_names()) - {"operations_run"}
        # What is searched is made from the rows anew.
        names = sorted(name for name in found if not name.startswith("search_"))
        return {
            name: sorted(map(repr, connection.exec_driver_sql(f'SELECT * FROM "{name}"').fetchall()))
            for name in names
        }


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Returns a function that mounts a disk of a given size; tests of a full disk run as root, as CI does."""
    import subprocess

    mounted: list[Path] = []

    def mount(options: str) -> Path:
        folder = tmp_path / f"disk{len(mounted)}"
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", folder], check=True)
    shutil.rmtree(tmp_path, ignore_errors=True)
