"""Shows the plan as a timeline: a bar for each action from its start to its due day, under one scale of months.

Places on the scale are percentages of its width, so that it fits a projector, a phone and paper alike.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from msgspec import Struct

from engage.partners.rules import plus_months

# Up to this many months all have their names; with more, every third, then every twelfth.
NAMED_MOST = 12
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


class Bar(Struct, frozen=True):
    """A bar of the timeline, with its start and width.

    `is_open` means that no start is known, so only the due day is drawn, as a dot.
    """

    at: float
    width: float
    is_open: bool

    @property
    def end(self) -> float:
        return round(self.at + self.width, 2)


class Scale(Struct, frozen=True):
    """A scale of whole months from the first to the last day of what is drawn."""

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

    def bar(self, start: date | None, due: date | None) -> Bar | None:
        """Returns the bar, or None without a due day: a start alone says nothing about the end."""
        if due is None:
            return None
        end = self.at(due + timedelta(days=1))
        at = self.at(start if start is not None else due)
        width = max(end - at, NARROWEST)
        return Bar(round(min(at, 100 - width), 2), round(width, 2), start is None)


def scale(dates: Iterable[date]) -> Scale | None:
    """Returns the months that hold these days; None without any day."""
    days = sorted(dates)
    if not days:
        return None
    first = days[0].replace(day=1)
    last = plus_months(days[-1].replace(day=1), 1) - timedelta(days=1)
    months = _months(first, last)
    step = 1 if len(months) <= NAMED_MOST else 3 if len(months) <= 3 * NAMED_MOST else 12
    bare = Scale(first, last, ())
    ticks, free = [], 0.0
    for month in months:
        at, is_dated = bare.at(month), month.month == 1 or month == first
        is_named = (month.month - 1) % step == 0 and at >= free
        if is_named:
            free = at + (DATED_NAME_WIDTH if is_dated else NAME_WIDTH)
        if is_named or step < 12:
            ticks.append(Tick(month, at, is_named, is_dated))
    return Scale(first, last, tuple(ticks))


def _months(first: date, last: date) -> Sequence[date]:
    found, month = [], first
    while month <= last:
        found.append(month)
        month = plus_months(month, 1)
    return found
