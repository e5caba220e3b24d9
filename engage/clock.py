"""Tells the time, in one place: moments in UTC, days in the coalition's own time zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today(time_zone: str = "UTC") -> date:
    """Returns today's date in the coalition's time zone."""
    return datetime.now(ZoneInfo(time_zone)).date()
