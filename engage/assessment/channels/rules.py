"""Rules of channels without an account: how many people may start, and what coordinators see of the counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

from msgspec import Struct

from engage.assessment.rules import ChannelKind, WayIn

# Codes use 31 letters and digits, so ten of them hold 49 bits, too many to guess: each guess takes a request.
TOKEN_LENGTH: Final = 10
CODE_LENGTH: Final = 10
MOST_SLIPS: Final = 2000
# How many people may start from one network address within an hour. Later ones wait a minute, and are never
# refused.
STARTS_AN_HOUR: Final = 300
WAIT: Final = timedelta(minutes=1)
# How long a signed place in the line stays valid.
WAIT_KEPT: Final = timedelta(hours=2)


def hour_of(now: datetime) -> datetime:
    """Returns the beginning of the hour for which starts from one network address are counted."""
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


class Seen(Struct, frozen=True):
    """What coordinators see while a round is open: two lists that cannot be combined with each other.

    The number of a way is None if below k. `sectors` counts people without an account, if k or more came.
    """

    ways: Mapping[WayIn, int | None]
    sectors: Mapping[str, int]

    def to_json(self) -> dict[str, object]:
        return {
            "ways": {way.value: number for way, number in self.ways.items()},
            "sectors": dict(self.sectors),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls({WayIn(way): number for way, number in stored["ways"].items()}, stored["sectors"])


def seen(ways: Mapping[WayIn, int], sectors: Mapping[str, int], k: int) -> Seen:
    """Returns what may be shown of these counts: no number below k can be read or computed by subtraction.

    `sectors` has every sector that is offered, even if no one chose it. Both lists count the people through
    a channel: if that would reveal a small number, the smallest shown sector is left out, too.
    """
    channels = [ways.get(WayIn(kind), 0) for kind in ChannelKind]
    shown = {key: number for key, number in sectors.items() if number >= k}
    while not _is_safe(channels, shown, len(sectors) - len(shown), k):
        if not shown:  # each sector has k - 1 people, which even the ways would reveal
            return Seen(dict.fromkeys(WayIn), {})
        del shown[min(shown, key=shown.__getitem__)]
    numbers = {way: ways.get(way, 0) for way in WayIn}
    return Seen({way: number if number >= k else None for way, number in numbers.items()}, shown)


def _is_safe(channels: list[int], shown: Mapping[str, int], held_back: int, k: int) -> bool:
    """Returns whether each number that is left out could still have at least two values."""
    told = sum(number for number in channels if number >= k)
    gap = told - sum(shown.values())
    if all(number >= k for number in channels) and gap < k:
        return gap == 0
    return 0 <= gap < (k - 1) * held_back
