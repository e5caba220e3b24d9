"""Rules of the calendar: what is in it, the days of a month, and what a day shows first."""

import calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from engage.clock import local_day

# The address can only ask for a month in these years; otherwise links would lead to endless pages.
FIRST_YEAR, LAST_YEAR = 2000, 2199
# A day shows this many entries in the month, and the number of the others; the list has room for more.
MONTH_SHOWS = 3
LIST_SHOWS = 12
# Dates of repeating actions are computed this many days ahead, so that a yearly one is included.
AHEAD_DAYS = 366


class LineKind(StrEnum):
    """The kinds of dated things, in the order in which a day shows them."""

    MEETING = "meeting"
    EVENT = "event"
    # Due dates of actions and objectives.
    PLAN = "plan"
    # Due dates of tips and of reading.
    TASK = "task"
    REVIEW = "review"
    AGREEMENT = "agreement"
    ROUND = "round"


class CalendarView(StrEnum):
    MONTH = "month"
    LIST = "list"


class CalendarMark(StrEnum):
    """The outcome of a thing in the calendar."""

    DONE = "done"
    CALLED_OFF = "called_off"


class CalendarLine(NamedTuple):
    """Something with a time and a length, or with a day; `endpoint` is its page, empty if the reader may not open it.

    `uid` identifies it, even after its date changed; `version` counts its changes.
    """

    kind: LineKind
    coalition_id: int
    uid: str
    version: int
    title: str
    starts: datetime | date
    endpoint: str
    values: Mapping[str, Any] = {}
    minutes: int = 0
    place: str = ""
    who: str = ""
    # A detail for people who may open the page; never in a feed.
    about: str = ""
    mark: CalendarMark | None = None
    # True if it stays open until someone does it, so it can be late.
    waits: bool = False

    def day(self, time_zone: str) -> date:
        return local_day(self.starts, time_zone) if isinstance(self.starts, datetime) else self.starts


_PLACES = {kind: place for place, kind in enumerate(LineKind)}


def by_day(lines: Iterable[CalendarLine], time_zone: str) -> dict[date, list[CalendarLine]]:
    """Returns the lines by day: first those with a time, in the order of time, even if the clock repeats an hour."""
    found: dict[date, list[CalendarLine]] = defaultdict(list)
    for line in sorted(lines, key=_place):
        found[line.day(time_zone)].append(line)
    return found


def _place(line: CalendarLine) -> tuple[object, ...]:
    timed = isinstance(line.starts, datetime)
    return (
        not timed,
        line.starts.timestamp() if isinstance(line.starts, datetime) else 0,
        _PLACES[line.kind],
        line.title,
    )


def shown(lines: Sequence[CalendarLine], most: int) -> tuple[Sequence[CalendarLine], int]:
    """Returns the lines that a day shows, and the number of others; never 1, since that line takes no more room."""
    if len(lines) <= most + 1:
        return lines, 0
    return lines[:most], len(lines) - most


def is_late(line: CalendarLine, today: date) -> bool:
    return line.waits and line.mark is None and not isinstance(line.starts, datetime) and line.starts < today


# -- months


def month_read(text: str) -> date | None:
    """Returns the first day of the month in an address, such as "2026-11"."""
    return day_read(f"{text}-01")


def month_written(first: date) -> str:
    return f"{first:%Y-%m}"


def day_read(text: str) -> date | None:
    """Returns the day in an address; None if there is none, or if it is out of range or malformed."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text and in_reach(day) else None


def in_reach(day: date) -> bool:
    return FIRST_YEAR <= day.year <= LAST_YEAR


def days_of(first: date) -> list[date]:
    """Returns all days of the month that starts on this day."""
    return [first + timedelta(days=n) for n in range(calendar.monthrange(first.year, first.month)[1])]


def month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def month_after(first: date) -> date:
    return days_of(first)[-1] + timedelta(days=1)


def column(day: date) -> int:
    """Returns the day's column from 0 to 6; weeks begin on Sunday, as in American wall calendars."""
    return (day.weekday() + 1) % 7
