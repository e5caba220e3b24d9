"""Rules of the Tips for Success: states, the checkbox, counts and proof."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


class ItemState(StrEnum):
    NOT_YET = "not_yet"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    NOT_FOR_US = "not_for_us"


MOVES: dict[ItemState, frozenset[ItemState]] = {state: frozenset(ItemState) - {state} for state in ItemState}


class NotForUsIsNotTicked(ValueError):
    """The item is marked as not for us, so it has no checkbox until another state is chosen."""


def ticked(state: ItemState, before: ItemState | None) -> ItemState:
    """Returns the state after one press on the checkbox; `before` is the state before it was ticked.

    Unticking goes back to a state that has a checkbox: to "not yet" if the item was "not for us" or the
    earlier state is unknown, because otherwise the checkbox would vanish while in use. Raises
    NotForUsIsNotTicked.
    """
    if state is ItemState.NOT_FOR_US:
        raise NotForUsIsNotTicked
    if state is not ItemState.DONE:
        return ItemState.DONE
    return ItemState.IN_PROGRESS if before is ItemState.IN_PROGRESS else ItemState.NOT_YET


def before_done(old: ItemState, new: ItemState, before: ItemState | None) -> ItemState | None:
    """Returns what to store as the state before done when an item changes from `old` to `new` in any way."""
    if new is not ItemState.DONE:
        return None
    return before if old is ItemState.DONE else old


class ChecklistProgress(Struct, frozen=True):
    """Progress: `done` of `total` items; items that are not for us are counted separately."""

    done: int
    total: int
    not_for_us: int

    @property
    def percent(self) -> int:
        """Returns 0 to 100, rounded down, so that 100 means all; 0 if there are no items."""
        return self.done * 100 // self.total if self.total else 0


def progress(states: Iterable[ItemState]) -> ChecklistProgress:
    done = total = not_for_us = 0
    for state in states:
        if state is ItemState.NOT_FOR_US:
            not_for_us += 1
        else:
            total += 1
            done += state is ItemState.DONE
    return ChecklistProgress(done, total, not_for_us)
