"""Computes when a repeating action is due again: every so many weeks or months, on a day or a weekday.

Dates are plain dates, without hours, time zones or daylight saving. Everything is counted from the anchor,
the date of the action where the rule begins, and never from one date to the next. So the 31st becomes the
last day in a shorter month and comes back in longer ones.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

# As an `nth`, this means the last such weekday in a month, which may be the fourth or the fifth.
LAST = -1
NTHS = (1, 2, 3, 4, LAST)
# As a `day`, this means the last day of every month.
LAST_DAY = 31
# A rule, and the number of its dates, stay within these limits.
WEEKS_MOST, MONTHS_MOST = 52, 60
TIMES_MOST = 500
# With this many open actions a series waits: no further one is made until someone closes one of them.
OPEN_MOST = 2


class RepeatUnit(StrEnum):
    """The units of a rule. A year is twelve months and a quarter is three."""

    WEEK = "week"
    MONTH_DAY = "month_day"
    MONTH_WEEKDAY = "month_weekday"


class Rule(Struct, frozen=True):
    """A rule: every `every` weeks on the anchor's weekday, or every so many months on a day.

    The day is `day` (the last one in a shorter month), or the `nth` `weekday` (0 is Monday).
    """

    unit: RepeatUnit
    every: int = 1
    day: int | None = None
    nth: int | None = None
    weekday: int | None = None


class Series(Struct, frozen=True):
    """A rule from its anchor on. It ends after `times` dates including the anchor, after the day `until`, or never."""

    rule: Rule
    anchor: date
    times: int | None = None
    until: date | None = None

    def after(self, day: date) -> date | None:
        """Returns the first date later than `day` and than the anchor; None if the series ends before."""
        day = max(day, self.anchor)
        place = self.place(day)
        while (found := self._at(place)) <= day:
            place += 1
        over = (self.times is not None and place >= self.times) or (
            self.until is not None and found > self.until
        )
        return None if over else found

    def dates(self) -> Iterator[date]:
        """Yields the anchor and all dates that follow it."""
        found: date | None = self.anchor
        while found is not None:
            yield found
            found = self.after(found)

    def following(self, last: date, today: date) -> date | None:
        """Returns the date after `last`.

        Of several missed dates it returns only the latest, because three missed weeks are one thing to do.
        """
        found = self.after(last)
        while found is not None and found < today and (later := self.after(found)) and later <= today:
            found = later
        return found

    def from_here(self, day: date) -> "Series":
        """Returns the same series, counted from one of its dates."""
        times = None if self.times is None else self.times - self.place(day)
        return replace(self, anchor=day, times=times)

    def place(self, day: date) -> int:
        """Returns the period that contains the day, counted from the anchor's period, which is 0."""
        if self.rule.unit is RepeatUnit.WEEK:
            return (day - self.anchor).days // (7 * self.rule.every)
        months = (day.year - self.anchor.year) * 12 + day.month - self.anchor.month
        return months // self.rule.every

    def _at(self, place: int) -> date:
        """Returns the one date of a period; the anchor is its own period's date, whatever the rule says."""
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
    """Returns, for nth 2 and weekday 1, the second Tuesday. `LAST` is the month's last."""
    if nth == LAST:
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
