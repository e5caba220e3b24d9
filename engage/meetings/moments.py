"""Converts a day and a time in the coalition's time zone to UTC, including nights in which the clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class NoSuchTime(ValueError):
    """The clock skips this time on that day; `after` is the time to which it jumps."""

    def __init__(self, after: time) -> None:
        super().__init__(after)
        self.after = after


def moment_of(day: date, at: time, time_zone: str) -> datetime:
    """Returns the time in UTC; for a time that occurs twice, the first. Raises NoSuchTime."""
    zone = ZoneInfo(time_zone)
    local = datetime.combine(day, at, zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTime(_goes_on_at(local))
    return moment


def comes_twice(moment: datetime, time_zone: str) -> bool:
    """Returns whether the wall clock shows this time for the second time that day."""
    local = moment.astimezone(ZoneInfo(time_zone))
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def local_time(moment: datetime, time_zone: str) -> time:
    return moment.astimezone(ZoneInfo(time_zone)).time().replace(second=0, microsecond=0)


def _goes_on_at(local: datetime) -> time:
    """Returns the first time on the clock after the jump that skipped this time."""
    wanted = local.replace(tzinfo=None)
    # With the offset from after the jump, a skipped time converts to a moment before the jump.
    moment = local.replace(fold=1).astimezone(UTC)
    while (shown := moment.astimezone(local.tzinfo).replace(tzinfo=None)) <= wanted:
        moment += timedelta(minutes=1)
    return shown.time()
