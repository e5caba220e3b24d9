"""Tests which SQLite the process uses, and that one that could damage the database is refused."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from engage import create_app, database
from engage.config import TestConfig
from engage.settings import ConfigError


@pytest.mark.parametrize(
    ("version", "has"),
    [
        ((3, 46, 1), True),  # Debian 13
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 9), True),
    ],
)
def test_the_fault_is_known_by_the_version_also_in_the_lines_that_were_repaired(
    version: tuple[int, int, int], has: bool
) -> None:
    assert database.has_wal_fault(version) is has


def test_a_sqlite_that_could_damage_the_database_does_not_start_and_postgresql_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["sqlite3"], "sqlite_version", "3.46.1")
    monkeypatch.setattr(sys.modules["sqlite3"], "sqlite_version_info", (3, 46, 1))
    with pytest.raises(ConfigError, match=r"^The SQLite of this Python, 3\.46\.1, can damage the database"):
        create_app(TestConfig(DATA=tmp_path, SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path}/engage.db"))
    database.refuse_wal_fault("postgresql+psycopg://engage@/engage")


@pytest.mark.slow
@pytest.mark.real_clock
@pytest.mark.sqlite_only
def test_the_sqlite_of_machines_with_an_arm_processor_keeps_backs_up_and_restores(tmp_path: Path) -> None:
    """Makes pysqlite3 missing, as it is there; the other wheel then holds an installation from beginning to end."""
    without = "import sys; sys.modules['pysqlite3'] = None; from engage.cli import main; main()"
    environment = {**os.environ, "ENGAGE_DATA": str(tmp_path / "data")}

    def engage(*words: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-c", without, *words], env=environment, capture_output=True, text=True
        )
        assert ran.returncode in {0, 1}, ran.stdout + ran.stderr
        return ran.stdout

    engage("init")
    engage("coalition", "create", "riverbend", "--name", "Riverbend")
    engage("seed", "--coalitions", "1", "--actions", "20", "--members", "5")
    engage("backup")
    (archive,) = (tmp_path / "data" / "backups").iterdir()
    assert "pages answer" in engage("restore", "--check", str(archive))
    said = engage("doctor")
    (line,) = (line for line in said.splitlines() if " SQLite" in line)
    assert line.split()[0] == "ok" and line.split()[-1] != sqlite3.sqlite_version, said
    engage("restore", "--yes", str(archive))
