"""Tests where months and bars stand on the timeline's scale."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from engage.plan.overview.rules import TimelineBar, scale

NOV, DEC = date(2026, 11, 10), date(2026, 12, 20)


def test_without_a_date_there_is_no_scale() -> None:
    assert scale([]) is None


def test_the_scale_holds_whole_months() -> None:
    found = scale([DEC, NOV])
    assert found is not None
    assert (found.first, found.last) == (date(2026, 11, 1), date(2026, 12, 31))
    assert [tick.at for tick in found.ticks] == [0.0, 49.18]


def test_a_bar_goes_from_the_start_to_the_end_of_the_due_day() -> None:
    found = scale([date(2027, 4, 1), date(2027, 4, 30)])
    assert found is not None
    assert found.bar(date(2027, 4, 1), date(2027, 4, 30)) == TimelineBar(0.0, 100.0, is_open=False)
    assert found.bar(date(2027, 4, 16), date(2027, 4, 18)) == TimelineBar(50.0, 10.0, is_open=False)


def test_without_a_start_only_the_due_day_is_drawn() -> None:
    found = scale([NOV, DEC])
    assert found is not None
    bar = found.bar(None, DEC)
    assert bar is not None
    assert bar.is_open
    assert found.at(DEC) <= bar.end <= found.at(DEC + timedelta(days=2))


def test_without_a_due_day_nothing_is_drawn() -> None:
    found = scale([NOV, DEC])
    assert found is not None
    assert found.bar(NOV, None) is None


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2026, 12, 31)])
def test_a_day_at_either_end_is_drawn_within_the_scale(day: date) -> None:
    found = scale([NOV, DEC])
    assert found is not None
    bar = found.bar(day, day)
    assert bar is not None
    assert bar.at >= 0
    assert bar.end <= 100


@pytest.mark.parametrize(
    ("last", "named"),
    [(date(2027, 2, 1), 4), (date(2027, 10, 31), 6), (date(2029, 3, 1), 5), (date(2046, 1, 1), 7)],
)
def test_names_of_months_never_run_into_each_other(last: date, named: int) -> None:
    found = scale([NOV, last])
    assert found is not None
    names = [tick for tick in found.ticks if tick.is_named]
    assert len(names) == named
    for tick, after in pairwise(names):
        assert after.at - tick.at >= (13 if tick.is_dated else 7)


def test_names_stand_at_even_steps_and_the_first_one_says_its_year() -> None:
    found = scale([date(2026, 7, 1), date(2027, 3, 31)])
    assert found is not None
    names = [(tick.day.month, tick.is_dated) for tick in found.ticks if tick.is_named]
    assert names == [(7, True), (9, False), (11, False), (1, True), (3, False)]
    assert len(found.ticks) == 9


def test_a_plan_of_centuries_is_drawn_all_the_same() -> None:
    found = scale([date(1990, 1, 1), date(2200, 12, 31)])
    assert found is not None
    assert len(found.ticks) < 20


def test_today_stands_on_the_scale_or_nowhere() -> None:
    found = scale([NOV, DEC])
    assert found is not None
    assert found.today(date(2026, 11, 1)) == 0.0
    assert found.today(date(2027, 1, 1)) is None
