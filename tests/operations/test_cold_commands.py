"""Each `engage` command once as a program that starts from nothing; elsewhere they start warm (see tests/warm.py)."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from engage import cli
from engage.config import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.real_clock]

ENGAGE = Path(sys.executable).with_name("engage")
PLAN = "Action,Status\nAsk the county,Completed\n"
# In this order on one installation, with the exit code and what it says, be it that it cannot.
RUNS: list[tuple[str, int | None, str]] = [
    ("check-migrations", 0, ""),
    ("init", 0, "Ready: "),
    ("address --port 8001", 0, "Set up Engage here (once): http://127.0.0.1:8001/setup/"),
    ("coalition create riverbend --name Riverbend", 0, "/join/"),
    ("coalition list", 0, "riverbend\tRiverbend\t0\topen"),
    ("plan import riverbend plan.csv --yes", 0, "1 actions added"),
    ("plan export riverbend", 0, "Ask the county"),
    ("export riverbend --to riverbend.json", 0, ""),
    ("coalition import riverbend.json", 1, "Error: "),
    ("reset-link nobody@example.org", 1, "no account with the address"),
    ("second-factor-off nobody@example.org", 1, "no account with the address"),
    ("tick", 0, ""),
    ("remind", 2, "No mail server is set"),
    ("mail-test nobody@example.org", 2, "No mail server is set"),
    ("alarm engage-backup", 0, "ENGAGE_ALARM_TO is not set"),
    ("backup --to backups", 0, "Backup made: "),
    ("restore --yes no-such-file", 1, "cannot be read"),
    ("move --to mysql://x", 1, "Error: "),
    ("upgrade", 0, "Nothing to do"),
    ("seed --coalitions 1 --actions 3 --members 2 --yes", 0, ""),
    ("messages --check", 0, ""),
    ("texts es --out es.csv", 0, ""),
    ("doctor", None, "as this version needs it"),  # what it finds of the machine is the machine's
]
# Those that serve until they are stopped start from nothing in tests/test_fixed_points.py and by `make dev`.
SERVING = {"serve", "demo", "run", "shell", "routes"}


def test_every_command_works_from_nothing(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ENGAGE_")}
    environment = {**kept, "ENGAGE_DATA": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}
    (tmp_path / "plan.csv").write_text(PLAN)
    found = []
    for words, code, said in RUNS:
        done = subprocess.run(
            [ENGAGE, *words.split()], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        right = code in {None, done.returncode} and said in done.stdout + done.stderr
        if not right or "Traceback" in done.stderr:
            found.append(f"engage {words}: {done.returncode} {done.stdout[-300:]} {done.stderr[-300:]}")
    assert not found, "\n".join(found)


def test_no_command_is_left_out() -> None:
    tried = {words.split(" -")[0] for words, _code, _said in RUNS}
    missing = [name for name in names(cli.main) if not any(each.startswith(name) for each in tried)]
    assert sorted(missing) == sorted(SERVING & set(missing))


def names(group: click.Group, before: str = "") -> list[str]:
    """The words of every command, those of groups behind their group's."""
    found = []
    for name, command in group.commands.items():
        words = f"{before}{name}"
        found += names(command, f"{words} ") if isinstance(command, click.Group) else [words]
    return found
