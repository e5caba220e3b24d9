"""Shows the plan as a timeline: a bar for each action from its start to its due day, under one scale of months.

Positions are percentages of the scale's width, so that it fits a projector, a phone and paper.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from msgspec import Struct

from engage.partners.rules import plus_months

# Every month's name is shown, or every second, and so on, until the names fit beside each other.
STEPS = (1, 2, 3, 6, 12)
# A bar of one day is still visible.
NARROWEST = 1.2
# A month's name takes this much of the scale, without and with its year.
NAME_WIDTH, DATED_NAME_WIDTH = 7.0, 13.0


class Tick(Struct, frozen=True):
    """The first day of a month on the scale; `is_named` if its name is shown, `is_dated` if its year is shown."""

    day: date
    at: float
    is_named: bool
    is_dated: bool


class TimelineBar(Struct, frozen=True):
    """A bar of the timeline, with its start and width.

    `is_open` means that the start is unknown, so only the due day is drawn, as a dot.
    """

    at: float
    width: float
    is_open: bool

    @property
    def end(self) -> float:
        return round(self.at + self.width, 2)


class TimelineScale(Struct, frozen=True):
    """A scale of whole months that covers everything that is drawn."""

    first: date
    last: date
    ticks: tuple[Tick, ...]

    def at(self, day: date) -> float:
        """Returns where a day begins on the scale, 0 to 100."""
        days = (self.last - self.first).days + 1
        return round(min(max((day - self.first).days / days, 0), 1) * 100, 2)

    def today(self, today: date) -> float | None:
        """Returns the position of today; None if it is not on the scale."""
        return self.at(today) if self.first <= today <= self.last else None

    def bar(self, start: date | None, due: date | None) -> TimelineBar | None:
        """Returns the bar, or None without a due day, since a start alone says nothing about the end."""
        if due is None:
            return None
        end = self.at(due + timedelta(days=1))
        at = self.at(start if start is not None else due)
        width = max(end - at, NARROWEST)
        return TimelineBar(round(min(at, 100 - width), 2), round(width, 2), start is None)


def scale(dates: Iterable[date]) -> TimelineScale | None:
    """Returns the months that hold these days; None without any day."""
    days = sorted(dates)
    if not days:
        return None
    first = days[0].replace(day=1)
    last = plus_months(days[-1].replace(day=1), 1) - timedelta(days=1)
    months = _months(first, last)
    bare = TimelineScale(first, last, ())
    for step in STEPS:
        wanted = [month for month in months if (month.month - 1) % step == 0]
        named = _fitting(bare, wanted)
        if len(named) == len(wanted):
            break
    shown = months if step < STEPS[-1] else named
    ticks = (Tick(month, bare.at(month), month in named, named.get(month, False)) for month in shown)
    return TimelineScale(first, last, tuple(ticks))


def _fitting(bare: TimelineScale, months: Sequence[date]) -> dict[date, bool]:
    """Returns the months whose names do not overlap, and whether the year fits as well."""
    found: dict[date, bool] = {}
    free = 0.0
    for month in months:
        if (at := bare.at(month)) >= free:
            found[month] = month.month == 1 or not found
            free = at + (DATED_NAME_WIDTH if found[month] else NAME_WIDTH)
    return found


def _months(first: date, last: date) -> Sequence[date]:
    found, month = [], first
    while month <= last:
        found.append(month)
        month = plus_months(month, 1)
    return found
