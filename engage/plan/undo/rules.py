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
    # A row that it referred to is gone, such as its goal.
    PLACE_GONE = "place_gone"
    PLAN_CLOSED = "plan_closed"


# These fields follow from others, or a person would not look for them.
SILENT = frozenset({"version", "moved_at", "done_on"})


class Change(Struct, frozen=True):
    """A row before and after a step: its version after it, and the values of the fields that changed."""

    id: int
    version: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def difference(key: int, version: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> Change | None:
    """Returns the fields that differ; None if a person would see no difference."""
    fields = [name for name, value in before.items() if name != "version" and after[name] != value]
    if not set(fields) - SILENT:
        return None
    return Change(
        key, version, {name: before[name] for name in fields}, {name: after[name] for name in fields}
    )


def obstacle(change: Change, version: int | None, *, plan_is_open: bool) -> Obstacle | None:
    """Returns what prevents undoing a change; `version` is the row's current one, None if it is gone."""
    if version is None:
        return Obstacle.DELETED
    if not plan_is_open:
        return Obstacle.PLAN_CLOSED
    return None if version == change.version else Obstacle.CHANGED


def shown_fields(changes: Iterable[Change]) -> list[str]:
    """Returns the fields to show a person, each once, in the order in which they come."""
    return list(dict.fromkeys(name for each in changes for name in each.before if name not in SILENT))
