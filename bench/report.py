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

from bench.load import Measured, percentile

BASELINE = Path(__file__).with_name("baseline.json")
# A smaller difference from the recorded run is noise.
NOISE = 0.25
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


def figure(row: Row) -> float:
    """Returns the number of a row to compare: its ratio to the floor, which machines share, else its value."""
    return float(row.get("ratio") or row.get("worked") or row.get("value", 0))


def beside(row: Row, before: Recorded) -> str:
    """Returns what the row was in the recorded run, and whether it became better or worse by more than noise."""
    earlier = before.row(row["name"])
    if earlier is None:
        return "new"
    was, change = figure(earlier), figure(row) / (figure(earlier) or 1) - 1
    if not was or abs(change) <= NOISE:
        return f"was {was:.2f}"
    return f"was {was:.2f}, {'better' if (change > 0) is bool(row.get('least')) else 'WORSE'}"


class Report:
    """The rows so far."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.before = last()

    def timed(
        self, name: str, ours: Measured, bare: Measured | None, limit: float, queries: int, most: float
    ) -> None:
        """Adds a latency, as a ratio to the floor's in the same run, and what 95 of 100 take of the processor."""
        ratio, worked = ours.p50 / bare.p50 if bare else 0, percentile(ours.worked, 95)
        over = ratio > limit or worked > most or ours.failed > 0
        row = {"name": name, "over": over, "p50": ours.p50, "worked": worked, "ratio": ratio, "limit": limit}
        floor = f"floor {bare.p50:6.2f} ms  ratio {ratio:5.2f}  limit {limit:g}" if bare else "no floor"
        said = f"p50 {ours.p50:7.2f} ms, processor {worked:6.2f}  limit {most:g}  {floor}"
        self._add({**row, "queries": queries}, said, f"{queries} queries")

    def value(
        self, name: str, value: float, unit: str, limit: float, *, least: bool = False, more: str = ""
    ) -> None:
        """Adds a plain value with its limit; `least` if more is better."""
        over = value < limit if least else value > limit
        row = {"name": name, "over": over, "value": value, "unit": unit, "limit": limit, "least": least}
        self._add(row, f"{value:9.2f} {unit}  limit {limit:g} {unit}", more)

    def _add(self, row: Row, text: str, more: str) -> None:
        self.rows.append(row)
        verdict = "OVER" if row["over"] else "ok"
        print(
            f"{row['name']:<44} {text}  {verdict:<4}  {beside(row, self.before)}  {more}".rstrip(), flush=True
        )

    def last_line(self) -> str:
        return f"{sum(row['over'] for row in self.rows)} OVER of {len(self.rows)} rows"


def machine() -> str:
    """Returns the machine on which this was measured."""
    cpus = Path("/proc/cpuinfo")
    models = re.findall(r"model name\s*: (.*)", cpus.read_text() if cpus.exists() else "")
    return f"{os.cpu_count()} cores, {(*models, 'unknown processor')[0]}, Python {platform.python_version()}"
