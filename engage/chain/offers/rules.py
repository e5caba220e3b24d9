"""Computes how far an offer got: not asked for yet, matched with a need, turned into an action, used."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from msgspec import Struct

from engage.strengths.rules import MatchState


class OfferStage(StrEnum):
    """The stages of an offer in order; a later stage implies the earlier ones."""

    NONE = "none"
    DECLINED = "declined"
    MATCHED = "matched"
    ASKED = "asked"
    AGREED = "agreed"
    ACTION = "action"
    DONE = "done"


_ORDER = list(OfferStage)


class OfferFact(Struct, frozen=True):
    """A match of the offer with its dates, and the number and dates of an action made from it."""

    state: MatchState
    matched_on: date
    asked_on: date | None = None
    action: int | None = None
    action_since: date | None = None
    done_on: date | None = None
    is_done: bool = False


class Use(Struct, frozen=True):
    """The stage of an offer and its date; `action` is the number of the action made from it, if any."""

    stage: OfferStage
    since: date | None = None
    action: int | None = None


def use_of(facts: Iterable[OfferFact]) -> Use:
    """Returns the stage of the match that got furthest; of two equal ones, the one that got there first.

    Leave actions that are no longer needed out of the facts.
    """
    found = [_use(fact) for fact in facts]
    return min(found, key=_furthest, default=Use(OfferStage.NONE))


def _use(fact: OfferFact) -> Use:
    if fact.is_done or fact.done_on is not None:
        # The day it was done may be unknown for an imported action.
        return Use(OfferStage.DONE, fact.done_on or fact.action_since, fact.action)
    if fact.action is not None:
        return Use(OfferStage.ACTION, fact.action_since, fact.action)
    asked = fact.asked_on or fact.matched_on
    match fact.state:
        case MatchState.TO_ASK:
            return Use(OfferStage.MATCHED, fact.matched_on)
        case MatchState.ASKED:
            return Use(OfferStage.ASKED, asked)
        case MatchState.AGREED:
            return Use(OfferStage.AGREED, asked)
        case MatchState.DECLINED:
            return Use(OfferStage.DECLINED, asked)


def _furthest(use: Use) -> tuple[int, date]:
    return -_ORDER.index(use.stage), use.since or date.max
