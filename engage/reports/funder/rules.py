"""Defines the sections of the funder report and the orders in which funders want them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct

from engage.plan.activities.rules import Audience
from engage.plan.measures.rules import FEWEST_SHOWN


class Part(StrEnum):
    """The sections, in their usual order."""

    FIGURES = "figures"
    BEFORE = "before"
    ONCE = "once"
    MEETINGS = "meetings"
    ATTENDANCE = "attendance"
    PEOPLE = "people"
    PARTNERSHIPS = "partnerships"
    AGREEMENTS = "agreements"
    ACTIVITIES = "activities"
    AUDIENCES = "audiences"
    PLACES = "places"
    ACTIONS = "actions"
    MEASURES = "measures"
    CHANGES = "changes"


class Layout(StrEnum):
    """The layouts: the coalition's own order, else every section."""

    OWN = "own"
    FEDERAL = "federal"
    STATE = "state"


# Federal grants for this work ask for these sections twice a year: partnerships by type, training by
# audience.
FEDERAL = (
    Part.FIGURES,
    Part.BEFORE,
    Part.ONCE,
    Part.PARTNERSHIPS,
    Part.AGREEMENTS,
    Part.AUDIENCES,
    Part.ACTIVITIES,
    Part.PLACES,
    Part.MEASURES,
    Part.CHANGES,
)
# A state asks for these sections each quarter: who met, which actions were done, where activities were held.
STATE = (
    Part.FIGURES,
    Part.BEFORE,
    Part.MEETINGS,
    Part.ATTENDANCE,
    Part.ONCE,
    Part.ACTIONS,
    Part.ACTIVITIES,
    Part.PLACES,
    Part.AGREEMENTS,
    Part.PEOPLE,
)


def parts_of(layout: Layout, own: Iterable[str]) -> list[Part]:
    """Returns the sections of a layout in order; an own order without any known section means all."""
    match layout:
        case Layout.FEDERAL:
            return list(FEDERAL)
        case Layout.STATE:
            return list(STATE)
    known = [Part(each) for each in dict.fromkeys(own) if each in set(Part)]
    return known or list(Part)


def ordered(places: Iterable[tuple[Part, int]]) -> list[Part]:
    """Returns sections by the position that a person gave each; those without one (0) are left out."""
    numbered = [(place, part) for part, place in places if place]
    return [part for _place, part in sorted(numbered, key=lambda each: each[0])]


# A shorter text may be part of another text by chance, so only texts of this length are searched for within
# others.
SHORTEST_WITHIN = 12


def forgotten(value: object, texts: Collection[str], word: str) -> Any:
    """Returns the JSON value with `word` in place of these texts, also where a long one is part of one."""
    if isinstance(value, Mapping):
        return {key: forgotten(each, texts, word) for key, each in value.items()}
    if isinstance(value, list):
        return [forgotten(each, texts, word) for each in value]
    if not isinstance(value, str):
        return value
    if value in texts:
        return word
    for text in sorted(texts, key=len, reverse=True):
        if len(text) >= SHORTEST_WITHIN:
            value = value.replace(text, word)
    return value


# -- adding up activities


class Sum(Struct, frozen=True):
    """Activities added up; a missing count adds nothing.

    `handed_out` counts people reached by activities that are large enough to be published, so the difference
    between two such sums is no one or a group that is large enough.
    """

    activities: int = 0
    reached: int = 0
    handed_out: int = 0
    hours: float = 0
    materials: int = 0

    @classmethod
    def of(cls, reached: int | None, hours: float = 0, materials: int = 0) -> "Sum":
        """Returns the sum for a single activity."""
        people = reached or 0
        return cls(1, people, people if people >= FEWEST_SHOWN else 0, hours, materials)

    @classmethod
    def together(cls, parts: Iterable["Sum"]) -> "Sum":
        found = list(parts)
        return cls(
            sum(each.activities for each in found),
            sum(each.reached for each in found),
            sum(each.handed_out for each in found),
            round(sum(each.hours for each in found), 2),
            sum(each.materials for each in found),
        )


def told_apart(reached: int | None, audiences: Sequence[Audience]) -> list[tuple[str, Sum]]:
    """Returns an activity's people by audience (a key; "" for none).

    If there is only one, it gets all of them. If one of several parts is too small to be published, no part
    is, because the total minus the others would reveal it.
    """
    if not audiences:
        return [("", Sum.of(reached))]
    if len(audiences) == 1 and audiences[0].people is None:
        return [(audiences[0].discipline, Sum.of(reached))]
    counted = [each.people or 0 for each in audiences]
    rest = max((reached or 0) - sum(counted), 0)
    is_told = all(not people or people >= FEWEST_SHOWN for people in (*counted, rest))
    return [
        (each.discipline, Sum(1, people, people if is_told else 0))
        for each, people in zip(audiences, counted, strict=True)
    ]
