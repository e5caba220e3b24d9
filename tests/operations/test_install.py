"""The install page's commands and files, run as far as a machine allows that is not one's own."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from engage import cli
from engage.config import ROOT
from engage.operations import server

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.real_clock]

HOSTING = ROOT / "docs" / "hosting"
SYSTEMD = HOSTING / "systemd"
PAGES = "\n".join(page.read_text() for page in [ROOT / "docs" / "hosting.md", *sorted(HOSTING.glob("*.md"))])
UNITS = sorted(file.name for file in SYSTEMD.iterdir())


def make(*words: str) -> subprocess.CompletedProcess[str]:
    """Runs make with this Python's environment in place of .venv, which is not made again."""
    return subprocess.run(
        ["make", "-o", f"{sys.prefix}/.run", f"VENV={sys.prefix}", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_install_places_units_settings_and_the_command_and_keeps_what_one_wrote(tmp_path: Path) -> None:
    done = make("install", f"DESTDIR={tmp_path}")
    assert done.returncode == 0, done.stderr
    placed = tmp_path / "etc/systemd/system"
    assert sorted(file.name for file in placed.iterdir()) == UNITS
    settings = tmp_path / "etc/engage/engage.env"
    assert settings.stat().st_mode & 0o777 == 0o640
    command = tmp_path / "usr/local/bin/engage"
    assert command.stat().st_mode & 0o777 == 0o755
    assert f'ExecStart="{sys.prefix}/bin/engage" serve' in (placed / "engage.service").read_text()
    assert "/opt/engage" not in command.read_text()
    assert subprocess.run(["sh", "-n", command], check=False).returncode == 0
    settings.write_text("ENGAGE_URL=https://mine.example.org\n")
    assert make("install", f"DESTDIR={tmp_path}").returncode == 0
    assert settings.read_text() == "ENGAGE_URL=https://mine.example.org\n"
    assert make("uninstall", f"DESTDIR={tmp_path}").returncode == 0
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [settings]


def test_install_works_in_a_folder_with_a_space_and_opens_nothing_of_instance(tmp_path: Path) -> None:
    there = tmp_path / "a folder"
    shutil.copytree(HOSTING, there / "docs" / "hosting")
    shutil.copy(ROOT / "Makefile", there)
    python = there / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    command = ["make", "-o", ".venv/.run", "install", f"DESTDIR={tmp_path}/placed"]
    done = subprocess.run(command, cwd=there, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    unit = tmp_path / "placed/etc/systemd/system/engage.service"
    assert f'ExecStart="{there}/.venv/bin/engage" serve' in unit.read_text()
    assert (
        f'"{there}/.venv/bin/engage" --as engage "$@"'
        in (tmp_path / "placed/usr/local/bin/engage").read_text()
    )
    # What opens files is named, one by one: instance/ holds a key and a database for their owner alone.
    said = subprocess.run(
        ["make", "-n", "-o", ".venv/.run", "install"], cwd=there, capture_output=True, text=True
    )
    opened = re.findall(r"chmod -R a\+rX (.*)", said.stdout)
    assert opened and not {".", "instance"} & set(opened[0].split())


@pytest.mark.parametrize("there", [True, False])
def test_install_refuses_a_python_that_the_service_cannot_see_before_it_downloads(
    tmp_path: Path, there: bool
) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    home = "/root/.pyenv/versions/3.11.7/bin/python3.11"
    python = tmp_path / (".venv/bin/python" if there else "python3")
    python.parent.mkdir(parents=True, exist_ok=True)
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    if there:
        (tmp_path / ".venv" / "pyvenv.cfg").touch()
    # Where this Python lies is what `realpath` says here; the other steps would need what was not copied.
    programs = tmp_path / "programs"
    programs.mkdir()
    said = {"realpath": f"echo {home}", "id": "echo 0"}
    for name, words in said.items():
        (programs / name).write_text(f"#!/bin/sh\n{words}\n")
        (programs / name).chmod(0o755)
    command = ["make", "install", f"PYTHON={python}"]
    path = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
    # A make that runs these tests would make this one say its folder.
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
        path.pop(name, None)
    done = subprocess.run(command, cwd=tmp_path, env=path, capture_output=True, text=True)
    anew = "rm -r .venv && " if there else ""
    refused = f"The service cannot use a Python in a home folder: {home}. "
    assert done.stdout == f"{refused}Type: {anew}make install PYTHON=/usr/bin/python3\n", done.stderr
    assert done.returncode == 2
    (programs / "realpath").write_text("#!/bin/sh\necho /usr/bin/python3.13\n")
    done = subprocess.run(command, cwd=tmp_path, env=path, capture_output=True, text=True)
    assert "home folder" not in done.stdout and "requirements/run.txt" in done.stderr


def test_the_units_are_sound_and_the_service_is_hardened(tmp_path: Path) -> None:
    assert make("install", f"DESTDIR={tmp_path}").returncode == 0
    placed = [tmp_path / "etc/systemd/system" / name for name in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *placed], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    for name, most in {
        "engage.service": 1.5,
        "engage@.service": 1.5,
        "engage-backup.service": 4,
        "engage-tick.service": 4,
    }.items():
        done = subprocess.run(
            ["systemd-analyze", "security", "--offline=yes", "--no-pager", SYSTEMD / name],
            capture_output=True,
            text=True,
        )
        level = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
        assert level, done.stderr
        assert float(level[1]) <= most


def test_the_unit_for_a_second_process_differs_by_its_port_alone() -> None:
    first, second = (
        (SYSTEMD / name).read_text().splitlines() for name in ("engage.service", "engage@.service")
    )
    differing = [line for line in second if line not in first]
    assert len(differing) == 3 and all("port" in line for line in differing)
    assert "RestartPreventExitStatus=2" in first and f"{server.CANNOT_START}" == "2"
    assert "TimeoutStopSec=40" in first and server.ANSWERING_SECONDS < 40


def blocks() -> list[str]:
    """Returns the lines of the pages' blocks of commands."""
    return [
        line for block in re.findall(r"```bash\n(.*?)```", PAGES, re.S) for line in block.splitlines() if line
    ]


def test_each_command_of_the_pages_is_there() -> None:
    lines = blocks()
    assert "make -C /opt/engage install" in lines
    for line in lines:
        words = line.split("#")[0].split()
        if words[0] == "engage":
            assert words[1] in cli.main.commands, line
        if words[0] == "make":
            assert make("-n", words[-1], "DESTDIR=/nowhere").returncode == 0, line
        for unit in re.findall(r"engage[\w-]*\.(?:service|timer)", line):
            assert unit in UNITS, line
        for file in re.findall(r"/opt/engage/(docs/\S+)", line):
            assert (ROOT / file).is_file(), line


@pytest.mark.parametrize("unit", UNITS)
def test_each_unit_runs_a_command_that_is_there(unit: str) -> None:
    text = (SYSTEMD / unit).read_text()
    for words in re.findall(r'^ExecStart="\S+/engage" (\S+)', text, re.M):
        assert words in cli.main.commands
    assert ("ExecStart=" in text) is unit.endswith(".service")


def test_no_example_opens_engage_to_the_network() -> None:
    for file in (
        each
        for folder in (HOSTING, SYSTEMD)
        for each in folder.iterdir()
        if each.is_file() and each.suffix != ".md"
    ):
        assert "0.0.0.0" not in file.read_text()
        assert "--host" not in file.read_text()


def test_letters_that_wait_go_out_every_hour() -> None:
    assert "OnCalendar=hourly\n" in (SYSTEMD / "engage-remind.timer").read_text()
    assert re.search(r"ExecStart=.*/engage\" remind\n", (SYSTEMD / "engage-remind.service").read_text())


def test_each_address_that_opens_by_its_token_is_hidden_from_the_proxys_log(app: Flask) -> None:
    """nginx keeps no log of addresses; Caddy's list has the first word of each door."""
    assert "access_log off;" in (HOSTING / "nginx.conf").read_text()
    hidden = re.search(r'request>uri regexp "\^/\(([a-z|-]+)\)/', (HOSTING / "Caddyfile").read_text())
    assert hidden is not None
    secret = re.compile(r"<(?:\w+:)?(?:token|code)>")
    channels = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules() if secret.search(rule.rule)}
    assert channels > {"answer", "rsvp", "public", "unsubscribe"}
    assert channels <= set(hidden[1].split("|"))
