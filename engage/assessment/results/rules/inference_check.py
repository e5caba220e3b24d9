"""Decides whether the counts of a statement leave at least two possible answers for every person.

All counts of a statement are considered together: the people, the ratings and the don't knows, of All and of
each column, in every release of a round. By subtraction a reader can compute cells: the people of one column
who came between two releases and gave no rating. A possible world gives each of these people an answer (did
not know, left it open, or said that it does not apply) that agrees with every count.

If some did not know and some left it open, two people in different cells could have swapped answers, so the
answers of no cell are known. If all gave the same answer, there is only one possible world, and everyone's
answer is known; then every cell must be large enough. If it is not, the number of don't knows is hidden,
because without it there is always another possible world. Readers may have made up the open link's answers,
so only the other people are considered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from engage.assessment.results.rules.people import NOBODY, People, none_or_part
from engage.assessment.results.rules.releases import Sets

# A cell of unknown size, which has to be treated as a small one.
_ANY: Final = People(account=1)


class Unrated(Struct, frozen=True):
    """The people without a shown rating, those of them who did not know, and those of each cell.

    Cells have only people whose answer is not already known.
    """

    people: People
    dont_know: People
    cells: Sequence[People] = ()
    # People in columns in which everyone said that the statement does not apply, which the results of areas
    # may show.
    settled: People = NOBODY

    @property
    def rest(self) -> People:
        return self.people - self.dont_know - self.settled


def may_show_dont_know(now: Unrated, k: int, old: Sets | None) -> bool:
    """Returns whether to show how many did not know, for All only: not if a few people's answers would then be known.

    A number that an earlier release hid stays hidden, because a later number would be about only the people
    who came in between.
    """
    if not now.dont_know.number or not _leaves_two_worlds(now, k):
        return False
    return old is None or (bool(old.dont_know.number) and _leaves_two_worlds(_gained(now, old), k))


def needs_its_dont_know(old: Sets) -> bool:
    """Returns whether the earlier line showed how many did not know, but no ratings.

    Later ratings without that number would reveal how many of the first people left the statement open.
    """
    return not old.all.number and bool(old.dont_know.number)


def _leaves_two_worlds(unrated: Unrated, k: int) -> bool:
    if not (none_or_part(unrated.dont_know, k) and none_or_part(unrated.rest, k)):
        return False
    if unrated.dont_know.known and unrated.rest.known:
        return True
    return all(none_or_part(cell, k) for cell in unrated.cells)


def _gained(now: Unrated, old: Sets) -> Unrated:
    """Returns the people added since the earlier release. The sizes of its columns are not stored."""
    people = now.people - (old.people - old.all)
    nobody = not people.number and old.all.number
    cells = () if nobody or len(now.cells) < 2 else (_ANY,)
    return Unrated(people, now.dont_know - old.dont_know, cells)
