"""The rules of the calendar: months, the order of a day, what it shows, the hour that comes twice."""

from datetime import UTC, date, datetime

import pytest

from engage.calendar import rules
from engage.calendar.rules import CalendarLine, LineKind

CHICAGO = "America/Chicago"


def line(starts: datetime | date, title: str = "", kind: LineKind = LineKind.MEETING) -> CalendarLine:
    return CalendarLine(kind, 1, title, 1, title, starts, "calendar.index")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-11", date(2026, 11, 1)),
        ("2199-12", date(2199, 12, 1)),
        *(
            (text, None)
            for text in ("", "2026-13", "1999-12", "2200-01", "0001-01", "2026-1", "²026-11", "2026-11-03")
        ),
    ],
)
def test_an_address_asks_for_a_month_in_reach_or_for_none(text: str, read: date | None) -> None:
    assert rules.month_read(text) == read
    if read is not None:
        assert rules.month_written(read) == text


@pytest.mark.parametrize("text", ["2026-11-31", "1999-12-31", "2026-W01-1", "tomorrow", ""])
def test_a_day_that_is_none_is_not_found(text: str) -> None:
    assert rules.day_read(text) is None


def test_a_month_has_its_days_and_weeks_begin_on_sunday() -> None:
    february = rules.days_of(date(2028, 2, 1))
    assert (february[0], february[-1], len(february)) == (date(2028, 2, 1), date(2028, 2, 29), 29)
    assert (rules.month_before(date(2026, 1, 1)), rules.month_after(date(2026, 12, 1))) == (
        date(2025, 12, 1),
        date(2027, 1, 1),
    )
    assert [rules.column(date(2026, 11, day)) for day in (1, 2, 7)] == [0, 1, 6]


def test_in_the_hour_that_comes_twice_what_begins_first_stands_first() -> None:
    # On November 1, 2026 the clock in Chicago shows 1:15 twice: in summer time, and an hour later.
    first, second = datetime(2026, 11, 1, 6, 15, tzinfo=UTC), datetime(2026, 11, 1, 7, 15, tzinfo=UTC)
    days = rules.by_day([line(second, "Second"), line(first, "First")], CHICAGO)
    assert [each.title for each in days[date(2026, 11, 1)]] == ["First", "Second"]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 1, 4, 59, tzinfo=UTC), date(2026, 10, 31)),
        (datetime(2026, 11, 1, 5, 0, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 11, 2, 5, 59, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 11, 2, 6, 0, tzinfo=UTC), date(2026, 11, 2)),
    ],
)
def test_a_moment_is_on_the_day_of_the_coalitions_clock_also_when_that_has_25_hours(
    moment: datetime, day: date
) -> None:
    assert list(rules.by_day([line(moment)], CHICAGO)) == [day]


def test_a_day_shows_first_what_has_a_time_then_by_kind() -> None:
    on = date(2026, 11, 3)
    given = [
        line(on, "Ends", LineKind.AGREEMENT),
        line(on, "Due", LineKind.PLAN),
        line(datetime(2026, 11, 3, 23, 0, tzinfo=UTC), "Meets"),
    ]
    assert [each.title for each in rules.by_day(given, CHICAGO)[on]] == ["Meets", "Due", "Ends"]


@pytest.mark.parametrize(("many", "shown", "more"), [(3, 3, 0), (4, 4, 0), (5, 3, 2), (90, 3, 87)])
def test_a_day_never_hides_one_alone(many: int, shown: int, more: int) -> None:
    found, rest = rules.shown([line(date(2026, 11, 3))] * many, 3)
    assert (len(found), rest) == (shown, more)


def test_only_what_waits_for_someone_is_late() -> None:
    today, due = date(2026, 11, 3), date(2026, 11, 2)
    waits = CalendarLine(LineKind.PLAN, 1, "", 1, "", due, "", waits=True)
    done = CalendarLine(LineKind.PLAN, 1, "", 1, "", due, "", waits=True, mark=rules.CalendarMark.DONE)
    assert [rules.is_late(each, today) for each in (waits, done, line(due))] == [True, False, False]
    assert not rules.is_late(waits, due)
