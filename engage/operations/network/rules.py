"""Rules of the network's sums: which counts there are, and when a sum may be published.

The difference between two sums must never be one coalition's number. So a sum needs `FEWEST` coalitions, and
a new sum replaces the earlier one only after the numbers of at least as many have changed. Starting or
stopping to share counts as a change.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec import Struct

FEWEST = 5


class CountKind(StrEnum):
    """The counts that a coalition may share."""

    MEMBERS = "members"
    SECTORS = "sectors"
    ROUND_OPEN = "round_open"
    ACTIONS_DONE = "actions_done"


class Sum(Struct, frozen=True):
    """A published sum; only with the site's key do `marks` reveal which coalition was in it with what number.

    With no coalitions, no sum is published now, and the marks are those of the last published one.
    """

    total: int
    coalitions: int
    marks: frozenset[str]


NOTHING = Sum(0, 0, frozenset())


def next_sum(numbers: Mapping[int, int], told: Sum, mark: Callable[[int, int], str]) -> Sum:
    """Returns the sum of these numbers by coalition that may be published; the same object if the earlier one stays."""
    marks = frozenset(mark(coalition, number) for coalition, number in numbers.items())
    # A coalition whose number changed has a mark on both sides; one that joined or left has a mark on one side.
    if max(len(marks - told.marks), len(told.marks - marks)) < FEWEST:
        return told
    if len(numbers) < FEWEST:
        return Sum(0, 0, told.marks) if told.coalitions else told
    return Sum(sum(numbers.values()), len(numbers), marks)
