"""Rules of the calendar: what is in it, the days of a month, and what a day shows first."""

import calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from engage.clock import local_day

# An address can only ask for a month within these, since otherwise there would be endless pages.
FIRST_YEAR, LAST_YEAR = 2000, 2199
# A day of the month shows this many, and says how many more there are; the list has more room.
MONTH_SHOWS = 3
LIST_SHOWS = 12
# Feeds keep past entries this long, so that nothing vanishes from a calendar as it ends.
PAST_DAYS = 31
# Dates of repeating actions are computed this far ahead, so that a yearly one is among them.
AHEAD_DAYS = 366


class Kind(StrEnum):
    """The kinds of dated things, in the order in which a day shows them."""

    MEETING = "meeting"
    EVENT = "event"
    # These are due dates of actions and objectives.
    PLAN = "plan"
    # These are due dates of tips and of reading.
    TASK = "task"
    REVIEW = "review"
    AGREEMENT = "agreement"
    ROUND = "round"


class View(StrEnum):
    MONTH = "month"
    LIST = "list"


class Mark(StrEnum):
    """The outcome of a thing."""

    DONE = "done"
    CALLED_OFF = "called_off"


class Line(NamedTuple):
    """Something at a time, with a length, or on a day; `endpoint` is its page, empty if the reader may not open it.

    `uid` identifies it, even after it is moved; `version` counts its changes.
    """

    kind: Kind
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
    # This is a detail for people who may open its page; it is never in a feed.
    about: str = ""
    mark: Mark | None = None
    # This means that it waits for someone until it is done, so it can be late.
    waits: bool = False

    def day(self, time_zone: str) -> date:
        return local_day(self.starts, time_zone) if isinstance(self.starts, datetime) else self.starts


_PLACES = {kind: place for place, kind in enumerate(Kind)}


def by_day(lines: Iterable[Line], time_zone: str) -> dict[date, list[Line]]:
    """Returns the lines by their days: first those with a time, in its order, even if the clock shows an hour twice."""
    found: dict[date, list[Line]] = defaultdict(list)
    for line in sorted(lines, key=_place):
        found[line.day(time_zone)].append(line)
    return found


def _place(line: Line) -> tuple[Any, ...]:
    timed = isinstance(line.starts, datetime)
    return (
        not timed,
        line.starts.timestamp() if isinstance(line.starts, datetime) else 0,
        _PLACES[line.kind],
        line.title,
    )


def shown(lines: Sequence[Line], most: int) -> tuple[Sequence[Line], int]:
    """Returns the lines that a day shows, and the number of others, never one, since a line takes no more room."""
    if len(lines) <= most + 1:
        return lines, 0
    return lines[:most], len(lines) - most


def is_late(line: Line, today: date) -> bool:
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
