"""Decides whether the counts of a statement leave at least two possible answers for every person.

All counts belong together: the people, the ratings and the don't knows, of All and of each column, in every
release of a round. By subtraction a reader gets cells: the people of one column who came between two releases
and gave no rating. A world assigns to each of them an answer (did not know, left it open, or said that it
does not apply) that agrees with every count.

If some did not know and some left it open, two people in different cells can be swapped, so no cell is known.
If all gave the same answer, there is one world, and everyone's answer is known; then no cell may be smaller
than k. If that fails, the number of don't knows is held back, because without it there is always another
world.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from engage.assessment.results.rules.releases import IndicatorResult

# This stands for a cell of unknown size, which has to be treated as a small one.
_ANY: Final = 1


def none_or_enough(people: int, k: int) -> bool:
    return people == 0 or people >= k


class Unrated(Struct, frozen=True):
    """The people without a shown rating: how many, how many of them did not know, and how many each cell holds.

    Cells hold only people whose answer is not already known.
    """

    people: int
    dont_know: int
    cells: Sequence[int] = ()
    # These people are in columns of k or more in which everyone said that it does not apply, which areas may show.
    settled: int = 0

    @property
    def rest(self) -> int:
        return self.people - self.dont_know - self.settled


def shown_dont_know(now: Unrated, k: int, old: IndicatorResult | None) -> int | None:
    """Returns how many did not know, for All only; None if that number would leave a single world for few people.

    A number that an earlier release held back stays hidden, because a later number would single out the
    people who came in between.
    """
    if now.dont_know < k or not _leaves_two_worlds(now, k):
        return None
    if old is not None and (old.dont_know is None or not _leaves_two_worlds(_gained(now, old), k)):
        return None
    return now.dont_know


def needs_its_dont_know(old: IndicatorResult) -> bool:
    """Returns whether the earlier line showed how many did not know, but no ratings.

    Later ratings without that number would reveal how many of the first people left it open.
    """
    return old.all is None and old.dont_know is not None


def _leaves_two_worlds(unrated: Unrated, k: int) -> bool:
    if not (none_or_enough(unrated.dont_know, k) and none_or_enough(unrated.rest, k)):
        return False
    if unrated.dont_know and unrated.rest:
        return True
    return all(none_or_enough(cell, k) for cell in unrated.cells)


def _gained(now: Unrated, old: IndicatorResult) -> Unrated:
    """Returns the people who came since the earlier release. The sizes of its columns then are not stored."""
    assert old.dont_know is not None
    people = now.people - (old.respondents - (old.all.n if old.all is not None else 0))
    nobody = not people and old.all is not None
    cells = () if nobody or len(now.cells) < 2 else (_ANY,)
    return Unrated(people, now.dont_know - old.dont_know, cells)
