"""Tests how `make bench` compares with the run before: better or worse."""

from pathlib import Path

import pytest

from bench import report
from bench.report import Recorded


def test_a_run_that_is_kept_is_the_one_later_runs_are_compared_with(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    assert report.last(path) == Recorded()
    report.keep("2 cores", [{"name": "home", "value": 3.5}], path)
    kept = report.last(path)
    assert (kept.machine, len(kept.day)) == ("2 cores", 10)
    assert kept.row("home") == {"name": "home", "value": 3.5}
    assert kept.row("inbox") is None


@pytest.mark.parametrize(
    ("row", "now", "said"),
    [
        ({"value": 2.0}, {"value": 1.4}, "was 2.00, better"),
        ({"value": 2.0}, {"value": 2.6}, "was 2.00, WORSE"),
        ({"value": 2.0}, {"value": 2.4}, "was 2.00"),
        ({"value": 90, "least": True}, {"value": 120, "least": True}, "was 90.00, better"),
        ({"value": 90, "least": True}, {"value": 60, "least": True}, "was 90.00, WORSE"),
        ({"value": 100}, {"value": 70}, "was 100.00, better"),
        ({"value": 0}, {"value": 3}, "was 0.00"),
    ],
)
def test_only_what_is_more_than_noise_is_called_better_or_worse(
    row: report.Row, now: report.Row, said: str
) -> None:
    before = Recorded("here", "2026-11-25", "abc1234", [{"name": "list", **row}])
    assert report.beside({"name": "list", **now}, before) == said
    assert report.beside({"name": "another", **now}, before) == "new"
