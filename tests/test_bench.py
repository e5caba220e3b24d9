"""Tests how `make bench` compares with the run before: better, worse, and on which machine."""

from pathlib import Path

import pytest

from bench import recorded
from bench.recorded import Recorded


def test_a_run_that_is_kept_is_the_one_later_runs_are_compared_with(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    assert recorded.last(path) == Recorded()
    recorded.keep("2 cores", [{"name": "home", "ratio": 3.5}], path)
    kept = recorded.last(path)
    assert (kept.machine, len(kept.day)) == ("2 cores", 10)
    assert recorded.was({"name": "home", "ratio": 2.0}, kept) == "was 3.50"
    assert recorded.was({"name": "inbox", "ratio": 2.0}, kept) == "new"


@pytest.mark.parametrize(
    ("row", "now", "said"),
    [
        ({"name": "list", "ratio": 2.0}, {"name": "list", "ratio": 1.7}, "better"),
        ({"name": "list", "ratio": 2.0}, {"name": "list", "ratio": 2.4}, "worse"),
        ({"name": "list", "ratio": 2.0}, {"name": "list", "ratio": 2.1}, None),
        (
            {"name": "lists", "value": 90, "least": True},
            {"name": "lists", "value": 120, "least": True},
            "better",
        ),
        (
            {"name": "lists", "value": 90, "least": True},
            {"name": "lists", "value": 70, "least": True},
            "worse",
        ),
        ({"name": "memory", "value": 100}, {"name": "memory", "value": 80}, "better"),
    ],
)
def test_only_what_is_more_than_noise_is_called_better_or_worse(
    row: recorded.Row, now: recorded.Row, said: str | None
) -> None:
    lines = recorded.summary("here", [now], Recorded("here", "2026-11-25", "abc1234", [row]))
    assert lines[0] == "beside the run recorded 2026-11-25 (abc1234) on here:"
    for word in ("better", "worse"):
        line = next(line for line in lines if f" {word} by" in line)
        assert (row["name"] in line) is (word == said)


def test_another_machine_is_said() -> None:
    before = Recorded("there", "", "", [{"name": "list", "ratio": 2.0}])
    said = recorded.summary("here", [{"name": "list", "ratio": 2.0}], before)
    assert "another machine" in said[1]
    assert recorded.summary("here", [{"name": "list", "ratio": 2.0}], Recorded()) == []
