"""Tests the priority of a need."""

import pytest

from engage.strengths.rules import Gap, GapSource, gap_of, pressing_first, priority


@pytest.mark.parametrize(
    ("known", "gap"),
    [
        ({"stated": 3}, Gap(3.0, GapSource.STATED)),
        ({"agreed": 1.5, "median": 2.0}, Gap(2.5, GapSource.AGREED)),
        ({"agreed": 0.0, "median": 2.0}, Gap(4.0, GapSource.AGREED)),
        ({"median": 1.5}, Gap(2.5, GapSource.MEDIAN)),
        ({"median": 1.3}, Gap(2.7, GapSource.MEDIAN)),
        ({"median": 4.0}, Gap(0.0, GapSource.MEDIAN)),
        ({}, None),
    ],
)
def test_a_gap_is_stated_or_four_minus_the_agreed_value_or_minus_the_median(
    known: dict[str, float], gap: Gap | None
) -> None:
    assert gap_of(**known) == gap  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("gap", "importance", "feasibility", "expected"),
    [
        (Gap(3.0, GapSource.STATED), 5, 4, 60.0),
        (Gap(4.0, GapSource.STATED), 5, 5, 100.0),
        (Gap(2.5, GapSource.MEDIAN), 3.5, 4.5, 39.4),  # 39.375, rounded half up
        (Gap(0.0, GapSource.AGREED), 5, 5, 0.0),
        (None, 5, 5, None),
        (Gap(3.0, GapSource.STATED), None, None, None),
    ],
)
def test_priority_is_gap_times_importance_times_feasibility(
    gap: Gap | None, importance: float | None, feasibility: float | None, expected: float | None
) -> None:
    assert priority(gap, importance, feasibility) == expected


def test_the_most_pressing_come_first_and_what_is_not_rated_last_by_its_gap() -> None:
    wide, narrow = Gap(4.0, GapSource.STATED), Gap(1.0, GapSource.STATED)
    rows = [
        ("no gap", (None, None, 1)),
        ("unrated, narrow", (None, narrow, 2)),
        ("met", (0.0, Gap(0.0, GapSource.AGREED), 3)),
        ("unrated, wide", (None, wide, 4)),
        ("pressing", (60.0, narrow, 6)),
        ("as pressing, and wider", (60.0, wide, 7)),
        ("as wide, and added before", (60.0, wide, 5)),
    ]
    assert [name for name, key in sorted(rows, key=lambda row: pressing_first(*row[1]))] == [
        "as wide, and added before",
        "as pressing, and wider",
        "pressing",
        "met",
        "unrated, wide",
        "unrated, narrow",
        "no gap",
    ]
