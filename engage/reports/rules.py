"""Defines the period over which a report counts; its first and last day are included."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from engage.plan.changes.rules import ChangePeriod

FIRST_YEAR, LAST_YEAR = 1970, 2199
# The federal fiscal year begins in October.
FEDERAL_MONTH = 10


class Span(StrEnum):
    """The periods that funders ask for most; two dates give any other. A coalition sets when its fiscal year begins."""

    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    FISCAL_YEAR = "fiscal_year"
    LAST_FISCAL_YEAR = "last_fiscal_year"
    HALF_YEAR = "half_year"
    LAST_HALF_YEAR = "last_half_year"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"


class Period(ChangePeriod, frozen=True):
    """A period that a report counts."""

    @classmethod
    def of(cls, args: Mapping[str, str], today: date) -> "Period":
        """Reads the period in the address, the earlier day first; without a valid day it is this quarter."""
        since, until = day_of(args.get("since", "")), day_of(args.get("until", ""))
        if since is None and until is None:
            return span(Span.THIS_QUARTER, today, 1)
        if since is None:
            assert until is not None
            return cls(date(until.year, 1, 1), until)
        if until is None:
            until = max(since, today)
        return cls(min(since, until), max(since, until))

    @property
    def eve(self) -> date:
        """Returns the day before the first day."""
        return self.since - timedelta(days=1)

    @property
    def before(self) -> "Period":
        """Returns the previous period: the same number of whole months, or else of days."""
        after = self.until + timedelta(days=1)
        if self.since.day == after.day == 1:
            months = 12 * (after.year - self.since.year) + after.month - self.since.month
            return Period(_months_later(self.since, -months), self.eve)
        return Period(self.since - (after - self.since), self.eve)

    def last_day(self, today: date) -> date:
        """Returns the last day of the period that can have data: today, if the period is not over."""
        return min(self.until, today)


def day_of(text: str) -> date | None:
    """Returns the day in an address; None for anything else, including a year that no records can have."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return day if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR else None


def span(which: Span, today: date, fiscal_month: int) -> Period:
    """Returns the whole period, even if it is not over, so that its texts are found again on another day.

    A fiscal year begins on the first of `fiscal_month`; half-years are those of the federal fiscal year.
    """
    match which:
        case Span.THIS_MONTH | Span.LAST_MONTH:
            first, months = date(today.year, today.month, 1), 1
        case Span.THIS_QUARTER | Span.LAST_QUARTER:
            first, months = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), 3
        case Span.HALF_YEAR | Span.LAST_HALF_YEAR:
            year = _fiscal(today, FEDERAL_MONTH)
            middle = _months_later(year, 6)
            first, months = middle if today >= middle else year, 6
        case Span.FISCAL_YEAR | Span.LAST_FISCAL_YEAR:
            first, months = _fiscal(today, fiscal_month), 12
        case Span.THIS_YEAR | Span.LAST_YEAR:
            first, months = date(today.year, 1, 1), 12
    this = Period(first, _months_later(first, months) - timedelta(days=1))
    return this.before if "last_" in which else this


def _months_later(first: date, months: int) -> date:
    """Returns the first of a month so many months later."""
    years, month = divmod(12 * first.year + first.month - 1 + months, 12)
    return date(max(years, 1), month + 1, 1)


def _fiscal(day: date, month: int) -> date:
    return date(day.year if day.month >= month else day.year - 1, month, 1)
