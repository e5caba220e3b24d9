"""Tests the dates over which a report counts."""

from datetime import date

import pytest

from engage.reports.rules.periods import Period, Span, span

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("which", "since", "until"),
    [
        (Span.THIS_QUARTER, date(2026, 10, 1), TODAY),
        (Span.LAST_QUARTER, date(2026, 7, 1), date(2026, 9, 30)),
        (Span.THIS_YEAR, date(2026, 1, 1), TODAY),
        (Span.LAST_YEAR, date(2025, 1, 1), date(2025, 12, 31)),
        (Span.FISCAL_YEAR, date(2026, 10, 1), TODAY),
        (Span.LAST_FISCAL_YEAR, date(2025, 10, 1), date(2026, 9, 30)),
    ],
)
def test_the_spans_that_funders_ask_for(which: Span, since: date, until: date) -> None:
    assert span(which, TODAY) == Period(since, until)


def test_in_the_first_quarter_the_last_one_is_of_the_year_before() -> None:
    assert span(Span.LAST_QUARTER, date(2026, 2, 1)) == Period(date(2025, 10, 1), date(2025, 12, 31))
    assert span(Span.FISCAL_YEAR, date(2026, 9, 30)) == Period(date(2025, 10, 1), date(2026, 9, 30))


@pytest.mark.parametrize(
    ("args", "since", "until"),
    [
        ({}, date(2026, 1, 1), TODAY),
        ({"since": "nonsense", "until": "2026-13-01"}, date(2026, 1, 1), TODAY),
        ({"since": "2026-03-01"}, date(2026, 3, 1), TODAY),
        ({"until": "2025-06-30"}, date(2025, 1, 1), date(2025, 6, 30)),
        ({"since": "2026-06-30", "until": "2026-04-01"}, date(2026, 4, 1), date(2026, 6, 30)),
        ({"since": "0001-01-01", "until": "9999-12-31"}, date(2026, 1, 1), TODAY),
    ],
)
def test_an_address_always_says_a_period(args: dict[str, str], since: date, until: date) -> None:
    assert Period.of(args, TODAY) == Period(since, until)


def test_both_days_belong_to_it() -> None:
    period = Period(date(2026, 1, 1), date(2026, 3, 31))
    assert period.has(date(2026, 1, 1))
    assert period.has(date(2026, 3, 31))
    assert not period.has(date(2026, 4, 1))
    assert not period.has(None)
    assert period.eve == date(2025, 12, 31)
