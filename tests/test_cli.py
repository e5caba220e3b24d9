"""Runs the `engage` command from anywhere; whatever is wrong is one plain line and an exit code."""

import os
import re
import socket
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.processes import free_port
from engage.config import ROOT
from tests import warm

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.real_clock]

COMMANDS = ("demo", "serve", "dev", "bench", "lock", "messages")
CHECKS = ("test", "test-slow", "test-postgres", "check", "browser")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def engage(data: Path, tmp_path: Path) -> Run:
    """Runs the command from a folder that has nothing to do with the project."""

    def run(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ENGAGE_")}
        environment = {**kept, "ENGAGE_DATA": str(data), "PYTHONPATH": str(ROOT), **settings}
        return warm.run(*words, cwd=tmp_path, env=environment)

    return run


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """Returns the one line with which a command refused."""
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("Error: ")
    return lines[0]


def test_init_prepares_the_folder_for_its_owner_alone_and_may_run_again(engage: Run, data: Path) -> None:
    done = engage("init")
    assert (done.returncode, done.stdout) == (0, f"Ready: {data}\n"), done.stderr
    secret = (data / "secret_key").read_text()
    assert data.stat().st_mode & 0o777 == 0o700
    for name in ("secret_key", "engage.db"):
        assert (data / name).stat().st_mode & 0o777 == 0o600
    assert engage("init").returncode == 0
    assert (data / "secret_key").read_text() == secret


def test_init_says_what_it_means_that_a_databases_key_is_gone(engage: Run, data: Path) -> None:
    assert engage("init").stderr == ""
    (data / "secret_key").unlink()
    assert "If you find the old key, put it back" in engage("init").stderr
    assert engage("init").stderr == ""


def test_init_refuses_what_the_next_demo_would_delete(engage: Run, data: Path) -> None:
    data.mkdir(mode=0o700)
    (data / "this-is-a-demo").touch()
    assert one_line(engage("init")).startswith(
        f"Error: {data} holds a demo, which the next engage demo deletes"
    )
    assert f"look  data folder: {data} holds a demo" in engage("doctor").stdout
    assert not (data / "secret_key").exists()


def test_init_leaves_the_mode_of_a_folder_with_other_things_alone(engage: Run, data: Path) -> None:
    data.mkdir()
    (data / "other.txt").write_text("not ours")
    assert engage("init").returncode == 0
    assert data.stat().st_mode & 0o777 == 0o755


def test_without_init_it_says_what_to_type_and_help_still_helps(engage: Run, data: Path) -> None:
    assert one_line(engage("serve")) == f"Error: {data} is not prepared yet. Type: engage init"
    done = engage("--help")
    assert done.returncode == 0
    assert "reset-link" in done.stdout
    assert not re.search(r"^  (run|shell|routes|db) ", done.stdout, re.M)
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"ENGAGE_URL": "nonsense"}, "ENGAGE_URL must be"),
        ({"ENGAGE_DATABASE_URL": "nonsense"}, "ENGAGE_DATABASE_URL must look like"),
        ({"ENGAGE_DATABASE_URL": "postgresql://u@h:port/d"}, "ENGAGE_DATABASE_URL must look like"),
        ({"ENGAGE_DATABASE_URL": "postgresql://u@127.0.0.1:1/d"}, "The database cannot be used"),
        ({"ENGAGE_LEAVE_URL": "javascript:x"}, "ENGAGE_LEAVE_URL must be"),
        ({"ENGAGE_DATA": "/dev/null/engage"}, "/dev/null"),
    ],
)
def test_a_broken_setting_stops_with_one_line(engage: Run, settings: dict[str, str], words: str) -> None:
    assert engage("init").returncode == 0
    assert words in one_line(engage("init", **settings))
    assert words in one_line(engage("serve", "--port", str(free_port()), **settings))


def test_a_short_secret_stops_the_start(engage: Run, data: Path) -> None:
    engage("init")
    (data / "secret_key").write_text("x")
    assert "too short to be safe" in one_line(engage("serve"))


def test_a_database_that_is_none_or_not_prepared_is_said(engage: Run, data: Path) -> None:
    engage("init")
    with sqlite3.connect(data / "engage.db") as connection:
        connection.execute("DROP TABLE accounts_setup_link")
    connection.close()
    serve = ("serve", "--port", str(free_port()))
    assert "Type: engage init" in one_line(engage(*serve))
    for part in data.glob("engage.db*"):
        part.unlink()
    (data / "engage.db").write_text("this is no database " * 100)
    assert "The database cannot be used" in one_line(engage(*serve))


def test_a_taken_port_is_said_before_a_link_is_printed(engage: Run) -> None:
    engage("init")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = engage("serve", "--port", str(port))
        under_make = engage("serve", "--port", str(port), MAKELEVEL="1")
    assert f"127.0.0.1:{port} cannot be used" in one_line(done)
    assert done.stdout == ""
    assert one_line(under_make).endswith(" another port: PORT=8001")


def test_a_port_that_is_none_is_refused(engage: Run) -> None:
    assert engage("serve", "--port", "70000").returncode != 0


def test_reset_link_prints_a_link_or_says_that_no_one_has_the_address(engage: Run, data: Path) -> None:
    engage("init")
    assert "no account with the address maria@example.org" in one_line(
        engage("reset-link", "maria@example.org")
    )
    with sqlite3.connect(data / "engage.db") as connection:
        connection.execute(
            "INSERT INTO accounts_user (name, email, password_hash, is_admin, second_factor_nonce,"
            " second_factor_step, created_at, version)"
            " VALUES ('Maria', 'maria@example.org', 'x', 0, '', 0, '2026-01-01 00:00:00', 1)"
        )
    connection.close()
    done = engage("reset-link", "Maria@Example.org", ENGAGE_URL="https://engage.example.org")
    assert done.returncode == 0
    assert done.stdout.startswith("https://engage.example.org/reset/")
    token = done.stdout.strip().rsplit("/", 1)[1]
    assert len(token) >= 43
    with sqlite3.connect(data / "engage.db") as connection:
        assert connection.execute("SELECT count(*) FROM accounts_password_link").fetchone() == (1,)
        assert token not in str(connection.execute("SELECT * FROM accounts_password_link").fetchall())
    connection.close()


def test_a_broken_content_file_stops_the_start_with_its_name_and_line(
    monkeypatch: pytest.MonkeyPatch, data: Path, tmp_path: Path
) -> None:
    from click.testing import CliRunner

    from engage import cli
    from engage.config import make_secret_key
    from engage.content import loader

    data.mkdir()
    make_secret_key(data)
    broken = tmp_path / "en"
    broken.mkdir()
    for file in (ROOT / "engage" / "content" / "en").iterdir():
        text = file.read_text()
        (broken / file.name).write_text(text.replace("key:", "kee:", 1) if file.name == "tips.yaml" else text)
    monkeypatch.setenv("ENGAGE_DATA", str(data))
    monkeypatch.setattr(loader, "content", lambda _language: loader.load(broken))
    done = CliRunner().invoke(cli.main, ["init"])
    assert done.exit_code == 2
    assert done.output.count("\n") == 1
    assert "en/tips.yaml" in done.output


def test_make_lists_its_commands_and_names_what_is_missing(tmp_path: Path) -> None:
    def make(*words: str) -> subprocess.CompletedProcess[str]:
        path = {"PATH": os.environ["PATH"]}
        return subprocess.run(
            ["make", "-f", ROOT / "Makefile", *words], cwd=tmp_path, env=path, capture_output=True, text=True
        )

    assert make("-n", "help").returncode == 0
    listed = make("help").stdout
    for target in (*COMMANDS, *CHECKS):
        assert f"make {target} " in listed
    done = make("PYTHON=python-that-is-not-there", ".venv/bin/python")
    assert done.returncode != 0
    assert done.stdout.strip() == (
        "Engage needs Python 3.11 or newer. Type: sudo apt install python3 python3-venv"
    )
    old = tmp_path / "old-python"
    old.write_text('#!/bin/sh\n[ "$1" = "-V" ] && echo "Python 3.9.2"\nexit 1\n')
    old.chmod(0o755)
    done = make(f"PYTHON={old}", ".venv/bin/python")
    assert done.returncode != 0
    assert "is 3.9.2. Install a newer one" in done.stdout
    bare = tmp_path / "python-without-venv"
    bare.write_text('#!/bin/sh\ncase "$*" in *ensurepip*) exit 1; esac\n')
    bare.chmod(0o755)
    done = make(f"PYTHON={bare}", ".venv/bin/python")
    assert done.returncode != 0
    assert done.stdout.strip() == "Python's venv module is missing. Type: sudo apt install python3-venv"


# Says yes to every question, and makes an environment whose python is a copy of itself.
PYTHON = """#!/bin/sh
case "$*" in
  "-m venv"*) echo made anew; mkdir -p "$4/bin"; cp "$0" "$4/bin/python"; touch "$4/pyvenv.cfg" ;;
esac
"""


def test_an_environment_of_a_python_that_is_gone_is_made_anew_and_a_sound_one_stays(tmp_path: Path) -> None:
    fresh = tmp_path / "python3"
    fresh.write_text(PYTHON)
    fresh.chmod(0o755)

    def make() -> str:
        command = ["make", "-f", ROOT / "Makefile", f"PYTHON={fresh}", ".venv/bin/python"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    assert "made anew" in make()
    assert "made anew" not in make()
    # One that does not run any more, and one that finds no packages.
    python = tmp_path / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3.11")
    assert "made anew" in make()
    python.unlink()
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    assert "made anew" in make()
    assert "made anew" not in make()
