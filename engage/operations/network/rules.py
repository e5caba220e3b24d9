"""Rules of the network's sums: which counts there are, and when a sum may be told.

One sum minus the one before must never be one coalition's number. So a sum needs `FEWEST` coalitions, and a new one
replaces the earlier only once the numbers of at least as many have changed; beginning and stopping to share count.
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
    """A sum as it was told; `marks` tell who was in it with what number only to whoever has the site's key.

    Without coalitions none is told now, and the marks are those of the last one that was.
    """

    total: int
    coalitions: int
    marks: frozenset[str]


NOTHING = Sum(0, 0, frozenset())


def next_sum(numbers: Mapping[int, int], told: Sum, mark: Callable[[int, int], str]) -> Sum:
    """Returns what may be told now of these numbers by coalition; the same object if it stays as it was told."""
    marks = frozenset(mark(coalition, number) for coalition, number in numbers.items())
    # A coalition whose number moved has a mark on both sides, one that came or went on one of them.
    if max(len(marks - told.marks), len(told.marks - marks)) < FEWEST:
        return told
    if len(numbers) < FEWEST:
        return Sum(0, 0, told.marks) if told.coalitions else told
    return Sum(sum(numbers.values()), len(numbers), marks)
