"""How far an offer came: nobody asked yet, a need is tied to it, an action came of it, it was used. Derived."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engage.strengths.rules import MatchState


class Stage(StrEnum):
    """In this order: a later one says more."""

    NONE = "none"
    DECLINED = "declined"
    TIED = "tied"
    ASKED = "asked"
    AGREED = "agreed"
    ACTION = "action"
    DONE = "done"


_ORDER = list(Stage)


@dataclass(frozen=True, slots=True)
class Fact:
    """A match of the offer, by its days; of an action that came of it, its number and days."""

    state: MatchState
    tied_on: date
    asked_on: date | None = None
    action: int | None = None
    action_since: date | None = None
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """Where it stands and since when; `action` by its number where one came of it."""

    stage: Stage
    since: date | None = None
    action: int | None = None


def use_of(facts: Iterable[Fact]) -> Use:
    """The furthest of its matches; of two equally far the earlier: from then on it was so. An action that is no
    longer needed is none (leave it out of the facts)."""
    found = [_use(fact) for fact in facts]
    return min(found, key=_furthest, default=Use(Stage.NONE))


def _use(fact: Fact) -> Use:
    if fact.done_on is not None:
        return Use(Stage.DONE, fact.done_on, fact.action)
    if fact.action is not None:
        return Use(Stage.ACTION, fact.action_since, fact.action)
    asked = fact.asked_on or fact.tied_on
    match fact.state:
        case MatchState.TO_ASK:
            return Use(Stage.TIED, fact.tied_on)
        case MatchState.ASKED:
            return Use(Stage.ASKED, asked)
        case MatchState.AGREED:
            return Use(Stage.AGREED, asked)
        case MatchState.DECLINED:
            return Use(Stage.DECLINED, asked)


def _furthest(use: Use) -> tuple[int, date]:
    return -_ORDER.index(use.stage), use.since or date.max
