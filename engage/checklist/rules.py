"""States, the tick, counts and proof of the Tips for Success."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from engage.addresses import is_page_of, is_web_address


class ItemState(StrEnum):
    NOT_YET = "not_yet"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    NOT_FOR_US = "not_for_us"


MOVES: dict[ItemState, frozenset[ItemState]] = {state: frozenset(ItemState) - {state} for state in ItemState}


class NotForUsIsNotTicked(ValueError):
    """An item that is not for us has no box to tick; its state is chosen first."""


def ticked(state: ItemState, before: ItemState | None) -> ItemState:
    """The state after one press on the box; `before` is the state that the last tick left.

    Unticking goes back to work that counts: where the item was not for us, or nothing is known, to not yet.
    The box would otherwise vanish under the finger that unticked it.

    Raises NotForUsIsNotTicked.
    """
    if state is ItemState.NOT_FOR_US:
        raise NotForUsIsNotTicked
    if state is not ItemState.DONE:
        return ItemState.DONE
    return ItemState.IN_PROGRESS if before is ItemState.IN_PROGRESS else ItemState.NOT_YET


def before_done(old: ItemState, new: ItemState, before: ItemState | None) -> ItemState | None:
    """What to remember as `before` when an item moves from `old` to `new`, by the box or by choice."""
    if new is not ItemState.DONE:
        return None
    return before if old is ItemState.DONE else old


@dataclass(frozen=True)
class Progress:
    """`done` of `total`; what is not for us is counted apart."""

    done: int
    total: int
    not_for_us: int

    @property
    def percent(self) -> int:
        """0 to 100, rounded down, so that 100 means all of them; 0 where there is nothing to do."""
        return self.done * 100 // self.total if self.total else 0


def progress(states: Iterable[ItemState]) -> Progress:
    done = total = not_for_us = 0
    for state in states:
        if state is ItemState.NOT_FOR_US:
            not_for_us += 1
        else:
            total += 1
            done += state is ItemState.DONE
    return Progress(done, total, not_for_us)


def is_proof(address: str, coalition_slug: str) -> bool:
    """May a link to this address be shown as proof: an http(s) address, or a page of this coalition?"""
    return is_web_address(address) or is_page_of(address, coalition_slug)
