"""When an action that repeats comes again: every so many weeks or months, on a day or a weekday of the month.

Dates are dates: no hour, no time zone, no daylight saving. Everything is counted from the anchor, the date of the
action from which on the rule holds, and never from one date to the next: so the 31st, which is the last day in a
shorter month, comes back in the months that have one.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

# The last of a weekday in a month, which may be its fourth or its fifth.
LAST = -1
NTHS = (1, 2, 3, 4, LAST)
# The last day of every month.
LAST_DAY = 31
# What a rule may say, and how often it may come in all.
WEEKS_MOST, MONTHS_MOST = 52, 60
TIMES_MOST = 500


class RepeatUnit(StrEnum):
    """Years are twelve months, quarters three."""

    WEEK = "week"
    MONTH_DAY = "month_day"
    MONTH_WEEKDAY = "month_weekday"


@dataclass(frozen=True, slots=True)
class Rule:
    """Every `every` weeks on the anchor's weekday; or months, on `day` (in a shorter month its last), or on the
    `nth` `weekday` (0 is Monday)."""

    unit: RepeatUnit
    every: int = 1
    day: int | None = None
    nth: int | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """A rule from its anchor on. It ends after `times`, the anchor among them, or with the day `until`, or never."""

    rule: Rule
    anchor: date
    times: int | None = None
    until: date | None = None

    def after(self, day: date) -> date | None:
        """The first date later than `day` and than the anchor; None where the series ends before."""
        day = max(day, self.anchor)
        place = self.place(day)
        while (found := self._at(place)) <= day:
            place += 1
        over = (self.times is not None and place >= self.times) or (
            self.until is not None and found > self.until
        )
        return None if over else found

    def dates(self) -> Iterator[date]:
        """The anchor and all that follow it."""
        found: date | None = self.anchor
        while found is not None:
            yield found
            found = self.after(found)

    def following(self, last: date, today: date) -> date | None:
        """What comes after `last`. Of dates that nobody was there for, only the latest: a week of three that have
        passed is one thing to do, not three."""
        found = self.after(last)
        while found is not None and found < today and (later := self.after(found)) and later <= today:
            found = later
        return found

    def from_here(self, day: date) -> "Series":
        """The same, counted on from one of its dates."""
        times = None if self.times is None else self.times - self.place(day)
        return replace(self, anchor=day, times=times)

    def place(self, day: date) -> int:
        """In which period from the anchor's, which is 0, the day lies."""
        if self.rule.unit is RepeatUnit.WEEK:
            return (day - self.anchor).days // (7 * self.rule.every)
        months = (day.year - self.anchor.year) * 12 + day.month - self.anchor.month
        return months // self.rule.every

    def _at(self, place: int) -> date:
        """The one date of a period; the anchor stands for its own, whatever the rule says of it."""
        rule = self.rule
        if place == 0:
            return self.anchor
        if rule.unit is RepeatUnit.WEEK:
            return self.anchor + timedelta(weeks=rule.every * place)
        months = self.anchor.year * 12 + self.anchor.month - 1 + rule.every * place
        year, month = months // 12, months % 12 + 1
        if rule.nth is not None and rule.weekday is not None:
            return nth_weekday(year, month, rule.nth, rule.weekday)
        return date(year, month, min(rule.day or self.anchor.day, monthrange(year, month)[1]))


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> date:
    """The second Tuesday: nth 2, weekday 1. `LAST` is the month's last."""
    if nth == LAST:
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
