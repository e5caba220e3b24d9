"""Tests the dates over which a report counts."""

from datetime import date, timedelta

import pytest

from engage.reports.rules import Period, Span, span

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("which", "since", "until"),
    [
        (Span.THIS_MONTH, date(2026, 11, 1), date(2026, 11, 30)),
        (Span.LAST_MONTH, date(2026, 10, 1), date(2026, 10, 31)),
        (Span.THIS_QUARTER, date(2026, 10, 1), date(2026, 12, 31)),
        (Span.LAST_QUARTER, date(2026, 7, 1), date(2026, 9, 30)),
        (Span.THIS_YEAR, date(2026, 1, 1), date(2026, 12, 31)),
        (Span.LAST_YEAR, date(2025, 1, 1), date(2025, 12, 31)),
        (Span.FISCAL_YEAR, date(2026, 7, 1), date(2027, 6, 30)),
        (Span.LAST_FISCAL_YEAR, date(2025, 7, 1), date(2026, 6, 30)),
        (Span.HALF_YEAR, date(2026, 10, 1), date(2027, 3, 31)),
        (Span.LAST_HALF_YEAR, date(2026, 4, 1), date(2026, 9, 30)),
    ],
)
def test_the_spans_that_funders_ask_for(which: Span, since: date, until: date) -> None:
    assert span(which, TODAY, 7) == Period(since, until)


def test_a_span_is_the_same_on_each_of_its_days_so_that_what_is_written_about_it_is_found_again() -> None:
    for which in (Span.THIS_QUARTER, Span.FISCAL_YEAR, Span.HALF_YEAR):
        days = [TODAY + timedelta(days=days) for days in range(30)]
        assert len({span(which, day, 7) for day in days}) == 1


@pytest.mark.parametrize(
    ("since", "until", "before"),
    [
        (date(2026, 10, 1), date(2026, 12, 31), Period(date(2026, 7, 1), date(2026, 9, 30))),
        (date(2026, 3, 1), date(2026, 3, 31), Period(date(2026, 2, 1), date(2026, 2, 28))),
        (date(2026, 7, 1), date(2027, 6, 30), Period(date(2025, 7, 1), date(2026, 6, 30))),
        (date(2026, 3, 5), date(2026, 3, 7), Period(date(2026, 3, 2), date(2026, 3, 4))),
    ],
)
def test_the_period_before_has_as_many_months_or_else_days(since: date, until: date, before: Period) -> None:
    assert Period(since, until).before == before


def test_in_the_first_quarter_the_last_one_is_of_the_year_before() -> None:
    assert span(Span.LAST_QUARTER, date(2026, 2, 1), 7) == Period(date(2025, 10, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("month", "day", "since", "last"),
    [
        (10, date(2026, 9, 30), date(2025, 10, 1), date(2024, 10, 1)),
        (10, date(2026, 10, 1), date(2026, 10, 1), date(2025, 10, 1)),
        (1, TODAY, date(2026, 1, 1), date(2025, 1, 1)),
        (12, TODAY, date(2025, 12, 1), date(2024, 12, 1)),
    ],
)
def test_a_fiscal_year_begins_in_the_month_that_the_coalition_chose(
    month: int, day: date, since: date, last: date
) -> None:
    assert span(Span.FISCAL_YEAR, day, month).since == since
    assert span(Span.LAST_FISCAL_YEAR, day, month) == Period(last, since - timedelta(days=1))


@pytest.mark.parametrize(
    ("args", "since", "until"),
    [
        ({}, date(2026, 10, 1), date(2026, 12, 31)),
        ({"since": "nonsense", "until": "2026-13-01"}, date(2026, 10, 1), date(2026, 12, 31)),
        ({"since": "2026-03-01"}, date(2026, 3, 1), TODAY),
        ({"until": "2025-06-30"}, date(2025, 1, 1), date(2025, 6, 30)),
        ({"since": "2026-06-30", "until": "2026-04-01"}, date(2026, 4, 1), date(2026, 6, 30)),
        ({"since": "0001-01-01", "until": "9999-12-31"}, date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_an_address_always_says_a_period(args: dict[str, str], since: date, until: date) -> None:
    assert Period.of(args, TODAY) == Period(since, until)


def test_both_days_belong_to_it() -> None:
    period = Period(date(2026, 1, 1), date(2026, 3, 31))
    assert date(2026, 1, 1) in period
    assert date(2026, 3, 31) in period
    assert date(2026, 4, 1) not in period
    assert None not in period
    assert period.eve == date(2025, 12, 31)
