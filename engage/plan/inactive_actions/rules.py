"""Rules for reviewing inactive actions one at a time: which they are, and the position in the address."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from engage.coalitions.inactive_rules import inactive_since
from engage.numbers import whole_number
from engage.plan.rules import OPEN, ActionStatus, is_late

# An action is inactive after this many days without an update or a change; the page offers these numbers.
DAYS = (14, 30, 60, 90)
DAYS_USUAL = 30
# This is more than one meeting can review, and the address stays short enough for every browser.
MOST = 100


def is_inactive(status: ActionStatus, moved_on: date, due_on: date | None, today: date, days: int) -> bool:
    """Returns whether an action is open and either late or untouched for so many days, counted in whole days."""
    return status in OPEN and (moved_on < inactive_since(today, days) or is_late(due_on, status, today))


def days_asked(text: str) -> int:
    """Returns one of the offered numbers of days."""
    return next((days for days in DAYS if text == str(days)), DAYS_USUAL)


class Walk(Struct, frozen=True):
    """The actions under review by number, and the position among them (1 is the first).

    `since` is when the review began, in seconds since the epoch; later changes count as decisions of the
    review.
    """

    numbers: tuple[int, ...]
    at: int
    since: int
    days: int

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "Walk | None":
        """Reads the review from an address; None if it names no action."""
        parts = args.get("of", "").split("-")
        told = map(whole_number, parts)
        numbers = tuple(dict.fromkeys(number for number in told if number is not None))[:MOST]
        if not numbers:
            return None
        at, since = args.get("at", ""), args.get("since", "")
        return cls(
            numbers=numbers,
            at=min(max(whole_number(at) or 1, 1), len(numbers)),
            since=whole_number(since, digits=11) or 0,
            days=days_asked(args.get("days", "")),
        )

    def args(self) -> dict[str, Any]:
        """Returns the review in the form of an address."""
        return {"of": "-".join(map(str, self.numbers)), "at": self.at, "since": self.since, "days": self.days}

    @property
    def number(self) -> int:
        """Returns the current action's number."""
        return self.numbers[self.at - 1]

    @property
    def next(self) -> "Walk | None":
        """Returns the next step; None at the end."""
        return replace(self, at=self.at + 1) if self.at < len(self.numbers) else None

    @property
    def before(self) -> "Walk | None":
        return replace(self, at=self.at - 1) if self.at > 1 else None
