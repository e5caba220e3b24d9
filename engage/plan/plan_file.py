"""A plan as a table: a row an action, and a row for each goal and objective that has none. Read in again, it
changes nothing."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from engage.content.loader import content
from engage.imports.cells import in_one_cell
from engage.plan.models import Plan
from engage.plan.rules import ActionStatus
from engage.plan.whole import Whole
from engage.plan.words import STATUS_WORDS
from engage.xlsx_files import xlsx_bytes

Cell = str | int | date | None

PARTED_BY = ";|"
# The names of the columns, alike in every language.
_OF_ACTION = (
    "action",
    "status",
    "owner",
    "partner",
    "start",
    "due",
    "note",
    "reason",
    "done",
    "helpers",
    "resources_had",
    "resources_needed",
    "barriers",
    "inform",
    "need",
)
# What a goal and an objective say of themselves stands in the first of their rows.
_OF_GOAL = ("focus_area", "goal_why", "goal_needs")
_OF_OBJECTIVE = ("objective_measure", "objective_due")
_WIDTHS = {
    "ref": 6,
    "goal": 30,
    "objective": 30,
    "action": 45,
    "status": 16,
    "owner": 18,
    "partner": 20,
    **dict.fromkeys(("note", "reason", "goal_why"), 40),
    **dict.fromkeys(("resources_had", "resources_needed", "barriers", "inform"), 30),
    **dict.fromkeys(("helpers", "need", "focus_area", "goal_needs", "objective_measure"), 24),
    "objective_due": 14,
}
HEAD = ("ref", "goal", "objective", *_OF_ACTION, *_OF_GOAL, *_OF_OBJECTIVE)


def workbook(plan: Plan, whole: Whole) -> bytes:
    """The same as a workbook, with widths to read it by."""
    return xlsx_bytes(plan.title, HEAD, rows_of(whole), _WIDTHS)


def rows_of(whole: Whole) -> Iterator[tuple[Cell, ...]]:
    """A cell for each name of HEAD, in the order of the plan's page."""
    own: dict[tuple[int | None, int | None], list[Any]] = defaultdict(list)
    for action in whole.actions:
        own[action.goal_id, action.objective_id].append(action)
    objectives: dict[int, list[Any]] = defaultdict(list)
    for each in whole.objectives:
        objectives[each.goal_id].append(each)
    cells = _Cells(whole)
    for goal in whole.goals:
        about_goal = cells.of_goal(goal)
        for objective in objectives[goal.id]:
            about = (*about_goal, objective.measure, objective.due_on)
            yield from cells.rows(goal.title, objective.title, own[goal.id, objective.id], about)
            about_goal = (None,) * len(_OF_GOAL)
        if own[goal.id, None] or not objectives[goal.id]:
            about = (*about_goal, *_nothing(_OF_OBJECTIVE))
            yield from cells.rows(goal.title, None, own[goal.id, None], about)
    if own[None, None]:
        yield from cells.rows(None, None, own[None, None], _nothing(_OF_GOAL + _OF_OBJECTIVE))


def _nothing(columns: tuple[str, ...]) -> tuple[None, ...]:
    return (None,) * len(columns)


class _Cells:
    """Makes the cells of rows; every word that rows share is asked for once."""

    def __init__(self, whole: Whole) -> None:
        self._whole = whole
        self._statuses = {status: str(STATUS_WORDS[status]) for status in ActionStatus}
        self._areas = {area.key: area.name for area in content().areas}
        self._people = {key: in_one_cell([name], PARTED_BY) for key, name in whole.people.items()}
        self._needs = {key: f"{number}. {title}" for key, (number, title) in whole.needs.items()}

    def rows(
        self, goal: str | None, objective: str | None, actions: list[Any], about: tuple[Cell, ...]
    ) -> Iterator[tuple[Cell, ...]]:
        if not actions:
            yield (None, goal, objective, *_nothing(_OF_ACTION), *about)
        for action in actions:
            yield (action.number, goal, objective, *self._of_action(action), *about)
            about = (None,) * len(about)

    def _of_action(self, action: Any) -> tuple[Cell, ...]:
        whole = self._whole
        return (
            action.title,
            self._statuses[action.status],
            self._people.get(action.owner_id),
            whole.organizations.get(action.organization_id),
            action.start_on,
            action.due_on,
            action.details,
            action.reason,
            action.done_on,
            "; ".join(self._people[key] for key in whole.helpers.get(action.id, ())),
            action.resources_had,
            action.resources_needed,
            action.barriers,
            action.inform,
            self._needs.get(action.need_id),
        )

    def of_goal(self, goal: Any) -> tuple[Cell, ...]:
        needs = [self._needs[key] for key in self._whole.goal_needs.get(goal.id, ())]
        return self._areas.get(goal.area, goal.area), goal.why, in_one_cell(needs, PARTED_BY)
