"""Rules for what can be undone, and when, on plain values."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct


class What(StrEnum):
    """The kinds of steps, as their copies record them."""

    MOVED = "moved"
    CHANGED = "changed"
    SEVERAL = "several"
    DELETED = "deleted"


class Obstacle(StrEnum):
    """The reasons why a row cannot be restored."""

    CHANGED = "changed"
    DELETED = "deleted"
    # Another row that this row refers to no longer exists, such as its goal.
    PLACE_GONE = "place_gone"
    PLAN_CLOSED = "plan_closed"


# The page of a step leaves these fields out: they follow from others, or say nothing to a person.
SILENT = frozenset({"version", "moved_at", "done_on"})


class UndoChange(Struct, frozen=True):
    """A row before and after a step: its version after it, and the values of the fields that changed."""

    id: int
    version: int
    before: Mapping[str, Any]
    after: Mapping[str, object]


def difference(
    key: int, version: int, before: Mapping[str, object], after: Mapping[str, object]
) -> UndoChange | None:
    """Returns the fields that differ; None if there is no difference that a person would see."""
    fields = [name for name, value in before.items() if name != "version" and after[name] != value]
    if not set(fields) - SILENT:
        return None
    return UndoChange(
        key, version, {name: before[name] for name in fields}, {name: after[name] for name in fields}
    )


def obstacle(change: UndoChange, version: int | None, *, plan_is_open: bool) -> Obstacle | None:
    """Returns what prevents undoing a change; `version` is the row's current one, None if it is gone."""
    if version is None:
        return Obstacle.DELETED
    if not plan_is_open:
        return Obstacle.PLAN_CLOSED
    return None if version == change.version else Obstacle.CHANGED


def shown_fields(changes: Iterable[UndoChange]) -> list[str]:
    """Returns the fields to show a person, each once, in the order in which they come."""
    return list(dict.fromkeys(name for each in changes for name in each.before if name not in SILENT))
