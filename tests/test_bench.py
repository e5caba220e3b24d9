"""Tests how `make bench` compares with the run before: better or worse."""

from pathlib import Path

import pytest

from bench import report


def test_a_run_that_is_kept_is_the_one_later_runs_are_compared_with(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    assert report.last(path)["rows"] == {}
    report.keep("2 cores", {"home": 3.5}, path)
    kept = report.last(path)
    assert (kept["machine"], len(kept["day"]), kept["rows"]) == ("2 cores", 10, {"home": 3.5})


@pytest.mark.parametrize(
    ("was", "now", "least", "said"),
    [
        (2.0, 1.4, False, "was 2.00, better"),
        (2.0, 2.6, False, "was 2.00, WORSE"),
        (2.0, 2.4, False, "was 2.00"),
        (90, 120, True, "was 90.00, better"),
        (90, 60, True, "was 90.00, WORSE"),
        (100, 70, False, "was 100.00, better"),
        (0, 3, False, "was 0.00"),
        (None, 3, False, "new"),
    ],
)
def test_only_what_is_more_than_noise_is_called_better_or_worse(
    was: float | None, now: float, least: bool, said: str
) -> None:
    assert report.beside(now, was, least=least) == said
