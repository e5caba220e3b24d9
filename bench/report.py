"""Prints a run's rows, each with its limit and its value in the last recorded run, and keeps a run as that."""

import json
import os
import platform
import re
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

BASELINE = Path(__file__).with_name("baseline.json")
# A smaller difference from the recorded run is noise.
NOISE = 0.25
# A name and a value; `least` if more is better.
Row = dict[str, Any]


@dataclass(frozen=True)
class Recorded:
    """A recorded run; all is empty if there is none."""

    machine: str = ""
    day: str = ""
    commit: str = ""
    rows: list[Row] = field(default_factory=list)

    def row(self, name: str) -> Row | None:
        return next((row for row in self.rows if row["name"] == name), None)


def last(path: Path = BASELINE) -> Recorded:
    return Recorded(**json.loads(path.read_text())) if path.exists() else Recorded()


def keep(machine: str, rows: list[Row], path: Path = BASELINE) -> None:
    """Records this run, so that later ones are compared with it."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(asked, cwd=path.parent, capture_output=True, text=True)
    made = {"machine": machine, "day": datetime.now(UTC).date().isoformat(), "commit": commit.stdout.strip()}
    path.write_text(json.dumps({**made, "rows": rows}, indent=1) + "\n")


def beside(row: Row, before: Recorded) -> str:
    """Returns what the row was in the recorded run, and whether it became better or worse by more than noise."""
    earlier = before.row(row["name"])
    if earlier is None:
        return "new"
    was, change = earlier["value"], row["value"] / (earlier["value"] or 1) - 1
    if not was or abs(change) <= NOISE:
        return f"was {was:.2f}"
    return f"was {was:.2f}, {'better' if (change > 0) is bool(row.get('least')) else 'WORSE'}"


class Report:
    """The rows so far."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.before = last()
        self.over = 0

    def add(
        self, name: str, value: float, unit: str, limit: float, *, least: bool = False, more: str = ""
    ) -> None:
        """Adds a value with its limit; `least` if more is better, `more` for what else its line says."""
        row = {"name": name, "value": round(value, 3), "least": least}
        is_over = value < limit if least else value > limit
        self.rows.append(row)
        self.over += is_over
        verdict = "OVER" if is_over else "ok"
        said = (
            f"{name:<44} {value:8.2f} {unit:<2}  limit {limit:<4g} {verdict:<4}  {beside(row, self.before)}"
        )
        print(f"{said}  {more}".rstrip(), flush=True)


def machine() -> str:
    """Returns the machine on which this was measured."""
    cpus = Path("/proc/cpuinfo")
    models = re.findall(r"model name\s*: (.*)", cpus.read_text() if cpus.exists() else "")
    return f"{os.cpu_count()} cores, {(*models, 'unknown processor')[0]}, Python {platform.python_version()}"
