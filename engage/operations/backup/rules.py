"""Decides which backups stay: all of the last 24 hours, and the newest of each of so many days, weeks and months."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from msgspec import Struct


class Keep(Struct, frozen=True):
    """The number of days, weeks and months for which a backup is kept; None keeps all."""

    days: int
    weeks: int
    months: int


DEFAULT_KEEP = "7d4w12m"
ALL = "all"

_A_DAY = timedelta(days=1)
_NAME = re.compile(r"engage-([0-9a-f]{8})-(\d{8}T\d{6})Z(?:-\d+)?\.zip(?:\.enc)?")


def keep_rule(raw: str) -> Keep | None:
    """Reads `7d4w12m`; returns None for `all`. Raises ValueError for anything else, or a rule that keeps nothing."""
    if raw == ALL:
        return None
    match = re.fullmatch(r"(?:(\d{1,4})d)?(?:(\d{1,4})w)?(?:(\d{1,4})m)?", raw)
    days, weeks, months = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    if not days + weeks + months:
        raise ValueError(f"{raw} is not a rule such as {DEFAULT_KEEP}")
    return Keep(days, weeks, months)


def name_of(installation: str, moment: datetime, *, encrypted: bool, turn: int = 1) -> str:
    """Returns the name of the archive made at `moment`; `turn` tells apart archives of the same second."""
    more = f"-{turn}" if turn > 1 else ""
    return f"engage-{installation}-{moment.astimezone(UTC):%Y%m%dT%H%M%S}Z{more}.zip{'.enc' if encrypted else ''}"


def moment_of(name: str, installation: str) -> datetime | None:
    """Returns when an archive of this installation was made; None for any other file."""
    match = _NAME.fullmatch(name)
    return moment_in(name) if match and match[1] == installation else None


def moment_in(name: str) -> datetime | None:
    """Returns when an archive of any installation was made; None for any other file."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    try:
        return datetime.strptime(match[2], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:  # a person may have typed a month 13
        return None


def to_remove(names: Iterable[str], installation: str, rule: Keep, made: str, now: datetime) -> list[str]:
    """Returns the archives that the rule removes.

    It never removes `made`, which was just verified, archives from the day before it or made since by another
    run, or files of others.
    """
    ours = [(moment, name) for name in names if (moment := moment_of(name, installation)) is not None]
    newest_first = sorted(ours, reverse=True)
    last = moment_of(made, installation)
    kept = {made} | {name for moment, name in ours if last and last - _A_DAY <= moment <= now}
    for count, period in ((rule.days, "%Y-%m-%d"), (rule.weeks, "%G-%V"), (rule.months, "%Y-%m")):
        newest: dict[str, str] = {}
        for moment, name in newest_first:
            newest.setdefault(moment.strftime(period), name)
        kept.update(list(newest.values())[:count])
    return [name for _moment, name in newest_first if name not in kept]
