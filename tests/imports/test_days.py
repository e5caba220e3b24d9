"""Dates as people write them into tables."""

from datetime import date

import pytest

from engage.imports.days import DayOrder, Doubtful, NoDate, day_of

MAR_4, APR_3 = date(2026, 3, 4), date(2026, 4, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-04",
        "2026/3/4",
        "2026-03-04T00:00:00",
        "2026-03-04 12:30",
        "March 4, 2026",
        "Mar. 4th 2026",
        "4 March 2026",
        "4-Mar-26",
        "4 mar 2026",
    ],
)
def test_a_date_that_means_one_day_is_read_without_a_question(text: str) -> None:
    assert day_of(text) == MAR_4


@pytest.mark.parametrize(
    "text", ["03/04/2026", "3/4/26", "03-04-2026", "3 / 4 / 2026", "3/4/2026 0:00", "3.4.26"]
)
def test_a_date_that_means_two_days_needs_to_be_told_what_stands_first(text: str) -> None:
    with pytest.raises(Doubtful):
        day_of(text)
    assert day_of(text, DayOrder.MONTH_FIRST) == MAR_4
    assert day_of(text, DayOrder.DAY_FIRST) == APR_3


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12/25/2026", date(2026, 12, 25)),
        ("25/12/2026", date(2026, 12, 25)),
        ("12.25.2026", date(2026, 12, 25)),
        ("25.12.2026", date(2026, 12, 25)),
        ("7/7/2026", date(2026, 7, 7)),
        # A plan is of this century, whatever the two numbers of its year are.
        ("12/31/99", date(2099, 12, 31)),
    ],
)
@pytest.mark.parametrize("order", [None, *DayOrder])
def test_a_date_that_only_one_order_allows_needs_none(text: str, day: date, order: DayOrder | None) -> None:
    assert day_of(text, order) == day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("February 2028", date(2028, 2, 1), date(2028, 2, 29)),
        ("2/2026", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("Q3 2026", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026 Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("Feb-28", date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_a_month_a_quarter_or_a_year_begins_and_ends(text: str, first: date, last: date) -> None:
    assert (day_of(text, ends=False), day_of(text)) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mar 26",
        "26-Mar",
        "FY 2026",
        "Jan-Mar 2026",
        "2026-2028",
        "by June 2026",
        "Wednesday, March 4, 2026",
        "early 2026",
        "before 2027",
        "2027-2026",
        "2026-13",
        "May - June",
        "-" * 10_000,
        "soon",
        "2026-02-30",
        "2/30/2026",
        "13/13/2026",
        "0/2026",
        "13/2026",
        "1999-01-01",
        "3/4/1999",
        "Foo 2026",
        "0",
    ],
)
def test_what_no_calendar_has_is_no_date(text: str) -> None:
    with pytest.raises(NoDate):
        day_of(text, DayOrder.MONTH_FIRST)


def test_excels_number_of_a_day_is_that_day() -> None:
    assert day_of("46085") == day_of("46085.75") == MAR_4
    with pytest.raises(NoDate):
        day_of("12345")
