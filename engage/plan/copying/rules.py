"""What goes along when a goal is copied, and what becomes of its dates."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engage.partners.rules import plus_months
from engage.plan.rules import OPEN, ActionStatus

MONTHS_MOST = 60


class Take(StrEnum):
    """Which actions go along."""

    OPEN = "open"
    ALL = "all"
    NONE = "none"


class Dates(StrEnum):
    """What becomes of the dates."""

    SHIFT = "shift"
    CLEAR = "clear"
    KEEP = "keep"


class Baseline(StrEnum):
    """What a copied measure starts from: the latest reading, what it started from, or nothing yet."""

    LATEST = "latest"
    KEEP = "keep"
    NONE = "none"


def takes(take: Take, status: ActionStatus) -> bool:
    """Whether an action that stands there goes along."""
    return take is Take.ALL or (take is Take.OPEN and status in OPEN)


@dataclass(frozen=True, slots=True)
class Shift:
    """`months` count only where dates are shifted. Two dates keep their order, but may come to be one."""

    dates: Dates
    months: int = 0

    def of(self, day: date | None) -> date | None:
        """The same day of a later month, in a shorter one its last."""
        if day is None or self.dates is Dates.CLEAR:
            return None
        return plus_months(day, self.months) if self.dates is Dates.SHIFT else day


@dataclass(frozen=True, slots=True)
class Start:
    """What a measure starts from."""

    value: float | None = None
    on: date | None = None


def start_of(choice: Baseline, baseline: Start, latest: Start | None) -> Start:
    """A number and its day are facts: they are not shifted. Without a reading the old start stays."""
    if choice is Baseline.NONE:
        return Start()
    return latest if choice is Baseline.LATEST and latest is not None else baseline


def target_day(target_on: date | None, start: Start) -> date | None:
    """A target that its start has overtaken has no day any more."""
    overtaken = target_on is not None and start.on is not None and target_on <= start.on
    return None if overtaken else target_on
