"""Rules for copying a goal: what is copied, and how its dates change."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from engage.partners.rules import plus_months
from engage.plan.rules import OPEN, ActionStatus

MONTHS_MOST = 60


class Take(StrEnum):
    """The actions that are copied."""

    OPEN = "open"
    ALL = "all"
    NONE = "none"


class CopiedDates(StrEnum):
    """The ways to treat the dates."""

    SHIFT = "shift"
    CLEAR = "clear"
    KEEP = "keep"


class Baseline(StrEnum):
    """The start of a copied measure: its latest reading, its old start, or nothing yet."""

    LATEST = "latest"
    KEEP = "keep"
    NONE = "none"


def takes(take: Take, status: ActionStatus) -> bool:
    """Returns whether an action with this status is copied."""
    return take is Take.ALL or (take is Take.OPEN and status in OPEN)


class Shift(Struct, frozen=True):
    """A shift by `months`, used only if dates are shifted. Two dates keep their order but may become equal."""

    dates: CopiedDates
    months: int = 0

    def of(self, day: date | None) -> date | None:
        """Returns the same day in a later month, or that month's last day if it is shorter."""
        if day is None or self.dates is CopiedDates.CLEAR:
            return None
        return plus_months(day, self.months) if self.dates is CopiedDates.SHIFT else day


class Start(Struct, frozen=True):
    """The number and day that a measure starts from."""

    value: float | None = None
    on: date | None = None


def start_of(choice: Baseline, baseline: Start, latest: Start | None) -> Start:
    """Returns what a copied measure starts from.

    A number and its day are facts, so they are not shifted. Without a reading the old start is used.
    """
    if choice is Baseline.NONE:
        return Start()
    return latest if choice is Baseline.LATEST and latest is not None else baseline


def target_day(target_on: date | None, start: Start) -> date | None:
    """Returns the target's day, or None if it is not after the start."""
    overtaken = target_on is not None and start.on is not None and target_on <= start.on
    return None if overtaken else target_on
