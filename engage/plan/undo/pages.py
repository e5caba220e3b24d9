"""Builds a step's page: what undoing would restore in each row, its current values, and what prevents it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import url_for
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.trash import kinds
from engage.coalitions.trash.kinds import LastStep
from engage.content.loader import content
from engage.dates import long_day
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.partners.models import Organization
from engage.plan import action_history, labels, queries
from engage.plan.models import Action, Goal, Objective
from engage.plan.rules import ActionStatus
from engage.plan.undo.rules import Obstacle, What, shown_fields
from engage.plan.undo.service import steps
from engage.plan.undo.service.steps import HELPERS, NEEDS, FoundStep, Taken, UndoStep
from engage.strengths.models import Need

# The page lists at most this many rows, because no one would read more; the counts include all of them.
SHOWN = 100

_LABELS = {
    "title": _l("What"),
    "status": _l("Status"),
    "reason": _l("What help is needed, or why"),
    "owner_id": _l("Owner"),
    HELPERS: _l("Helpers"),
    "organization_id": _l("Partner organization"),
    "start_on": _l("Start"),
    "due_on": _l("By when"),
    "plan_id": _l("Plan"),
    "goal_id": _l("Goal"),
    "objective_id": _l("Objective"),
    "need_id": _l("Need it answers"),
    NEEDS: _l("Needs it answers"),
    "details": _l("Details"),
    "resources_had": _l("Resources you have"),
    "resources_needed": _l("Resources you need"),
    "barriers": _l("Barriers"),
    "inform": _l("People to inform"),
    "why": _l("Why"),
    "area": _l("Focus area"),
    "measure": _l("Measure of success"),
}
_OBSTACLES = {
    Obstacle.CHANGED: _l("Someone has changed it since then."),
    Obstacle.DELETED: _l("It has since been deleted. If it is in the trash, restore it first."),
    Obstacle.PLACE_GONE: _l("The item it was linked to was deleted."),
    Obstacle.PLAN_CLOSED: _l("Its plan is closed."),
}
_DONE = {
    What.MOVED: _l("Moved"),
    What.CHANGED: _l("Edited"),
    What.SEVERAL: _l("Several changed at once"),
}


class FieldLine(Struct, frozen=True):
    """A field's value that undo would restore, and its current value; None if the row no longer exists."""

    label: str
    before: str
    now: str | None


class RowLine(Struct, frozen=True):
    """A row of the step; `obstacle` is empty if it can be undone."""

    title: str
    obstacle: str
    fields: list[FieldLine]


class StepPage(Struct, frozen=True):
    """The page of a step; `more` is the number of rows not shown."""

    what: str
    free: int
    blocked: int
    lines: list[RowLine]
    more: int


def page_of(step: UndoStep) -> StepPage:
    """Builds the page; rows that cannot be undone come first."""
    found = [*step.blocked, *step.free]
    shown = found[:SHOWN]
    names = _Names(step.copy.coalition_id, shown)
    return StepPage(
        what=what_words(step.copy.what),
        free=len(step.free),
        blocked=len(step.blocked),
        lines=[_line(each, names, step.copy.number) for each in shown],
        more=len(found) - len(shown),
    )


def what_words(what: str) -> str:
    """Says in a few words what was done."""
    return str(_DONE.get(What(what), "")) if what in set(What) else ""


def taken_words(taken: Taken) -> str:
    """Says that a step was undone."""
    first = taken.rows[0]
    if len(taken.rows) > 1:
        said = ngettext("%(num)s change is undone.", "%(num)s changes are undone.", len(taken.rows))
    elif isinstance(first, Action):
        said = _("Action %(number)s is restored to what it was before.", number=first.number)
    else:
        said = _("It is restored to what it was before.")
    if taken.left:
        said += " " + ngettext("%(num)s stays as it is.", "%(num)s stay as they are.", taken.left)
    for name in dict.fromkeys(taken.without):
        said += " " + _("%(name)s has left: no one leads it now.", name=name)
    return said


def _line(found: FoundStep, names: "_Names", number: int | None) -> RowLine:
    now = _now(found) if found.row is not None else {}
    fields = [
        FieldLine(
            str(_LABELS.get(name, name)),
            names.text(name, found.change.before[name]),
            names.text(name, now.get(name)) if found.row is not None else None,
        )
        for name in shown_fields([found.change])
    ]
    return RowLine(
        _title(found, number), str(_OBSTACLES[found.obstacle]) if found.obstacle is not None else "", fields
    )


def _title(found: FoundStep, number: int | None) -> str:
    row = found.row
    if row is None:
        # The step stores an action's number.
        return _("Action %(number)s", number=number) if number is not None else _("Deleted")
    return f"{row.number}. {row.title}" if isinstance(row, Action) else row.title


def _now(found: FoundStep) -> dict[str, Any]:
    row = found.row
    now = {name: getattr(row, name) for name in found.change.before if name not in (HELPERS, NEEDS)}
    if HELPERS in found.change.before and isinstance(row, Action):
        now[HELPERS] = sorted(key for key, _name in action_history.helpers_of(row))
    if NEEDS in found.change.before and isinstance(row, Goal):
        now[NEEDS] = sorted(queries.needs_of_goal(row))
    return now


_NAMED: dict[str, object] = {
    "owner_id": Membership,
    HELPERS: Membership,
    "organization_id": Organization,
    "goal_id": Goal,
    "objective_id": Objective,
    "need_id": Need,
    NEEDS: Need,
}


class _Names:
    """Looks up the names for the ids in several rows, all together."""

    def __init__(self, coalition_id: int, found: Iterable[FoundStep]) -> None:
        asked: dict[object, set[int]] = {}
        for each in found:
            now = _now(each) if each.row is not None else {}
            for values in (each.change.before, now):
                for name, value in values.items():
                    if name in _NAMED and value is not None:
                        asked.setdefault(_NAMED[name], set()).update(
                            value if isinstance(value, list) else [value]
                        )
        self._names = {model: self._named(coalition_id, model, ids) for model, ids in asked.items()}

    @staticmethod
    def _named(coalition_id: int, model: Any, ids: set[int]) -> dict[int, str]:
        label = model.name if hasattr(model, "name") else model.title
        rows = sa.select(model.id, label).where(model.coalition_id == coalition_id, model.id.in_(ids))
        return dict(db.session.execute(rows).all())

    def text(self, name: str, value: Any) -> str:
        """Returns a field's value as a person reads it."""
        if name in _NAMED:
            ids = value if isinstance(value, list) else [value] if value is not None else []
            known = self._names.get(_NAMED[name], {})
            return ", ".join(known.get(key, _("gone")) for key in ids)
        if isinstance(value, ActionStatus):
            return str(labels.STATUS_LABELS[value])
        if isinstance(value, date):
            return long_day(value)
        if name == "area" and value:
            return next((area.name for area in content().areas if area.key == value), value)
        return str(value or "")


def _last(membership: Membership) -> LastStep | None:
    """Returns this person's latest change that they can undo."""
    copy = steps.last_step(membership)
    if copy is None:
        return None
    what, url = what_words(copy.what), url_for("plan.undo", copy_id=copy.id)
    if copy.number:
        what = _("Action %(number)s: %(what)s", number=copy.number, what=what)
    return LastStep(what, copy.made_at, url)


kinds.register_steps(_last)
