"""Reads the time for all modules: moments in UTC, days in the coalition's own time zone."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today(time_zone: str = "UTC") -> date:
    """Returns today's date in the coalition's time zone."""
    return datetime.now(ZoneInfo(time_zone)).date()


def local_day(moment: datetime, time_zone: str) -> date:
    """Returns the day that the coalition's wall clock shows at this moment."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def start_of_day(day: date, time_zone: str) -> datetime:
    """Returns the day's first moment in UTC."""
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)
