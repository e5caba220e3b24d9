"""Rules of doors: how many people they let in, and what coordinators see of who came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Self

from msgspec import Struct

from engage.assessment.rules import DoorKind

# There are thirty-one letters and digits, so ten of them hold 49 bits. Every request looks the code up.
TOKEN_LENGTH: Final = 10
CODE_LENGTH: Final = 10
MOST_SLIPS: Final = 2000
# This many people may begin from one network address within an hour. Later ones wait a minute, and are never
# refused.
STARTS_AN_HOUR: Final = 300
WAIT: Final = timedelta(minutes=1)
# A place in the line stays valid for this long.
WAIT_KEPT: Final = timedelta(hours=2)


def hour_of(now: datetime) -> datetime:
    """Returns the beginning of the hour for which starts from one network address are counted."""
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


class WayIn(StrEnum):
    """The ways by which a response came."""

    ACCOUNT = "account"
    LINK = "link"
    SLIPS = "slips"
    PAPER = "paper"


class Seen(Struct, frozen=True):
    """What coordinators see while a round is open: two lists that cannot be combined with each other.

    A way's number is None below k. `sectors` are those of people without an account, if k or more came.
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

    `sectors` has every sector that is offered, even if no one chose it. Both lists count the people who came
    through a door: if that would reveal a small number, the smallest shown sector is held back, too.
    """
    doors = [ways.get(WayIn(kind), 0) for kind in DoorKind]
    shown = {key: number for key, number in sectors.items() if number >= k}
    while not _is_safe(doors, shown, len(sectors) - len(shown), k):
        if not shown:  # everybody is one below k, so even the ways would reveal it
            return Seen(dict.fromkeys(WayIn), {})
        del shown[min(shown, key=shown.__getitem__)]
    numbers = {way: ways.get(way, 0) for way in WayIn}
    return Seen({way: number if number >= k else None for way, number in numbers.items()}, shown)


def _is_safe(doors: list[int], shown: Mapping[str, int], held_back: int, k: int) -> bool:
    """Returns whether each number that is held back can still have at least two values."""
    told = sum(number for number in doors if number >= k)
    gap = told - sum(shown.values())
    if all(number >= k for number in doors) and gap < k:
        return gap == 0
    return 0 <= gap < (k - 1) * held_back
