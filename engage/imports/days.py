"""Parses dates as people write them in tables: ISO, US, names of months, quarters, ranges. Plain Python."""

import re
from calendar import monthrange
from contextlib import suppress
from datetime import date, timedelta
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


_NOTHING = (
    "na,no,no date,"
    "weekly,every week,each week,once a week,monthly,every month,each month,once a month,"
    "quarterly,every quarter,each quarter,every three months,every 3 months,twice a year,semiannually,semi-annually,"
    "biannually,bi-annually,every six months,every 6 months,yearly,annual,annually,every year,each year,once a year"
)
# Texts that say there is no date, such as "ongoing" or "monthly".
LASTING = frozenset(
    "ongoing,on-going,continuous,continuing,recurring,rolling,as needed,in progress".split(",")  # noqa: SIM905
)
# Other texts that people write if there is no date.
_NONE_MEANT = LASTING | frozenset(_NOTHING.split(","))

# Word processors write these characters for a hyphen and an apostrophe.
_TYPED = str.maketrans("‐‑–—’‘", "----''")
_MONTHS = {
    name[:length]: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(),  # noqa: SIM905
        1,
    )
    for length in range(3, len(name) + 1)
}
_SIGN = r"\s*[/.-]\s*"
_TIME = r"(?:[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[ap]m)?z?)?"
_ISO = re.compile(rf"(\d{{4}}){_SIGN}(\d{{1,2}}){_SIGN}(\d{{1,2}}){_TIME}")
_NUMBERS = re.compile(rf"(\d{{1,2}})\s*([/.-])\s*(\d{{1,2}})\s*\2\s*(\d{{4}}|\d{{2}}){_TIME}")
_NAME_FIRST = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\s*,?\s+(\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s-]*([a-z]{3,9})\.?[\s,-]*(\d{4}|\d{2})")
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+")
_MONTH = re.compile(r"([a-z]{3,9})\.?[\s,-]+(\d{4})")
# Spreadsheets show a month as "Mar-26". "Mar 26" without a hyphen is more likely a day.
_MONTH_SHORT = re.compile(r"([a-z]{3,9})\.?(?:-|\s*')(\d{2})")
_MONTH_NUMBER = re.compile(r"(\d{1,2})\s*/\s*(\d{4})|(\d{4})-(\d{1,2})")
_QUARTER = re.compile(r"q([1-4])(?:[\s,/'-]|of\b)*(\d{4}|\d{2})|(\d{4})[\s,/-]*q([1-4])")
_QUARTER_SAID = re.compile(
    r"(?:(?:1st|first)|(2nd|second)|(3rd|third)|(4th|fourth))\s+(?:quarter|qtr\.?)|(?:quarter|qtr\.?)\s*([1-4])"
)
_YEAR = re.compile(r"\d{4}")
# No date is longer. In a longer text, a range could be split at too many places.
_LONGEST = 80
# Words around a date that do not change it. "Before", "early" and "mid" would change it.
_AROUND = re.compile(r"(?:(?:due\s+)?by\s+|due\s+|no later than\s+)?(?:the\s+)?(end of\s+)?(.*?)\s*\??")
_SPAN = re.compile(r"\s*-\s*|\s+(?:to|through|thru|until)\s+")
# Excel counts days from 1899-12-30: 40000 is in 2009, 69999 in 2091. The decimals are the time of day.
_SERIAL = re.compile(r"[4-6]\d{4}(?:\.\d+)?")
_BEFORE_SERIALS = date(1899, 12, 30)


def is_no_day(text: str) -> bool:
    """Returns whether the text says something, but no date, such as "Fall 2026" or "ongoing"."""
    try:
        day_of(text)
    except Doubtful:
        return False
    except NoDate:
        return folded(text) in LASTING or not means_none(text)
    return False


def means_none(text: str) -> bool:
    """Returns whether the text is one that people write if there is no date."""
    return says_nothing(text) or folded(text) in _NONE_MEANT


def day_of(text: str, order: DayOrder | None = None, *, ends: bool = True) -> date:
    """Returns the date that a text means; for a month or longer, the last day, or the first if not `ends`.

    Raises NoDate. Raises Doubtful if the date depends on `order` and `order` is None.
    """
    match = _AROUND.fullmatch(folded(text).translate(_TYPED)) if len(text) <= _LONGEST else None
    if match is None:
        raise NoDate
    ends = ends or bool(match[1])
    try:
        return _single(match[2], order, ends=ends)
    except NoDate:
        return _of_span(match[2], order, ends=ends)


def _single(text: str, order: DayOrder | None, *, ends: bool) -> date:
    said = _WEEKDAY.sub("", text, count=1)
    if _SERIAL.fullmatch(said):
        return _BEFORE_SERIALS + timedelta(days=int(said.partition(".")[0]))
    if match := _ISO.fullmatch(said):
        return _day(*match.groups())
    if match := _NUMBERS.fullmatch(said):
        return _from_numbers(match, order)
    if (match := _NAME_FIRST.fullmatch(said)) and match[1] in _MONTHS:
        return _day(match[3], _MONTHS[match[1]], match[2])
    if (match := _DAY_FIRST.fullmatch(said)) and match[2] in _MONTHS:
        return _day(match[3], _MONTHS[match[2]], match[1])
    return _end(*_months(said)) if ends else _start(*_months(said))


def _of_span(said: str, order: DayOrder | None, *, ends: bool) -> date:
    """Returns the first or last day of a range such as "Jan - Mar 2026". Raises NoDate and Doubtful."""
    for sign in _SPAN.finditer(said):
        first, last = said[: sign.start()], said[sign.end() :]
        try:
            end = _single(last, order, ends=True)
            begin = _beginning(first, end, order)
        except NoDate:
            continue
        return end if ends else begin
    raise NoDate


def _beginning(said: str, end: date, order: DayOrder | None) -> date:
    """Returns the first day of a range. Without a year, it is the latest such day before `end`."""
    for text in (said, f"{said} {end.year}", f"{said} {end.year - 1}"):
        with suppress(NoDate):
            if (begin := _single(text, order, ends=False)) <= end:
                return begin
    raise NoDate


def _from_numbers(match: re.Match[str], order: DayOrder | None) -> date:
    first, second, year = int(match[1]), int(match[3]), match[4]
    if first > 12:
        return _day(year, second, first)
    if second > 12 or first == second:
        return _day(year, first, second)
    if order is None:
        raise Doubtful(match.string)
    return _day(year, second, first) if order is DayOrder.DAY_FIRST else _day(year, first, second)


def _day(year: str | int, month: str | int, day: str | int) -> date:
    number = int(year)
    try:
        found = date(number + 2000 if number < 100 else number, int(month), int(day))
    except ValueError:
        raise NoDate from None
    if not 2000 <= found.year <= 2100:
        raise NoDate
    return found


def _months(said: str) -> tuple[int, int, int]:
    """Returns the year, the first month and the last month of a month, quarter or year. Raises NoDate."""
    match = _MONTH.fullmatch(said) or _MONTH_SHORT.fullmatch(said)
    if match and match[1] in _MONTHS:
        return int(match[2]), _MONTHS[match[1]], _MONTHS[match[1]]
    if match := _MONTH_NUMBER.fullmatch(said):
        month = int(match[1] or match[4])
        return int(match[2] or match[3]), month, month
    if match := _QUARTER.fullmatch(_QUARTER_SAID.sub(_as_q, said, count=1)):
        last = int(match[1] or match[4]) * 3
        return int(match[2] or match[3]), last - 2, last
    if _YEAR.fullmatch(said):
        return int(said), 1, 12
    raise NoDate


def _as_q(match: re.Match[str]) -> str:
    """Returns "q3" for "third quarter"."""
    return f"q{match[4] or next((n for n in (1, 2, 3) if match[n]), 0) + 1}"


def _start(year: int, first: int, _last: int) -> date:
    return _day(year, first, 1)


def _end(year: int, _first: int, last: int) -> date:
    if not 1 <= last <= 12:
        raise NoDate
    return _day(year, last, monthrange(max(year, 1), last)[1])
