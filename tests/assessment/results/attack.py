"""Attacks rounds: someone writes every answer by the open link and two by slip or sheet, and may own an account.

A setting says who answers honestly, and what the attacker writes, where, and at which closing. All ways in which
the honest people may answer are tried. Each of them must be able to change places with enough others without
anyone noticing, or must have been left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final

from msgspec import Struct

from engage.assessment.rules import WayIn
from tests.assessment.results.possible_answers import Round, ways_to_answer

# How the honest people of one place answered: their answers in order.
World = tuple[str, ...]
ACCOUNT, LINK, SLIPS = WayIn.ACCOUNT, WayIn.LINK, WayIn.SLIPS


class Place(Struct, frozen=True):
    """Honest people who cannot be told apart before they answer."""

    closing: int
    group: str | None
    way: WayIn
    number: int


class Written(Struct, frozen=True):
    """What the attacker writes: one answer for each letter."""

    closing: int
    group: str | None
    way: WayIn
    said: str


class Setting(Struct, frozen=True):
    honest: Sequence[Place]
    attack: Sequence[Written]
    k: int = 3

    @property
    def floor(self) -> int:
        return self.k - any(each.way is ACCOUNT for each in self.attack)

    def played(self, world: World) -> Round:
        people, ways, own, closings = [], [], set(), []
        for closing in sorted({each.closing for each in (*self.honest, *self.attack)}):
            for written in self.attack:
                if written.closing == closing:
                    own |= set(range(len(people), len(people) + len(written.said)))
                    people += [(written.group, said) for said in written.said]
                    ways += [written.way] * len(written.said)
            for place, answers in zip(self.honest, world, strict=True):
                if place.closing == closing:
                    people += [(place.group, said) for said in answers]
                    ways += [place.way] * place.number
            closings.append(len(people))
        return Round(tuple(people), tuple(closings), self.k, tuple(ways), frozenset(own))

    def worlds(self, kinds: str) -> Iterator[World]:
        return product(*(ways_to_answer(place.number, kinds) for place in self.honest))


class Found(Struct, frozen=True):
    """How many worlds were tried, how many of them differ for a reader, and those that give someone away."""

    worlds: int
    tellings: int
    exposed: Sequence[tuple[World, int, str]]


def search(setting: Setting, kinds: str) -> Found:
    told = {world: setting.played(world).told() for world in setting.worlds(kinds)}
    exposed = [
        (world, place, said)
        for world in told
        for place, answers in enumerate(world)
        for said in sorted(set(answers))
        if not _is_hidden(told, world, place, said, setting.floor, kinds)
    ]
    return Found(len(told), len(set(told.values())), exposed)


def _is_hidden(
    told: Mapping[World, str], world: World, place: int, said: str, floor: int, kinds: str
) -> bool:
    """Returns whether someone who said this may have been someone else, or was left out."""
    partners = len(world[place])
    for other, answers in enumerate(world):
        for theirs in set(answers):
            if other != place and (
                theirs == said
                or told[_exchanged(world, {place: (said, theirs), other: (theirs, said)})] == told[world]
            ):
                partners += answers.count(theirs)
    return partners >= floor or all(
        told[_exchanged(world, {place: (said, another)})] == told[world] for another in kinds
    )


def _exchanged(world: World, changes: Mapping[int, tuple[str, str]]) -> World:
    """Returns the world with one answer of each of these places replaced; worlds are written in one order."""
    changed = list(world)
    for place, (old, new) in changes.items():
        changed[place] = "".join(sorted(changed[place].replace(old, new, 1), key=ORDER.index))
    return tuple(changed)


ORDER: Final = "04123?n-"


def attacks(
    targets: Sequence[str | None], links: Sequence[str], *, closings: Sequence[int] = (0,)
) -> Iterator[tuple[Written, ...]]:
    """Yields what an attacker may write: by the link, with two slips, and with an account of their own, or without."""
    for target, closing, link in product(targets, closings, links):
        for slips, own in product((None, target, "elsewhere"), (None, target, "elsewhere")):
            written = [Written(closing, target, LINK, link)] if link else []
            if slips:
                written.append(Written(closing, target if slips == target else None, SLIPS, "04"))
            if own:
                written.append(Written(0, target if own == target else None, ACCOUNT, "0"))
            yield tuple(written)
