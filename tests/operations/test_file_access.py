"""Files that one names to a command are one's own, though the command works as the user that owns the data."""

import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from engage.config import ROOT
from engage.operations import file_access
from tests import warm

pytestmark = pytest.mark.real_clock

# Every machine has this user.
OTHER = "nobody"


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_as_another_user_commands_read_and_write_the_files_of_whoever_calls() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as name:  # what pytest makes no one else may enter
        folder = Path(name)
        folder.chmod(0o711)
        _works(folder / "data", folder / "mine")


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_root_leaves_no_files_of_its_own_in_another_users_data() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        shutil.chown(folder, OTHER)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ENGAGE_")}
        environment = {**kept, "ENGAGE_DATA": str(folder), "PYTHONPATH": str(ROOT)}
        for command in ("init", "tick"):
            assert warm.run(command, cwd="/tmp", env=environment).returncode == 0
        checked = warm.run("doctor", cwd="/tmp", env=environment)
        assert "database: it opens, and its pages are intact" in checked.stdout
        assert {file.owner() for file in folder.rglob("*")} == {OTHER}


def _works(data: Path, mine: Path) -> None:
    for made in (data, mine):
        made.mkdir(mode=0o700)
    shutil.chown(data, OTHER)
    (mine / "plan.csv").write_text("Action\nAsk the county\n")
    (mine / "plan.csv").chmod(0o600)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ENGAGE_")}
    environment = {**kept, "ENGAGE_DATA": str(data), "PYTHONPATH": str(ROOT)}

    def run(*words: str | Path) -> str:
        # Warm: the other user may not be let in to where this machine's Python is.
        done = warm.run("--as", OTHER, *words, cwd=mine, env=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("init")
    run("coalition", "create", "riverbend", "--name", "Riverbend")
    assert "1 actions added" in run("plan", "import", "riverbend", "plan.csv", "--yes")
    assert "Written: file.json" in run("export", "riverbend", "--to", "file.json")
    assert json.loads((mine / "file.json").read_text())["rows"]
    assert (mine / "file.json").stat().st_uid == os.geteuid()
    assert (mine / "file.json").stat().st_mode & 0o777 == 0o600
    assert "as other: " in run("coalition", "import", "file.json", "--slug", "other")
    assert {file.owner() for file in data.rglob("*")} == {OTHER}


def test_a_backup_that_only_the_caller_may_read_is_handed_over_for_the_time_being(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.zip").write_bytes(b"all of it")
    monkeypatch.chdir(tmp_path)
    given = file_access.Archive().convert("a.zip", None, None)
    with given.readable(tmp_path) as path:
        assert path == tmp_path / "a.zip"
    given = file_access.Archive().convert("a.zip", None, None)
    monkeypatch.setattr(os, "access", lambda *_path_and_kind: False)
    with given.readable(tmp_path) as path:
        assert path.parent != tmp_path
        assert (path.name, path.read_bytes()) == ("a.zip", b"all of it")
    assert [file.name for file in tmp_path.iterdir()] == ["a.zip"]
    assert file_access.Archive().convert("nowhere.zip", None, None).path == tmp_path / "nowhere.zip"
