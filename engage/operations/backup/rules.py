"""Decides which backups to keep: all of the last 24 hours, and the newest per day, week and month."""

import re
from collections.abc import Iterable, Sequence
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
# The clocks of two machines that store archives in one folder may differ by this much.
_CLOCKS_DIFFER = timedelta(minutes=5)
_NAME = re.compile(r"engage-([0-9a-f]{8})-(\d{8}T\d{6})Z(?:-\d+)?\.zip(?:\.enc)?")


def keep_rule(raw: str) -> Keep | None:
    """Parses a rule such as `7d4w12m`; returns None for `all`. Raises ValueError for anything else."""
    if raw == ALL:
        return None
    match = re.fullmatch(r"(?:(\d{1,4})d)?(?:(\d{1,4})w)?(?:(\d{1,4})m)?", raw)
    days, weeks, months = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    if not days + weeks + months:
        raise ValueError(f"{raw} is not a rule such as {DEFAULT_KEEP}")
    return Keep(days, weeks, months)


def name_of(installation: str, moment: datetime, *, encrypted: bool, turn: int = 1) -> str:
    """Returns the name of the archive made at `moment`; `turn` numbers archives of the same second."""
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
    except ValueError:  # a person may have typed month 13
        return None


def broken_references(found: Iterable[Sequence[object]]) -> str:
    """Describes the broken references that SQLite's `foreign_key_check` found; blank if there are none."""
    rows: dict[tuple[object, object], list[str]] = {}
    for table, row, missing, *_key in found:
        rows.setdefault((table, missing), []).append(str(row))
    said = [f"{table} {_few(which)} (to {missing})" for (table, missing), which in rows.items()]
    return _few(said, "; ")


def _few(said: list[str], between: str = ", ") -> str:
    """Joins the first three distinct texts, and counts the others."""
    once = list(dict.fromkeys(said))
    return between.join(once[:3]) + (f" and {len(once) - 3} more" if len(once) > 3 else "")


def is_ahead(moment: datetime, now: datetime) -> bool:
    """Returns whether this time is in the future, which means that a clock was wrong."""
    return moment > now + _CLOCKS_DIFFER


def to_remove(names: Iterable[str], installation: str, rule: Keep, made: str, now: datetime) -> list[str]:
    """Returns the archives to delete by the rule.

    Never deleted are `made`, which was just verified; archives from the day before it; archives made since
    then by another run; other files; and archives dated in the future, which the rule does not count.
    """
    dated = [(moment, name) for name in names if (moment := moment_of(name, installation)) is not None]
    ours = [(moment, name) for moment, name in dated if not is_ahead(moment, now)]
    newest_first = sorted(ours, reverse=True)
    last = moment_of(made, installation)
    kept = {made} | {name for moment, name in ours if last and last - _A_DAY <= moment <= now}
    for count, period in ((rule.days, "%Y-%m-%d"), (rule.weeks, "%G-%V"), (rule.months, "%Y-%m")):
        newest: dict[str, str] = {}
        for moment, name in newest_first:
            newest.setdefault(moment.strftime(period), name)
        kept.update(list(newest.values())[:count])
    return [name for _moment, name in newest_first if name not in kept]
