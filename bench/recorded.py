"""Keeps the last recorded run, and compares a new one with it."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

BASELINE = Path(__file__).with_name("baseline.json")
# This is the noise of a ratio or value between runs; a smaller difference does not count.
NOISE = 0.1

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded run; `day` and `commit` are empty if it gave none."""

    machine: str = ""
    day: str = ""
    commit: str = ""
    rows: list[Row] = field(default_factory=list)

    def row(self, name: str) -> Row | None:
        return next((row for row in self.rows if row["name"] == name), None)


def last(path: Path = BASELINE) -> Recorded:
    """Returns the saved run; one without rows if there is none."""
    return Recorded(**json.loads(path.read_text())) if path.exists() else Recorded()


def keep(machine: str, rows: list[Row], path: Path = BASELINE) -> None:
    """Saves this as the run that later ones are compared with."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=path.parent, capture_output=True, text=True
    )
    made = {"machine": machine, "day": datetime.now(UTC).date().isoformat(), "commit": commit.stdout.strip()}
    path.write_text(json.dumps({**made, "rows": rows}, indent=1) + "\n")


def figure(row: Row) -> float:
    """Returns the number of a row to compare: its ratio to the floor, which machines share, else its value."""
    return float(row.get("ratio", row.get("value", 0)))


def was(row: Row, before: Recorded) -> str:
    """Returns the earlier value in the form in which it is printed beside the new one."""
    earlier = before.row(row["name"])
    return f"was {figure(earlier):.2f}" if earlier is not None else "new"


def is_better_when_more(row: Row) -> bool:
    """Returns whether a row's limit is a lower bound, as for requests a second."""
    return bool(row.get("least", False))


def summary(machine: str, rows: Sequence[Row], before: Recorded) -> list[str]:
    """Returns what became better and what became worse by more than noise; "" if no run is saved."""
    if not before.rows:
        return []
    better, worse = [], []
    for row in rows:
        earlier = before.row(row["name"])
        if earlier is None or not figure(earlier):
            continue
        change = figure(row) / figure(earlier) - 1
        gain = change if is_better_when_more(row) else -change
        if abs(change) > NOISE:
            (better if gain > 0 else worse).append(
                f"{row['name']} {figure(earlier):.2f} -> {figure(row):.2f}"
            )
    when = " ".join(part for part in (before.day, before.commit and f"({before.commit})") if part)
    lines = [f"beside the run recorded {when or 'before'} on {before.machine}:"]
    if machine != before.machine:
        lines.append("  another machine: compare ratios only, not milliseconds, requests or megabytes")
    for words, found in (("better", better), ("worse", worse)):
        lines.append(f"  {words} by more than {NOISE:.0%}: {'; '.join(found) or 'none'}")
    return lines
