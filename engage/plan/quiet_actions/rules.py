"""Going through what has gone quiet, one action at a time: which they are, and where one is, as the address says it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engage.coalitions.quiet_rules import quiet_since
from engage.plan.rules import OPEN, ActionStatus, is_late

# After so many days without an update or a change an action is quiet; what the page offers.
DAYS = (14, 30, 60, 90)
DAYS_USUAL = 30
# More than a meeting gets through; and an address that every browser keeps.
MOST = 100


def is_stale(status: ActionStatus, moved_on: date, due_on: date | None, today: date, days: int) -> bool:
    """Open, and late or untouched for so many days; the day is counted as it is for people."""
    return status in OPEN and (moved_on < quiet_since(today, days) or is_late(due_on, status, today))


def days_asked(text: str) -> int:
    """One of those that are offered."""
    return next((days for days in DAYS if text == str(days)), DAYS_USUAL)


@dataclass(frozen=True, slots=True)
class Walk:
    """The actions that are gone through, by their numbers, and at which of them one is (1 is the first). `since`:
    when it began, in seconds of the epoch: what was done later was decided here."""

    numbers: tuple[int, ...]
    at: int
    since: int
    days: int

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "Walk | None":
        """As the address says it; None where it names no action."""
        parts = args.get("of", "").split("-")
        numbers = tuple(dict.fromkeys(int(part) for part in parts if _is_number(part)))[:MOST]
        if not numbers:
            return None
        at, since = args.get("at", ""), args.get("since", "")
        return cls(
            numbers=numbers,
            at=min(max(int(at) if _is_number(at) else 1, 1), len(numbers)),
            since=int(since) if _is_number(since, 11) else 0,
            days=days_asked(args.get("days", "")),
        )

    def args(self) -> dict[str, Any]:
        """The same, for an address."""
        return {"of": "-".join(map(str, self.numbers)), "at": self.at, "since": self.since, "days": self.days}

    @property
    def number(self) -> int:
        """The action where one is."""
        return self.numbers[self.at - 1]

    @property
    def next(self) -> "Walk | None":
        """One further; None at the end."""
        return replace(self, at=self.at + 1) if self.at < len(self.numbers) else None

    @property
    def before(self) -> "Walk | None":
        return replace(self, at=self.at - 1) if self.at > 1 else None


def _is_number(text: str, longest: int = 9) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= longest
