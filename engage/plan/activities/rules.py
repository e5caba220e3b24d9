"""Defines the kinds of activities and adds up their totals."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

REACHED_MOST = 1_000_000
HOURS_MOST = 100_000


class ActivityKind(StrEnum):
    TRAINING = "training"
    OUTREACH = "outreach"
    POLICY = "policy"
    FUND_RAISING = "fund_raising"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Totals:
    """The number of activities, people reached and hours; a count that was not written down adds nothing.

    `handed_out` counts people reached by activities that are large enough to be told. Whatever dates are asked
    for, two such sums differ by no one or by enough people.
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
