"""Rules of the network page: which counts exist, and when a sum may be published.

No one may learn a single coalition's number by adding and subtracting published sums. So a sum needs at least
`FEWEST` coalitions, and must differ from each earlier sum in the numbers of at least as many; starting or
stopping to share counts as a difference. That alone is not enough: if two sums were of five coalitions each,
a sum of these ten and one more would reveal the last one's number. So for a new sum and any two earlier ones,
added or subtracted, what remains must also be nothing or come from at least as many coalitions. Sums are
stored for good, with at most one a month, so that there are few enough to compare.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from itertools import combinations

from msgspec import Struct

FEWEST = 5
# The least time between two sums of the same count.
EVERY = timedelta(days=28)


class CountKind(StrEnum):
    """The counts that a coalition may share."""

    MEMBERS = "members"
    SECTORS = "sectors"
    ROUND_OPEN = "round_open"
    ACTIONS_DONE = "actions_done"


class Sum(Struct, frozen=True):
    """A published sum. Its `marks` reveal a coalition and its number only to holders of the site's key.

    A sum without coalitions means that no sum is shown from then on.
    """

    total: int
    coalitions: int
    marks: frozenset[str]


NOTHING = Sum(0, 0, frozenset())


def next_sum(
    numbers: Mapping[int, int], published: Sequence[Sum], mark: Callable[[int, int], str]
) -> Sum | None:
    """Returns the sum that may be published after all earlier ones; `numbers` are by coalition."""
    marks = frozenset(mark(coalition, number) for coalition, number in numbers.items())
    if len(numbers) >= FEWEST:
        told = [each.marks for each in published if each.marks]
        return Sum(sum(numbers.values()), len(numbers), marks) if may_join(marks, told) else None
    newest = published[-1] if published else NOTHING
    return NOTHING if newest.coalitions and _apart(marks, newest.marks) >= FEWEST else None


def may_join(new: frozenset[str], told: Collection[frozenset[str]]) -> bool:
    """Returns whether a sum with these marks may be published, given all earlier ones."""
    if any(_apart(new, each) < FEWEST for each in told):
        return False
    signs = ((1, -1), (-1, 1), (-1, -1))
    return all(
        left == 0 or left >= FEWEST
        for one, other in combinations(told, 2)
        for signed in signs
        for left in [_left(new, one, other, signed)]
    )


def _apart(one: frozenset[str], other: frozenset[str]) -> int:
    """Returns in how many coalitions two sums differ, as a lower bound.

    A coalition whose number changed has a mark on both sides; one that joined or left, on one side.
    """
    return max(len(one - other), len(other - one))


def _left(new: frozenset[str], one: frozenset[str], other: frozenset[str], signs: tuple[int, int]) -> int:
    """Returns how many coalitions remain if two sums are added to a new one or subtracted: a lower bound.

    A coalition has at most one mark in each sum, so at least as many coalitions remain as marks of any one
    sum.
    """
    gone = set[str]()
    if signs[0] < 0:
        gone |= (new & one) - other
    if signs[1] < 0:
        gone |= (new & other) - one
    if signs[0] != signs[1]:
        gone |= (one & other) - new
    return max(len(each - gone) for each in (new, one, other))
