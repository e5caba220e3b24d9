"""Defines the kinds and states of activities, when they are over, and adds up their totals."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

REACHED_MOST = 1_000_000
HOURS_MOST = 100_000
MINUTES_MOST = 7 * 1440
# The form has this many rows for audiences.
AUDIENCES_MOST = 4


class ActivityKind(StrEnum):
    TRAINING = "training"
    OUTREACH = "outreach"
    POLICY = "policy"
    FUND_RAISING = "fund_raising"
    OTHER = "other"


# People attend these; a changed policy, in contrast, reaches people who attend nothing.
KINDS_PEOPLE_COME_TO = frozenset({ActivityKind.TRAINING, ActivityKind.OUTREACH, ActivityKind.FUND_RAISING})


class ActivityState(StrEnum):
    """The states of an activity. Only those that were held count in a total."""

    PLANNED = "planned"
    HELD = "held"
    CALLED_OFF = "called_off"


def is_over(day: date, starts_at: datetime | None, minutes: int | None, today: date, now: datetime) -> bool:
    """Returns whether an event has ended by the clock: after its planned end, or else after its day."""
    if starts_at is not None and minutes is not None:
        return now >= starts_at + timedelta(minutes=minutes)
    return day < today


class Audience(Struct, frozen=True):
    """A discipline that an activity was for (a key of the content), with its number of people if they were counted."""

    discipline: str
    people: int | None = None


class Totals(Struct, frozen=True):
    """The number of activities, people reached and hours; a missing count adds nothing.

    `handed_out` counts people reached by activities that are large enough to be published, so the difference
    between two such sums is no one or a group that is large enough.
    """

    activities: int = 0
    reached: int = 0
    hours: float = 0
    handed_out: int = 0

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            self.activities + other.activities,
            self.reached + other.reached,
            round(self.hours + other.hours, 2),
            self.handed_out + other.handed_out,
        )


def together(parts: Iterable[Totals]) -> Totals:
    return sum(parts, Totals())
