"""Defines the days over which a report counts, including both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

FIRST_YEAR, LAST_YEAR = 1970, 2199


class Span(StrEnum):
    """The spans that funders ask for most; two dates give any other. The federal fiscal year begins on October 1."""

    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"
    FISCAL_YEAR = "fiscal_year"
    LAST_FISCAL_YEAR = "last_fiscal_year"


@dataclass(frozen=True, slots=True)
class Period:
    since: date
    until: date

    @classmethod
    def of(cls, args: Mapping[str, str], today: date) -> "Period":
        """Reads the period in the address, the earlier day first; missing or wrong days mean this year so far."""
        since, until = day_of(args.get("since", "")), day_of(args.get("until", ""))
        if since is None and until is None:
            return span(Span.THIS_YEAR, today)
        if since is None:
            assert until is not None
            return cls(date(until.year, 1, 1), until)
        if until is None:
            until = max(since, today)
        return cls(min(since, until), max(since, until))

    def args(self) -> dict[str, Any]:
        """Returns the period as an address writes it."""
        return {"since": self.since.isoformat(), "until": self.until.isoformat()}

    def has(self, day: date | None) -> bool:
        return day is not None and self.since <= day <= self.until

    @property
    def eve(self) -> date:
        """Returns the day before the first."""
        return self.since - timedelta(days=1)


def day_of(text: str) -> date | None:
    """Returns a day as an address writes it; None for anything else, including a year that no records can have."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return day if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR else None


def span(which: Span, today: date) -> Period:
    """Returns the span, up to today if it is not over yet."""
    match which:
        case Span.THIS_QUARTER:
            return Period(_quarter(today), today)
        case Span.LAST_QUARTER:
            last = _quarter(today) - timedelta(days=1)
            return Period(_quarter(last), last)
        case Span.THIS_YEAR:
            return Period(date(today.year, 1, 1), today)
        case Span.LAST_YEAR:
            return Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))
        case Span.FISCAL_YEAR:
            return Period(_fiscal(today), today)
        case Span.LAST_FISCAL_YEAR:
            last = _fiscal(today) - timedelta(days=1)
            return Period(_fiscal(last), last)


def _quarter(day: date) -> date:
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def _fiscal(day: date) -> date:
    return date(day.year if day.month >= 10 else day.year - 1, 10, 1)
