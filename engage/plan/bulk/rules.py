"""Computes what one change does to each of several actions, by the same rules as for a single action."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from engage.plan.rules import ActionStatus, DueBeforeStart, Reason, check_dates, reason_needed

# At most this many can be changed at once, because a person should read them all first.
MOST = 500
# These columns can change in several actions at once; the objective is cleared when an action leaves its goal.
NOTED = ("status", "owner_id", "due_on", "goal_id", "objective_id")


class BulkChange(Struct, frozen=True):
    """The new values by column (status, owner_id, due_on, goal_id).

    Other columns stay as they are. `reason` is the answer that some moves ask for.
    """

    values: Mapping[str, Any]
    reason: str = ""


class Effect(Struct, frozen=True):
    """The change of one `action`: new values by column, only where they differ.

    `asks` is an unanswered question of the change. `is_before_start` means it would be due before its start.
    """

    action: Any
    changes: Mapping[str, Any]
    asks: Reason | None = None
    is_before_start: bool = False

    @property
    def objective_goes(self) -> bool:
        """Returns whether the action loses its objective, which belongs to the goal that the action leaves."""
        return "objective_id" in self.changes


def effect(action: Any, wanted: BulkChange, today: date) -> Effect:
    """Computes the change of one action, given as columns by name.

    An action that already has the wanted status keeps its reason.
    """
    values = wanted.values
    changes: dict[str, Any] = {}
    asks = None
    to = values.get("status")
    if to is not None and to is not action.status:
        needed = reason_needed(action.status, to)
        asks = needed if needed is not None and not wanted.reason.strip() else None
        changes |= _differing(action, _moved(to, wanted.reason if needed is not None else "", today))
    changes |= _differing(action, {name: values[name] for name in ("owner_id", "due_on") if name in values})
    if "goal_id" in values and values["goal_id"] != action.goal_id:
        changes |= _differing(action, {"goal_id": values["goal_id"], "objective_id": None})
    return Effect(action, changes, asks, "due_on" in changes and _before_start(action, changes["due_on"]))


def _moved(to: ActionStatus, reason: str, today: date) -> dict[str, object]:
    return {"status": to, "reason": reason, "done_on": today if to is ActionStatus.DONE else None}


def _differing(action: object, values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value != getattr(action, name)}


def _before_start(action: Any, due: date | None) -> bool:
    try:
        check_dates(action.start_on, due)
    except DueBeforeStart:
        return True
    return False


class Effects(Struct, frozen=True):
    """The effects on all chosen actions, in their order."""

    all: tuple[Effect, ...]

    @classmethod
    def of(cls, actions: Iterable[object], wanted: BulkChange, today: date) -> "Effects":
        return cls(tuple(effect(action, wanted, today) for action in actions))

    @property
    def changing(self) -> list[Effect]:
        return [each for each in self.all if each.changes]

    @property
    def staying(self) -> list[Effect]:
        """Returns the effects under which an action stays as it is."""
        return [each for each in self.all if not each.changes]

    @property
    def asking(self) -> list[Effect]:
        return [each for each in self.all if each.asks is not None]

    @property
    def before_start(self) -> list[Effect]:
        return [each for each in self.all if each.is_before_start]
