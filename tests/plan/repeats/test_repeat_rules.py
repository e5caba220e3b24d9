"""Tests when a repeating action comes again: a table of cases, and what holds for every rule."""

from calendar import monthrange
from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.plan.repeats.rules import LAST, LAST_DAY, NTHS, RepeatUnit, Rule, Series, nth_weekday

MONDAY, TUESDAY, FRIDAY = 0, 1, 4
WEEK, DAY, NTH = RepeatUnit.WEEK, RepeatUnit.MONTH_DAY, RepeatUnit.MONTH_WEEKDAY


def firsts(series: Series, number: int = 5) -> list[str]:
    return [day.isoformat() for day in islice(series.dates(), number)]


@pytest.mark.parametrize(
    ("rule", "anchor", "dates"),
    [
        (Rule(WEEK), "2026-12-21", "2026-12-28 2027-01-04 2027-01-11 2027-01-18"),
        (Rule(WEEK, 2), "2027-02-26", "2027-03-12 2027-03-26 2027-04-09 2027-04-23"),
        (Rule(DAY, 1, 15), "2026-11-15", "2026-12-15 2027-01-15 2027-02-15 2027-03-15"),
        # The last day of February, and back to the 31st.
        (Rule(DAY, 1, 31), "2027-01-31", "2027-02-28 2027-03-31 2027-04-30 2027-05-31"),
        (Rule(DAY, 1, 30), "2028-01-30", "2028-02-29 2028-03-30 2028-04-30 2028-05-30"),
        (Rule(DAY, 3, LAST_DAY), "2026-11-30", "2027-02-28 2027-05-31 2027-08-31 2027-11-30"),
        (Rule(DAY, 12, 29), "2028-02-29", "2029-02-28 2030-02-28 2031-02-28 2032-02-29"),
        (Rule(DAY, 24, 1), "2026-05-01", "2028-05-01 2030-05-01 2032-05-01 2034-05-01"),
        (Rule(NTH, 1, nth=2, weekday=TUESDAY), "2026-10-13", "2026-11-10 2026-12-08 2027-01-12 2027-02-09"),
        (Rule(NTH, 1, nth=LAST, weekday=FRIDAY), "2027-01-29", "2027-02-26 2027-03-26 2027-04-30 2027-05-28"),
        (Rule(NTH, 1, nth=1, weekday=MONDAY), "2027-01-04", "2027-02-01 2027-03-01 2027-04-05 2027-05-03"),
        (
            Rule(NTH, 12, nth=4, weekday=TUESDAY),
            "2026-11-24",
            "2027-11-23 2028-11-28 2029-11-27 2030-11-26",
        ),
        # A first one on another day stands for its own month.
        (Rule(NTH, 1, nth=2, weekday=TUESDAY), "2026-10-03", "2026-11-10 2026-12-08 2027-01-12 2027-02-09"),
        (Rule(DAY, 1, LAST_DAY), "2026-10-03", "2026-11-30 2026-12-31 2027-01-31 2027-02-28"),
        # Over the night in which clocks change in Chicago: a date is a date.
        (Rule(WEEK), "2027-03-07", "2027-03-14 2027-03-21 2027-03-28 2027-04-04"),
    ],
)
def test_what_follows(rule: Rule, anchor: str, dates: str) -> None:
    assert firsts(Series(rule, date.fromisoformat(anchor))) == [anchor, *dates.split()]


def test_a_series_ends_after_so_many_times_the_first_among_them() -> None:
    series = Series(Rule(DAY, 1, 31), date(2027, 1, 31), times=3)
    assert firsts(series) == ["2027-01-31", "2027-02-28", "2027-03-31"]
    assert series.after(date(2027, 3, 31)) is None


def test_a_series_ends_with_a_day_that_still_belongs_to_it() -> None:
    anchor = date(2027, 1, 4)
    assert firsts(Series(Rule(WEEK), anchor, until=date(2027, 1, 18)))[-1] == "2027-01-18"
    assert firsts(Series(Rule(WEEK), anchor, until=date(2027, 1, 17)))[-1] == "2027-01-11"


@pytest.mark.parametrize(
    ("last", "today", "following"),
    [
        ("2027-01-04", "2027-01-04", "2027-01-11"),  # done on its day
        ("2027-01-04", "2026-12-20", "2027-01-11"),  # done before
        ("2027-01-04", "2027-01-11", "2027-01-11"),  # due today
        ("2027-01-04", "2027-01-17", "2027-01-11"),  # one has passed: it is owed
        ("2027-01-04", "2027-01-18", "2027-01-18"),
        ("2027-01-04", "2027-03-03", "2027-03-01"),  # eight have passed: the latest of them
    ],
)
def test_of_dates_that_passed_only_the_latest_comes(last: str, today: str, following: str) -> None:
    series = Series(Rule(WEEK), date(2027, 1, 4))
    found = series.following(date.fromisoformat(last), date.fromisoformat(today))
    assert found == date.fromisoformat(following)


def test_what_has_ended_does_not_come_again_however_late_it_is() -> None:
    series = Series(Rule(WEEK), date(2027, 1, 4), times=2)
    assert series.following(date(2027, 1, 4), date(2028, 1, 1)) == date(2027, 1, 11)
    assert series.following(date(2027, 1, 11), date(2028, 1, 1)) is None


days = st.dates(date(2000, 1, 1), date(2090, 12, 31))
weekly = st.builds(Rule, st.just(WEEK), st.integers(1, 52))
by_day = st.builds(Rule, st.just(DAY), st.integers(1, 60), st.integers(1, 31))
by_weekday = st.builds(
    Rule,
    st.just(NTH),
    st.integers(1, 60),
    st.none(),
    st.sampled_from(NTHS),
    st.integers(0, 6),
)
rules = st.one_of(weekly, by_day, by_weekday)


@given(rules, days, days)
def test_the_next_is_the_first_of_its_dates_after_a_day(rule: Rule, anchor: date, day: date) -> None:
    series = Series(rule, anchor)
    found = series.after(day)
    assert found is not None and found > max(day, anchor)
    # Walking from the anchor finds the same one, and nothing between.
    step = timedelta(weeks=rule.every) if rule.unit is WEEK else timedelta(days=31 * rule.every)
    assert found - max(day, anchor) <= step + timedelta(days=31)
    walked = anchor
    while walked <= max(day, anchor):
        later = series.after(walked)
        assert later is not None and later > walked
        walked = later
    assert walked == found


@given(rules, days)
def test_each_period_has_exactly_one(rule: Rule, anchor: date) -> None:
    found = list(islice(Series(rule, anchor).dates(), 15))
    if rule.unit is WEEK:
        assert {(b - a).days for a, b in pairwise(found)} == {7 * rule.every}
        return
    months = [day.year * 12 + day.month for day in found]
    assert {b - a for a, b in pairwise(months)} == {rule.every}


@given(by_day, days)
def test_a_day_of_the_month_is_kept_or_is_the_last_there_is(rule: Rule, anchor: date) -> None:
    for day in islice(Series(rule, anchor).dates(), 1, 15):
        assert day.day == min(rule.day or 0, monthrange(day.year, day.month)[1])


@given(st.integers(2000, 2090), st.integers(1, 12), st.sampled_from(NTHS), st.integers(0, 6))
def test_the_nth_weekday_is_one_and_the_nth(year: int, month: int, nth: int, weekday: int) -> None:
    found = nth_weekday(year, month, nth, weekday)
    assert (found.year, found.month, found.weekday()) == (year, month, weekday)
    if nth == LAST:
        assert (found + timedelta(days=7)).month != month
    else:
        assert (found.day - 1) // 7 + 1 == nth


@given(rules, days, st.integers(2, 30))
def test_so_many_times_are_so_many(rule: Rule, anchor: date, times: int) -> None:
    assert len(list(Series(rule, anchor, times=times).dates())) == times


@given(rules, days, st.integers(0, 10))
def test_counted_on_from_a_later_one_it_stays_the_same(rule: Rule, anchor: date, place: int) -> None:
    """What editing an action of the series does: the rule holds from there on."""
    series = Series(rule, anchor, times=place + 6)
    whole = list(series.dates())
    assert series.place(whole[place]) == place
    assert list(series.from_here(whole[place]).dates()) == whole[place:]
