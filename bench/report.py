"""Prints a run's rows, each with its limit, its verdict and its value in the last recorded run."""

import contextlib
import os
import platform
from dataclasses import dataclass, field
from pathlib import Path

from bench import recorded
from bench.load import Measured


@dataclass
class Report:
    """The rows so far."""

    rows: list[recorded.Row] = field(default_factory=list)
    before: recorded.Recorded = field(default_factory=recorded.last)

    def timed(
        self, name: str, ours: Measured, bare: Measured, limit: float, queries: int, asked: str = ""
    ) -> None:
        """Adds a latency, as a ratio to the floor's in the same run.

        `asked` names which of several requests it was.
        """
        ratio = ours.p50 / bare.p50
        over = ratio > limit or ours.failed > 0
        row = self._keep(
            name, over, p50=ours.p50, p95=ours.p95, ratio=ratio, limit=limit, queries=queries, asked=asked
        )
        self._print(
            row,
            f"p50 {ours.p50:7.2f} ms  p95 {ours.p95:7.2f} ms  floor {bare.p50:6.2f} ms  ratio {ratio:5.2f}"
            f"  limit {limit:.1f}",
            more=f"{queries} queries  {asked}",
        )

    def value(
        self, name: str, value: float, unit: str, limit: float, *, least: bool = False, more: str = ""
    ) -> None:
        """Adds a plain value with its limit; `least` if more is better."""
        over = value < limit if least else value > limit
        row = self._keep(name, over, value=value, unit=unit, limit=limit, least=least)
        self._print(row, f"{value:9.2f} {unit}  limit {limit:g} {unit}", more=more)

    def _print(self, row: recorded.Row, text: str, *, more: str = "") -> None:
        verdict = "OVER" if row["over"] else "ok"
        was = recorded.was(row, self.before)
        print(f"{row['name']:<44} {text}  {verdict:<4}  {was:<10} {more}".rstrip(), flush=True)

    def _keep(self, name: str, over: bool, **values: object) -> recorded.Row:
        row: recorded.Row = {"name": name, "over": over, **values}
        self.rows.append(row)
        return row


def machine() -> str:
    """Returns the machine on which this was measured."""
    model = "unknown processor"
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return f"{os.cpu_count()} cores, {model}, Python {platform.python_version()}"
