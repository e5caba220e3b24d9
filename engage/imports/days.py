"""Reads dates as tables have them: 2026-03-15, 3/15/2026, March 15, 2026, months, quarters and years. Plain Python."""

import re
from calendar import monthrange
from contextlib import suppress
from datetime import date, datetime, timedelta
from enum import StrEnum

from engage.database import folded
from engage.imports.cells import says_nothing


class DayOrder(StrEnum):
    """The order of day and month in a date such as 03/04/2026, where both numbers could be the month."""

    MONTH_FIRST = "month_first"
    DAY_FIRST = "day_first"


class NoDate(ValueError):
    """The text is not a date, or is a date that does not exist."""


class Doubtful(ValueError):
    """The text could mean two dates, because the order of day and month is not known."""


_TIME = re.compile(r"[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[ap]m)?z?$")
_NUMBERS = re.compile(r"(\d{1,2})\s*([/.-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})")
# "Mar. 4th, 2026" is read as "mar 4 2026".
_FILLING = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b|[.,]")
_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y")
# Spreadsheets show a month as "Mar-26". "Mar 26" without a hyphen is more likely a day.
_MONTHS = ("%B %Y", "%b %Y", "%Y-%m", "%m/%Y", "%b-%y")
_QUARTER = re.compile(r"q([1-4]) ?(\d{4})|(\d{4}) ?q([1-4])")
_YEAR = re.compile(r"\d{4}")
_LONGEST = 80
# Excel counts days from 1899-12-30: 40000 is in 2009, 69999 in 2091. The decimals are the time of day.
_SERIAL = re.compile(r"([4-6]\d{4})(?:\.\d+)?")
_BEFORE_SERIALS = date(1899, 12, 30)


def is_no_day(text: str) -> bool:
    """Returns whether the text says something, but no date, such as "Fall 2026" or "ongoing"."""
    try:
        day_of(text)
    except Doubtful:
        return False
    except NoDate:
        return not says_nothing(text)
    return False


def day_of(text: str, order: DayOrder | None = None, *, ends: bool = True) -> date:
    """Returns the date that a text means; for a month or longer, the last day, or the first if not `ends`.

    Raises NoDate. Raises Doubtful if the date depends on `order` and `order` is None.
    """
    said = _TIME.sub("", folded(text[: _LONGEST + 1]))
    if match := _SERIAL.fullmatch(said):
        return _BEFORE_SERIALS + timedelta(days=int(match[1]))
    if match := _NUMBERS.fullmatch(said):
        return _from_numbers(match, order)
    said = " ".join(_FILLING.sub(" ", said).split())
    if (found := _as_one_of(_DAYS, said)) is not None:
        return _day(found.year, found.month, found.day)
    year, first, last = _months(said)
    return _day(year, last, monthrange(year, last)[1]) if ends else _day(year, first, 1)


def _as_one_of(patterns: tuple[str, ...], said: str) -> datetime | None:
    for pattern in patterns:
        with suppress(ValueError):
            return datetime.strptime(said, pattern)  # noqa: DTZ007 - only its day is used
    return None


def _from_numbers(match: re.Match[str], order: DayOrder | None) -> date:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    year += 2000 if year < 100 else 0
    if first > 12:
        return _day(year, second, first)
    if second > 12 or first == second:
        return _day(year, first, second)
    if order is None:
        raise Doubtful(match.string)
    return _day(year, second, first) if order is DayOrder.DAY_FIRST else _day(year, first, second)


def _day(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise NoDate from None
    if not 2000 <= found.year <= 2100:
        raise NoDate
    return found


def _months(said: str) -> tuple[int, int, int]:
    """Returns the year, the first month and the last month of a month, quarter or year. Raises NoDate."""
    if (found := _as_one_of(_MONTHS, said)) is not None:
        return found.year, found.month, found.month
    if match := _QUARTER.fullmatch(said):
        last = int(match[1] or match[4]) * 3
        return int(match[2] or match[3]), last - 2, last
    if _YEAR.fullmatch(said) and int(said):
        return int(said), 1, 12
    raise NoDate
