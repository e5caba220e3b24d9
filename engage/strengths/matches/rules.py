"""Finds which strengths could meet which needs, and why."""

from collections.abc import Collection, Iterable
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

# A question may name advisers with lived experience, but no strength is ever suggested for that reason.
NEVER_A_REASON = frozenset({"lived_experience"})


class ReasonKind(StrEnum):
    """The reasons why a strength could meet a need."""

    INDICATOR = "indicator"
    DISCIPLINE = "discipline"
    AREA = "area"


# A common question weighs most, because an area contains many questions.
WEIGHTS = {ReasonKind.INDICATOR: 4, ReasonKind.DISCIPLINE: 3, ReasonKind.AREA: 2}


class MatchWanted(Struct, frozen=True):
    """A need in the form that matching uses. `ask` are the disciplines that its indicator names."""

    id: int
    area: str = ""
    indicator: str = ""
    ask: frozenset[str] = frozenset()


class Offered(Struct, frozen=True):
    """A strength that can be asked for: what matching compares, and the words that pages show.

    `disciplines` are those of the giver, or of the organization's people; `who` names the giver.
    """

    id: int
    areas: frozenset[str] = frozenset()
    indicator: str = ""
    disciplines: frozenset[str] = frozenset()
    is_used: bool = False
    title: str = ""
    who: str = ""
    limits: str = ""


# Reasons are tuples, because 300 needs and 300 strengths may give thirty thousand of them.
class Reason(NamedTuple):
    """A reason; `key` is the indicator's, the discipline's or the area's."""

    kind: ReasonKind
    key: str


class Suggestion(NamedTuple):
    """A need and a strength that could be matched, the strongest reason first."""

    need_id: int
    strength_id: int
    reasons: tuple[Reason, ...]
    weight: int
    is_used: bool


# The result is cached, because the same few reasons apply to every strength.
@lru_cache(maxsize=4000)
def _why(indicator: str, discipline: str, area: str) -> tuple[tuple[Reason, ...], int]:
    """Returns the reasons, and their total weight."""
    keys = {ReasonKind.INDICATOR: indicator, ReasonKind.DISCIPLINE: discipline, ReasonKind.AREA: area}
    found = tuple(Reason(kind, key) for kind, key in keys.items() if key)
    return found, sum(WEIGHTS[reason.kind] for reason in found)


def _compared(need: MatchWanted, strength: Offered) -> tuple[tuple[Reason, ...], int]:
    discipline = ""
    if not need.ask.isdisjoint(strength.disciplines):
        discipline = min((need.ask & strength.disciplines) - NEVER_A_REASON, default="")
    return _why(
        need.indicator if need.indicator == strength.indicator else "",
        discipline,
        need.area if need.area in strength.areas else "",
    )


def reasons(need: MatchWanted, strength: Offered) -> tuple[Reason, ...]:
    """Returns why this strength could meet this need, at most one reason of each kind; empty if it could not."""
    return _compared(need, strength)[0]


def strengths_for(
    need: MatchWanted, strengths: Iterable[Offered], matched: Collection[tuple[int, int]] = ()
) -> list[Suggestion]:
    """Returns strengths that could meet the need, by weight; among equals, unused ones first, then older ones.

    `matched` are the (need, strength) pairs that are already matched or were declined.
    """
    found = _suggestions(((need, strength) for strength in strengths), matched)
    return sorted(found, key=lambda each: (-each.weight, each.is_used, each.strength_id))


def needs_for(
    strength: Offered, needs: Iterable[MatchWanted], matched: Collection[tuple[int, int]] = ()
) -> list[Suggestion]:
    """Returns the needs that the strength could meet, by weight; equals stay in the given order."""
    found = _suggestions(((need, strength) for need in needs), matched)
    return sorted(found, key=lambda each: -each.weight)


def _suggestions(
    pairs: Iterable[tuple[MatchWanted, Offered]], matched: Collection[tuple[int, int]]
) -> list[Suggestion]:
    found = []
    for need, strength in pairs:
        why, weight = _compared(need, strength)
        if weight and (need.id, strength.id) not in matched:
            found.append(Suggestion(need.id, strength.id, why, weight, strength.is_used))
    return found
