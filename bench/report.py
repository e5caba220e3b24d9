"""Prints a run's rows, each with its limit and its value in the last recorded run, and keeps a run as that."""

import json
import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

BASELINE = Path(__file__).with_name("baseline.json")
# A smaller difference from the recorded run is noise.
NOISE = 0.25


def last(path: Path = BASELINE) -> dict[str, Any]:
    """Returns the recorded run: its machine, day and commit, and a value for the name of each row."""
    empty = {"machine": "", "day": "", "commit": "", "rows": {}}
    return json.loads(path.read_text()) if path.exists() else empty


def keep(machine: str, rows: dict[str, float], path: Path = BASELINE) -> None:
    """Records this run, so that later ones are compared with it."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(asked, cwd=path.parent, capture_output=True, text=True)
    made = {"machine": machine, "day": datetime.now(UTC).date().isoformat(), "commit": commit.stdout.strip()}
    path.write_text(json.dumps({**made, "rows": rows}, indent=1) + "\n")


def beside(now: float, was: float | None, *, least: bool = False) -> str:
    """Returns what a row was in the recorded run, and whether it became better or worse by more than noise."""
    if was is None:
        return "new"
    if not was or abs(change := now / was - 1) <= NOISE:
        return f"was {was:.2f}"
    return f"was {was:.2f}, {'better' if (change > 0) is least else 'WORSE'}"


class Report:
    """The rows so far."""

    def __init__(self) -> None:
        self.rows: dict[str, float] = {}
        self.before = last()
        self.over = 0

    def add(
        self, name: str, value: float, unit: str, limit: float, *, least: bool = False, more: str = ""
    ) -> None:
        """Adds a value with its limit; `least` if more is better, `more` for what else its line says."""
        is_over = value < limit if least else value > limit
        self.rows[name] = round(value, 3)
        self.over += is_over
        verdict = f"limit {limit:<4g} {'OVER' if is_over else 'ok':<4}"
        was = beside(value, self.before["rows"].get(name), least=least)
        print(f"{name:<44} {value:8.2f} {unit:<2}  {verdict}  {was}  {more}".rstrip(), flush=True)


def machine() -> str:
    """Returns the machine on which this was measured."""
    cpus = Path("/proc/cpuinfo")
    models = re.findall(r"model name\s*: (.*)", cpus.read_text() if cpus.exists() else "")
    return f"{os.cpu_count()} cores, {(*models, 'unknown processor')[0]}, Python {platform.python_version()}"
