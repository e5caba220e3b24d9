"""Moving from SQLite to PostgreSQL: the same rows, the same values, or nothing.

It is collected if PostgreSQL is tested.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from engage.config import Config
from engage.extensions import db
from engage.operations import lock
from engage.operations.backup import archive, installations
from engage.operations.backup.service import backup, copying, moving, switching
from engage.operations.refused import Refused
from tests import databases
from tests import rows as any_rows
from tests.operations.commands import engage
from tests.operations.conftest import config_in, every_row

pytestmark = [pytest.mark.slow, pytest.mark.real_clock]

Installation = Callable[..., Config]


@pytest.fixture
def source(installation: Installation, tmp_path: Path) -> Config:
    """Makes a filled installation on SQLite, whatever the suite runs on."""
    filled = installation()
    if installations.on_sqlite(filled):
        return filled
    config = config_in(tmp_path / "source")
    archive.unpack(backup.make(filled).path, config.DATA)
    return config


@pytest.fixture
def target(tmp_path: Path, worker_id: str) -> Iterator[str]:
    """Makes an empty PostgreSQL database."""
    with databases.empty(tmp_path, f"t{worker_id}") as url:
        yield url


on_postgresql = pytest.mark.skipif(
    "not os.environ.get('ENGAGE_TEST_DATABASE_URL')", reason="needs PostgreSQL"
)


def rows_in(url: str) -> dict[str, int]:
    """Returns them by table, without the search index, which each database makes for itself."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        return {
            name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()
            for name in names
            if name != "alembic_version" and not name.startswith("search_")
        }


def test_every_row_moves_and_people_go_on_there(source: Config, target: str) -> None:
    before = (source.DATA / "engage.db").read_bytes()
    steps: list[int] = []
    moved = moving.move(source, target, lambda _table, rows: steps.append(rows))
    assert sum(steps) == moved.rows > 1000
    assert (source.DATA / "engage.db").read_bytes() == before
    there = replace(source, SQLALCHEMY_DATABASE_URI=target)
    assert rows_in(target) == installations.counted(source.DATA / "engage.db")
    with installations.application(there):
        any_rows.insert(db.metadata.tables["plan_action"])
        db.session.commit()
    # And back again by a backup: the same values in the same form.
    folder = source.DATA / "again"
    folder.mkdir()
    again = replace(there, SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder}/engage.db")
    with closing(sqlite3.connect(source.DATA / "engage.db")) as file:
        names = [name for name in installations.tables(file) if name != "operations_run"]
    moved_back = backup.make(replace(source, SQLALCHEMY_DATABASE_URI=target))
    archive.unpack(moved_back.path, folder)
    here, back = every_row(source), every_row(again)
    assert all(set(here[name]) <= set(back[name]) for name in names)


def test_a_target_with_rows_is_left_alone(source: Config, target: str) -> None:
    moving.move(source, target)
    there = rows_in(target)
    with pytest.raises(Refused, match="The target is not empty: its table accounts_"):
        moving.move(source, target)
    assert rows_in(target) == there


def test_what_goes_wrong_in_the_middle_leaves_no_row_and_may_be_repeated(
    source: Config, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = copying.sums_of_postgresql

    def one_less(*given: Any) -> dict[str, copying.TableSum]:
        sums = real(*given)
        sums["plan_action"] = copying.TableSum(sums["plan_action"].rows, 1)
        return sums

    monkeypatch.setattr(copying, "sums_of_postgresql", one_less)
    with pytest.raises(Refused, match="plan_action is not the same after copying"):
        moving.move(source, target)
    assert set(rows_in(target).values()) == {0}
    monkeypatch.undo()
    moving.move(source, target)


def test_the_sums_see_every_changed_value(source: Config, target: str) -> None:
    moving.move(source, target)
    there = replace(source, SQLALCHEMY_DATABASE_URI=target)
    for change in (
        "UPDATE plan_action SET title = title || '.' WHERE id = (SELECT max(id) FROM plan_action)",
        "UPDATE accounts_user SET created_at = created_at + interval '1 microsecond'",
        "UPDATE coalitions_membership SET name = name || '.'",
    ):
        engine = sa.create_engine(target, poolclass=sa.pool.NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql(change)
        with (
            switching.connected(there) as connection,
            closing(sqlite3.connect(source.DATA / "engage.db")) as file,
        ):
            driver = switching.driver_of(connection)
            here = copying.sums_of_sqlite(file, driver)
            assert any(copying.sums_of_postgresql(driver, here)[name] != here[name] for name in here), change


def test_the_command_says_what_to_set_next(source: Config, target: str) -> None:
    done = engage(source, "move", "--to", target.replace("+psycopg", ""))
    assert done.returncode == 0, done.stderr
    assert "every count and every sum is the same on both sides" in done.stdout
    assert "Now set ENGAGE_DATABASE_URL to postgresql://" in done.stdout
    refused = engage(source, "move", "--to", target.replace("+psycopg", ""))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1), refused.stderr


def test_what_cannot_be_moved_is_one_line(source: Config) -> None:
    gone = "postgresql+psycopg://u@127.0.0.1:1/d"
    with pytest.raises(Refused, match="The database cannot be used"):
        moving.move(source, gone)
    with pytest.raises(Refused, match="already uses PostgreSQL"):
        moving.move(replace(source, SQLALCHEMY_DATABASE_URI=gone), gone)
    with closing(sqlite3.connect(source.DATA / "engage.db")) as file:
        file.execute("UPDATE alembic_version SET version_num = '0030'")
        file.commit()
    with pytest.raises(Refused, match="Type: engage upgrade"):
        moving.move(source, gone)
    done = engage(source, "move", "--to", "mysql://x")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: --to must look like postgresql://")


def test_nothing_moves_while_engage_runs(source: Config) -> None:
    with lock.alone(source):
        done = engage(source, "move", "--to", "postgresql://u@127.0.0.1:1/d")
    assert "Stop it" in done.stderr
    assert done.returncode == 1
