"""Searches for worlds: other ways in which people may have answered a statement, with the same releases.

A round is written as its people in the order in which they came, and as the number of them at each closing. Readers
know what came by the open link, and what they said themselves. One
statement is looked at; another one, which everybody rates, gives each sector group its column. The releases are
those of the code under test, so what a reader learns from a number that is held back is searched, too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product
from typing import Final

from engage.assessment.results.rules.closing import ClosedResponse, release
from engage.assessment.results.rules.people import People
from engage.assessment.results.rules.releases import OTHERS, IndicatorResult, Release
from engage.assessment.rules import DOES_NOT_APPLY, DONT_KNOW, Answer, Area, Indicator, WayIn

GROUPS: Final = ("a", "b", "c")
QUESTIONS: Final = (Area("area", (Indicator("this"), Indicator("rated_by_all"))),)
RATED: Final = Answer.rated(2)
# r or a level rated it, ? did not know, n said that it does not apply, - left it open.
SAID: Final = {
    "r": RATED,
    "?": DONT_KNOW,
    "n": DOES_NOT_APPLY,
    **{str(level): Answer.rated(level) for level in range(5)},
}
OPEN: Final = "n-"
# The same said in Spanish; everything else is said in English.
SPANISH: Final = {"R": "r", "Q": "?", "N": "n", "_": "-"}

Person = tuple[str | None, str]  # the sector group, and a key of SAID, of SPANISH, or "-"
Cell = tuple[int, str]


@dataclass(frozen=True)
class Round:
    people: tuple[Person, ...]
    closings: tuple[int, ...]
    k: int
    # These are the ways by which they came; all have an account if there are none.
    ways: tuple[WayIn, ...] = ()
    # These people, by place, are the readers' own, beside all who came by the open link.
    own: frozenset[int] = frozenset()

    @property
    def came(self) -> tuple[WayIn, ...]:
        return self.ways or (WayIn.ACCOUNT,) * len(self.people)

    @property
    def read(self) -> frozenset[int]:
        """Returns the places whose answers the readers know, because they gave them."""
        return self.own | {at for at, way in enumerate(self.came) if way is WayIn.LINK}

    @property
    def floor(self) -> int:
        """Returns how many others are never told apart: an account of a reader's own counts like any other."""
        return self.k - any(self.came[at] is WayIn.ACCOUNT for at in self.own)

    def releases(self) -> list[Release]:
        previous: list[Release] = []
        for size in self.closings:
            before = previous[-1] if previous else None
            people, ways = self.people[:size], self.came[:size]
            spoken = {
                language: People.of(
                    way
                    for (_group, said), way in zip(people, ways, strict=True)
                    if (said in SPANISH) is is_spanish
                )
                for language, is_spanish in (("en", False), ("es", True))
            }
            spoken = {language: each for language, each in spoken.items() if each.number}
            previous.append(release(QUESTIONS, _responses(people, ways), GROUPS, self.k, before, spoken))
        return previous

    def when(self, counted: People) -> int:
        """Returns how many had come when these people were counted: a line may stay as it was."""
        return next(size for size in self.closings if People.of(self.came[:size]) == counted)

    def told(self) -> str:
        """Returns everything that a reader of all releases is told. How many came from where, they know anyway."""
        return json.dumps([each.to_json() for each in self.releases()])

    def with_answers(self, changed: Mapping[int, str]) -> Round:
        people = tuple((group, changed.get(at, said)) for at, (group, said) in enumerate(self.people))
        return Round(people, self.closings, self.k, self.ways, self.own)


@lru_cache(maxsize=4096)
def _responses(people: tuple[Person, ...], ways: tuple[WayIn, ...]) -> list[ClosedResponse]:
    return [
        ClosedResponse(
            "s", group, {"rated_by_all": RATED} | ({"this": SAID[said]} if said != "-" else {}), way=way
        )
        for (group, said), way in zip(_in_english(people), ways, strict=True)
    ]


def _in_english(people: Sequence[Person]) -> list[Person]:
    return [(group, SPANISH.get(said, said)) for group, said in people]


def cells(round_: Round) -> dict[Cell, list[int]]:
    """Returns the people that a reader can tell apart: by the release that first counts them, and by its column.

    A line that counts the open link's answers alone tells nothing of the others.
    """
    found: dict[Cell, list[int]] = {}
    counted = 0
    for number, released in enumerate(round_.releases()):
        row = next(released.indicators, None)
        if row is None or not row.sets.people.known or (size := round_.when(row.sets.people)) <= counted:
            continue
        settled = set() if counted else _settled(_in_english(round_.people[:size]), released)
        for at in sorted(set(range(counted, size)) - round_.read):
            found.setdefault((number, _column(row, round_.people[at][0], settled)), []).append(at)
        counted = size
    return found


def _column(row: IndicatorResult, group: str | None, settled: set[str | None]) -> str:
    if group in settled:
        return f"settled {group}"
    return group if group is not None and group in row.groups else OTHERS


def _settled(people: Sequence[Person], released: Release) -> set[str | None]:
    """Returns the columns in which everyone said that it does not apply: an area's number shows that."""
    return {
        group
        for group in released.groups
        if group != OTHERS and all(said == "n" for its, said in people if its == group)
    }


@dataclass(frozen=True)
class Fault:
    """Fewer than k people of whom every world says the same."""

    round: Round
    cells: tuple[Cell, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Question:
    """What is searched: the people whom a reader can tell apart, and how many of some of them are of each kind."""

    cells: Callable[[Round], dict[Cell, list[int]]]
    split: Callable[[Sequence[Person]], tuple[int, ...]]

    def counts(self, round_: Round, members: Sequence[int]) -> tuple[int, ...]:
        return self.split([round_.people[at] for at in members])


def _unsure_and_open(people: Sequence[Person]) -> tuple[int, int]:
    said = [each for _group, each in _in_english(people)]
    return said.count("?"), sum(said.count(each) for each in OPEN)


def _by_language(people: Sequence[Person]) -> tuple[int, int]:
    spanish = sum(said in SPANISH for _group, said in people)
    return spanish, len(people) - spanish


def newcomers(round_: Round) -> dict[Cell, list[int]]:
    """Returns the people by the release that first counts them, and by their sector group, shown or not."""
    found: dict[Cell, list[int]] = {}
    counted = 0
    for number, released in enumerate(round_.releases()):
        size = round_.when(released.people) if released.people.known else 0
        for at in sorted(set(range(counted, size)) - round_.read):
            found.setdefault((number, round_.people[at][0] or OTHERS), []).append(at)
        counted = max(counted, size)
    return found


ANSWERS: Final = Question(cells, _unsure_and_open)
LANGUAGES: Final = Question(newcomers, _by_language)


def one_world(round_: Round, asked: Question = ANSWERS) -> Fault | None:
    """Returns the first cell, or two together, for which no other answers give the same releases."""
    found = asked.cells(round_)
    for size in (1, 2):
        for chosen in combinations(found, size):
            members = [at for cell in chosen for at in found[cell]]
            split = asked.counts(round_, members)
            few = [kind for kind, count in enumerate(split) if 0 < count < round_.floor]
            if few and not _have_others(round_, members, few, asked):
                return Fault(round_, chosen, split)
    return None


def _have_others(round_: Round, members: Sequence[int], kinds: Sequence[int], asked: Question) -> bool:
    """Returns whether each of these counts is another one in some world."""
    told, split, left = round_.told(), asked.counts(round_, members), set(kinds)
    for other in _others(round_, set(members)):
        counts = asked.counts(other, members)
        if any(counts[kind] != split[kind] for kind in left) and other.told() == told:
            left -= {kind for kind in left if counts[kind] != split[kind]}
        if not left:
            return True
    return False


def _others(round_: Round, inside: set[int]) -> Iterator[Round]:
    """Yields the rounds in which someone here changed places with someone elsewhere, or one answer alone is another."""
    outside = set(range(len(round_.people))) - round_.read - inside
    mine, rest = _kinds(round_, inside), _kinds(round_, outside)
    for (here, said), (there, other) in product(mine, rest):
        if said != other:
            yield round_.with_answers({here: other, there: said})
    for here, said in mine:
        for other in "?-rQ_R":
            if said != other:
                yield round_.with_answers({here: other})


def _kinds(round_: Round, members: set[int]) -> list[tuple[int, str]]:
    """Returns one person of each kind: it makes no difference which."""
    kinds: dict[tuple[Cell | None, str | None, str, WayIn], tuple[int, str]] = {}
    of = {at: cell for cell, people in cells(round_).items() for at in people}
    for at in sorted(members):
        group, said = round_.people[at]
        kinds.setdefault((of.get(at), group, said, round_.came[at]), (at, said))
    return list(kinds.values())


def every_round(
    sizes: Sequence[Sequence[tuple[str | None, int]]], k: int, kinds: str = "r?n"
) -> Iterator[Round]:
    """Yields all ways to answer, of people of these groups, in as many closings as there are lists of sizes."""
    closings = [sum(number for _group, number in part) for part in sizes]
    totals = tuple(sum(closings[: at + 1]) for at in range(len(closings)))
    places = [place for part in sizes for place in part]
    ways = [[(group, said) for said in ways_to_answer(number, kinds)] for group, number in places]
    for chosen in product(*ways):
        yield Round(tuple((group, each) for group, said in chosen for each in said), totals, k)


def ways_to_answer(number: int, kinds: str) -> list[str]:
    """Returns how so many people may answer, whoever of them says what."""
    first, *more = kinds
    if not more:
        return [first * number]
    return [first * n + rest for n in range(number, -1, -1) for rest in ways_to_answer(number - n, kinds[1:])]


def faults_among(rounds: Iterator[Round], asked: Question = ANSWERS) -> tuple[int, int, list[Fault]]:
    """Sorts rounds by what is told, and returns how many there were, how many tellings, and what those give away."""
    worlds: dict[tuple[object, ...], list[Round]] = {}
    count = 0
    for round_ in rounds:
        count += 1
        known = tuple(round_.people[at] for at in sorted(round_.read))
        worlds.setdefault((round_.told(), known), []).append(round_)
    return count, len(worlds), [fault for same in worlds.values() if (fault := _given_away(same, asked))]


def _given_away(same: Sequence[Round], asked: Question) -> Fault | None:
    first = same[0]
    found = asked.cells(first)
    for size in range(1, len(found) + 1):
        for chosen in combinations(found, size):
            members = [at for cell in chosen for at in found[cell]]
            splits = {asked.counts(round_, members) for round_ in same}
            for known in zip(*splits, strict=True):
                if len(set(known)) == 1 and 0 < known[0] < first.floor:
                    return Fault(first, chosen, asked.counts(first, members))
    return None
