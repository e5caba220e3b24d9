"""Converts a local day and time to UTC, including nights in which daylight-saving time starts or ends."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class NoSuchTime(ValueError):
    """Raised for a time that the clock skips on that day; `after` is the time to which the clock jumps."""

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
    """Returns whether this time occurs twice that day, because the clock is set back."""
    local = moment.astimezone(ZoneInfo(time_zone))
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def local_time(moment: datetime, time_zone: str) -> time:
    return moment.astimezone(ZoneInfo(time_zone)).time().replace(second=0, microsecond=0)


def _goes_on_at(local: datetime) -> time:
    """Returns the first local time after the jump that skipped this time."""
    wanted = local.replace(tzinfo=None)
    # Read with the offset that holds after the jump, the skipped time gives a moment before the jump.
    moment = local.replace(fold=1).astimezone(UTC)
    while (shown := moment.astimezone(local.tzinfo).replace(tzinfo=None)) <= wanted:
        moment += timedelta(minutes=1)
    return shown.time()
