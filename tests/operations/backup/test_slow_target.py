"""A folder for backups that takes hours to write: no one waits for it, and runs beside each other do no harm.

To everyone else a process that was stopped is what one is whose disk does not answer: in the midst of its work, with
its transaction, its locks and half a copy.
"""

import os
import signal
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from engage import clock
from engage.accounts.models import User
from engage.config import Config
from engage.operations.backup import archive
from engage.operations.backup import rules as backup_rules
from engage.operations.backup.service import backup
from tests import warm
from tests.operations.commands import environment

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.real_clock]
Installation = Callable[..., Config]


@contextmanager
def standing_still(config: Config, away: Path) -> Iterator[warm.Started]:
    """Starts the backup of the night to this folder, and stops it while it writes its copy."""
    env = {**environment(config), "ENGAGE_BACKUP_TO": str(away)}
    for _turn in range(10):  # a very busy machine may let it end first
        with (config.DATA / "said").open("w") as said:
            slow = warm.start("backup", env=env, out=said)
        until = monotonic() + 60
        while slow.poll() is None and monotonic() < until and not list(away.glob(".*/engage.db")):
            sleep(0.001)
        with suppress(ProcessLookupError):
            os.kill(slow.pid, signal.SIGSTOP)
        if list(away.glob(".*/engage.db")):
            break
        for made in away.iterdir():
            made.unlink()
    try:
        yield slow
    finally:
        with suppress(ProcessLookupError):
            os.kill(slow.pid, signal.SIGKILL)
        slow.wait(60)


def write(config: Config, name: str) -> None:
    engine = sa.create_engine(config.SQLALCHEMY_DATABASE_URI)
    with engine.begin() as connection:
        values = {"name": name, "email": "m@example.org", "password_hash": "x", "created_at": clock.now()}
        connection.execute(sa.insert(User).values(**values))
    engine.dispose()


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if not file.name.startswith("."))


def test_a_slow_target_delays_no_one_and_gets_its_backup_in_the_end(
    installation: Installation, tmp_path: Path
) -> None:
    config, away = installation(), tmp_path / "away"
    away.mkdir()
    with standing_still(config, away) as slow:
        assert names(away) == []
        write(config, "Meanwhile")
        here = backup.make(config)
        beside = backup.make(replace(config, BACKUP_TO=away), keep=backup_rules.Keep(1, 0, 0))
        assert names(away) == [beside.path.name]
        os.kill(slow.pid, signal.SIGCONT)
        assert slow.wait(60) == 0
    with zipfile.ZipFile(here.path) as packed:
        assert b"Meanwhile" in packed.read("engage.db")
    assert beside.path.name in names(away)
    assert len([archive.checked(away / name) for name in names(away)]) == 2
    assert len(list(away.iterdir())) == 2


def test_a_slow_run_that_is_killed_leaves_no_name_and_the_next_clears_up(
    installation: Installation, tmp_path: Path
) -> None:
    config, away = installation(), tmp_path / "away"
    away.mkdir()
    with standing_still(config, away):
        pass
    assert names(away) == [] and list(away.iterdir())
    made = backup.make(config, away)
    assert list(away.iterdir()) == [made.path]


def test_a_run_that_begins_while_another_does_leaves_its_folder_alone(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = installation(empty=True)
    made: list[Path] = []
    second = threading.Thread(target=lambda: made.append(backup.make(config).path))

    def slowly(make: Callable[..., str] = tempfile.mkdtemp, **how: Path | str) -> str:
        monkeypatch.undo()
        folder = make(**how)
        second.start()
        second.join(0.5)  # now it would take the folder for one that was left behind
        return folder

    monkeypatch.setattr(tempfile, "mkdtemp", slowly)
    made.append(backup.make(config).path)
    second.join()
    assert sorted(file.name for file in (config.DATA / "backups").iterdir()) == sorted(
        path.name for path in made
    )
    assert len(made) == 2


def test_a_slow_run_removes_none_that_others_made_meanwhile() -> None:
    night = datetime(2026, 11, 29, 3, 15, tzinfo=UTC)
    made, *others = (
        backup_rules.name_of("0a0a0a0a", night + timedelta(hours=hours), encrypted=False)
        for hours in (0, 5, 9)
    )
    rule, now = backup_rules.Keep(1, 0, 0), night + timedelta(hours=10)
    assert backup_rules.to_remove([made, *others], "0a0a0a0a", rule, made, now) == []
