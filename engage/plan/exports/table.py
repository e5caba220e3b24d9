"""Writes a plan as a table: a row for each action, and one for each goal and objective without actions.

Importing it again changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from engage.content.loader import content
from engage.imports.cells import in_one_cell
from engage.plan.exports.queries import Whole
from engage.plan.labels import STATUS_LABELS
from engage.plan.models import Plan
from engage.plan.rules import ActionStatus
from engage.web.xlsx_files import XlsxSheet, workbook_bytes

Cell = str | int | date | None
# A row maps the names of its columns to its cells.
Cells = Mapping[str, Cell]

PARTED_BY = ";|"
# A name with one of these is quoted, since "Lee, Ann" may also be two people.
QUOTED_IN_NAMES = PARTED_BY + ",&/+"
# Only the first row of a goal or an objective has values in these columns.
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
_DAYS = ("start", "due", "done", "objective_due")
# These names of the columns are the same in every language.
HEAD = (
    "ref",
    "goal",
    "objective",
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
    *_OF_GOAL,
    *_OF_OBJECTIVE,
)


def workbook(plan: Plan, whole: Whole) -> bytes:
    """Returns the plan's table as a workbook, with columns wide enough to read."""
    return workbook_bytes([XlsxSheet(plan.title, HEAD, rows_of(whole), _WIDTHS, _DAYS)])


def rows_of(whole: Whole) -> Iterator[tuple[Cell, ...]]:
    """Yields rows with a cell for each name in HEAD, in the order of the plan's page."""
    cells = _Cells(whole)
    return in_order(
        {goal.id: cells.of_goal(goal) for goal in whole.goals},
        {(each.goal_id, each.id): cells.of_objective(each) for each in whole.objectives},
        (((each.goal_id, each.objective_id), cells.of_action(each)) for each in whole.actions),
    )


def in_order(
    goals: Mapping[object, Cells],
    objectives: Mapping[tuple[object, object], Cells],
    actions: Iterable[tuple[tuple[object, object], Cells]],
) -> Iterator[tuple[Cell, ...]]:
    """Yields the rows of a plan: for each goal its objectives, then actions under none; last, actions under no goal.

    The first row of a goal or an objective holds its own values. Actions come with the keys of their goal and
    objective. Raises KeyError if a key does not exist.
    """
    places: dict[object, list[tuple[object, object]]] = defaultdict(list)
    for place in objectives:
        places[place[0]].append(place)
    own: dict[tuple[object, object], list[Cells]] = {}
    for goal in goals:
        own |= {place: [] for place in places[goal]}
        own[goal, None] = []
    own[None, None] = []
    for place, cells in actions:
        own[place].append(cells)
    said: set[object] = set()
    for place, rows in own.items():
        goal = place[0]
        if not rows and (goal is None or (place[1] is None and goal in said)):
            continue
        about = {**goals.get(goal, {}), **objectives.get(place, {})}
        later = {**about, **dict.fromkeys((*_OF_GOAL, *_OF_OBJECTIVE))}
        if goal in said:
            about |= dict.fromkeys(_OF_GOAL)
        said.add(goal)
        for cells in rows or [{}]:
            yield tuple(map({**cells, **about}.get, HEAD))
            about = later


class _Cells:
    """Makes cells; it looks up each word that rows share only once."""

    def __init__(self, whole: Whole) -> None:
        self._whole = whole
        self._statuses = {status: str(STATUS_LABELS[status]) for status in ActionStatus}
        self._areas = {area.key: area.name for area in content().areas}
        self._people = {key: in_one_cell([name], QUOTED_IN_NAMES) for key, name in whole.people.items()}
        self._needs = {key: f"{number}. {title}" for key, (number, title) in whole.needs.items()}

    def of_action(self, action: Any) -> Cells:
        whole = self._whole
        return {
            "ref": action.number,
            "action": action.title,
            "status": self._statuses[action.status],
            "owner": self._people.get(action.owner_id),
            "partner": whole.organizations.get(action.organization_id),
            "start": action.start_on,
            "due": action.due_on,
            "note": action.details,
            "reason": action.reason,
            "done": action.done_on,
            "helpers": "; ".join(self._people[key] for key in whole.helpers.get(action.id, ())),
            "resources_had": action.resources_had,
            "resources_needed": action.resources_needed,
            "barriers": action.barriers,
            "inform": action.inform,
            "need": self._needs.get(action.need_id),
        }

    def of_goal(self, goal: Any) -> Cells:
        needs = [self._needs[key] for key in self._whole.goal_needs.get(goal.id, ())]
        return {
            "goal": goal.title,
            "focus_area": self._areas.get(goal.area, goal.area),
            "goal_why": goal.why,
            "goal_needs": in_one_cell(needs, PARTED_BY),
        }

    @staticmethod
    def of_objective(objective: Any) -> Cells:
        return {
            "objective": objective.title,
            "objective_measure": objective.measure,
            "objective_due": objective.due_on,
        }
