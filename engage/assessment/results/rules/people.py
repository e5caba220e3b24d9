"""Counts a set of people by the way they answered, and defines which sets are large enough.

Anyone can make up answers by an open link, and someone may hold two slips or sheets. Someone who knows two of
three answers can compute the third. So the size of a set never includes answers that its readers may have
made up.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Self

from msgspec import Struct

from engage.assessment.rules import WayIn

# A set in which no one has an account, a slip or a sheet of paper must be empty or have at least this many
# people.
BY_LINK_LEAST: Final = 10
# At least this many people by account, slip or paper are needed for a column, or for what is left when shown
# sets are subtracted.
PART_LEAST: Final = 10
# How many slips or sheets someone may hold besides their own.
MADE_UP_BY_HAND: Final = 2


class People(Struct, frozen=True, array_like=True):
    """How many people of a set answered with an account, by hand (a slip or a sheet of paper), and by the open link."""

    account: int = 0
    hand: int = 0
    link: int = 0

    def __add__(self, other: People) -> People:
        return People(self.account + other.account, self.hand + other.hand, self.link + other.link)

    def __sub__(self, other: People) -> People:
        return People(self.account - other.account, self.hand - other.hand, self.link - other.link)

    @property
    def number(self) -> int:
        return self.known + self.link

    @property
    def known(self) -> int:
        """Returns how many answered with an account, a slip or a sheet, that is, not by the open link."""
        return self.account + self.hand

    @classmethod
    def of(cls, ways: Iterable[WayIn]) -> Self:
        each = list(ways)
        account, link = each.count(WayIn.ACCOUNT), each.count(WayIn.LINK)
        return cls(account, len(each) - account - link, link)


NOBODY: Final = People()


def all_by(way: WayIn, number: int) -> People:
    return People.of([way] * number)


def together(sets: Iterable[People]) -> People:
    return sum(sets, NOBODY)


class Floor(Struct, frozen=True):
    """The least numbers of people: with an account, in a whole set, in a part of a set, and if all used the open link.

    A part of a set is a column, or what is left when shown sets are subtracted.
    """

    account: int
    everyone: int
    part: int
    link: int


def floor(k: int) -> Floor:
    everyone = k + MADE_UP_BY_HAND
    return Floor(k, everyone, max(PART_LEAST, everyone), max(BY_LINK_LEAST, k))


def none_or_all(people: People, k: int) -> bool:
    """Returns whether the set of everyone who answered a round or a question is empty or large enough to show."""
    return _none_or_enough(people, floor(k), floor(k).everyone)


def none_or_part(people: People, k: int) -> bool:
    """Returns whether a part of a set is empty or large enough to show or to be left when shown sets are subtracted."""
    return _none_or_enough(people, floor(k), floor(k).part)


def _none_or_enough(people: People, least: Floor, by_hand: int) -> bool:
    if people.known:
        return people.account >= least.account or people.known >= by_hand
    return people.link == 0 or people.link >= least.link
