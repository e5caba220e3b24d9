"""Writes and reads a whole plan as JSON. docs/plan-files.md explains each name."""

import json
from collections import Counter, defaultdict
from datetime import date
from typing import Any

import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.database import along
from engage.extensions import db
from engage.imports.cells import in_one_cell
from engage.imports.reading import ReadFile, Record, Trouble, Unreadable
from engage.limits import MOST_ROWS
from engage.plan.exports.queries import Whole
from engage.plan.exports.table import HEAD, QUOTED_IN_NAMES, in_order
from engage.plan.measures.models import Measure, Reading
from engage.plan.models import Action, Goal, Objective, Plan, Update
from engage.plan.repeats.models import Repeat
from engage.plan.rules import ActionStatus, Progress, rollup
from engage.web.csv_files import safe

FORMAT = "engage-plan"
VERSION = 1
# The encoder is made once, because json.dumps would make one for each row.
_written = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def text_of(plan: Plan, whole: Whole) -> str:
    """Returns the document with one line for each action, so that common tools can compare two files."""
    content = document(plan, whole)
    parts = []
    for name, value in content.items():
        if isinstance(value, list) and value:
            rows = ",\n".join(f"  {_written(each)}" for each in value)
            parts.append(f" {_written(name)}: [\n{rows}\n ]")
        else:
            parts.append(f" {_written(name)}: {_written(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def document(plan: Plan, whole: Whole) -> dict[str, object]:
    """Builds the document.

    Goals and objectives are numbered as on the plan's page, 1 and 1.2; `ref` is an action's number.
    """
    states = Counter((each.goal_id, each.objective_id, each.status) for each in whole.actions)
    counts = rollup((*key, count) for key, count in states.items())
    goals = {goal.id: number for number, goal in enumerate(whole.goals, 1)}
    objectives = _objective_numbers(whole, goals)
    statuses = Counter(each.status for each in whole.actions)
    measures = _measures(plan)
    return {
        "format": FORMAT,
        "version": VERSION,
        "plan": {
            "title": plan.title,
            "status": plan.status.value,
            "starts": _day(plan.starts_on),
            "ends": _day(plan.ends_on),
            "adopted": _day(plan.adopted_on),
            "adopted_at": plan.adopted_at_meeting,
            "closed": _day(plan.closed_on),
        },
        "progress": {
            **_counts(counts.plan),
            "by_status": {status.value: statuses[status] for status in ActionStatus},
        },
        "goals": [
            {
                "number": goals[goal.id],
                "title": goal.title,
                "why": goal.why,
                "focus_area": goal.area,
                "needs": [_need(whole, key) for key in whole.goal_needs.get(goal.id, ())],
                "progress": _counts(counts.goal(goal.id)),
            }
            for goal in whole.goals
        ],
        "objectives": [
            {
                "number": objectives[each.id],
                "goal": goals[each.goal_id],
                "title": each.title,
                "measure": each.measure,
                "due": _day(each.due_on),
                "measures": measures.get(each.id, []),
                "progress": _counts(counts.objective(each.id)),
            }
            for each in whole.objectives
        ],
        "actions": _actions(plan, whole, goals, objectives),
    }


def _objective_numbers(whole: Whole, goals: dict[int, int]) -> dict[int, str]:
    positions: Counter[int] = Counter()
    found = {}
    for each in whole.objectives:
        positions[each.goal_id] += 1
        found[each.id] = f"{goals[each.goal_id]}.{positions[each.goal_id]}"
    return found


def _actions(
    plan: Plan, whole: Whole, goals: dict[int, int], objectives: dict[int, str]
) -> list[dict[str, object]]:
    updates, series = _updates(plan), _repeats(plan)
    return [
        {
            "ref": each.number,
            "goal": goals.get(each.goal_id),
            "objective": objectives.get(each.objective_id),
            "title": each.title,
            "status": each.status.value,
            "reason": each.reason,
            "owner": whole.people.get(each.owner_id),
            "helpers": [whole.people[key] for key in whole.helpers.get(each.id, ())],
            "partner": whole.organizations.get(each.organization_id),
            "start": _day(each.start_on),
            "due": _day(each.due_on),
            "done": _day(each.done_on),
            "note": each.details,
            "resources_had": each.resources_had,
            "resources_needed": each.resources_needed,
            "barriers": each.barriers,
            "inform": each.inform,
            "need": _need(whole, each.need_id) if each.need_id is not None else None,
            "repeats": series.get(each.id),
            "updates": updates.get(each.id, []),
        }
        for each in whole.actions
    ]


def _measures(plan: Plan) -> dict[int, list[dict[str, object]]]:
    """Returns measures by objective, each with its readings, the oldest first."""
    rows = (
        sa.select(Measure, Reading.taken_on, Reading.value, Reading.source)
        .join(Objective, along(Measure.objective_id, Objective))
        .join(Goal, along(Objective.goal_id, Goal))
        .outerjoin(Reading, along(Reading.measure_id, Measure))
        .where(Measure.coalition_id == plan.coalition_id, Goal.plan_id == plan.id)
        .order_by(Measure.id, Reading.taken_on, Reading.id)
    )
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    last = None
    for measure, taken_on, value, source in db.session.execute(rows):
        if measure is not last:
            found[measure.objective_id].append(
                {
                    "title": measure.title,
                    "kind": measure.kind.value,
                    "number": measure.number_kind.value,
                    "unit": measure.unit,
                    "direction": measure.direction.value,
                    "baseline": measure.baseline_value,
                    "baseline_on": _day(measure.baseline_on),
                    "target": measure.target_value,
                    "target_on": _day(measure.target_on),
                    "readings": [],
                }
            )
            last = measure
        if taken_on is not None:
            reading = {"taken_on": _day(taken_on), "value": value, "source": source}
            found[measure.objective_id][-1]["readings"].append(reading)
    return found


def _repeats(plan: Plan) -> dict[int, dict[str, object]]:
    """Returns the series of each action that still repeats."""
    rows = (
        sa.select(Action.id, Repeat)
        .join(Repeat, along(Action.repeat_id, Repeat))
        .where(Action.coalition_id == plan.coalition_id, Action.plan_id == plan.id)
        .where(Repeat.stopped_on.is_(None))
    )
    return {
        action_id: {
            "series": repeat.id,
            "unit": repeat.unit.value,
            "every": repeat.every,
            "day": repeat.day,
            "nth": repeat.nth,
            "weekday": repeat.weekday,
            "counted_from": _day(repeat.anchor_on),
            "times": repeat.times,
            "until": _day(repeat.until_on),
        }
        for action_id, repeat in db.session.execute(rows)
    }


def _updates(plan: Plan) -> dict[int, list[dict[str, object]]]:
    rows = (
        sa.select(Update.action_id, Update.written_at, Membership.name, Update.text)
        .join(Action, along(Update.action_id, Action))
        .outerjoin(Membership, along(Update.author_id, Membership))
        .where(Action.coalition_id == plan.coalition_id, Action.plan_id == plan.id)
        .order_by(Update.written_at, Update.id)
    )
    found: dict[int, list[dict[str, object]]] = defaultdict(list)
    for action_id, written_at, author, text in db.session.execute(rows):
        moment = written_at.isoformat(timespec="seconds")
        found[action_id].append({"written_at": moment, "author": author, "text": text})
    return found


def _need(whole: Whole, key: int) -> dict[str, object]:
    number, title = whole.needs[key]
    return {"number": number, "title": title}


def _counts(progress: Progress) -> dict[str, int]:
    return {
        "done": progress.done,
        "total": progress.total,
        "no_longer_needed": progress.no_longer_needed,
        "percent": progress.percent,
    }


# -- reading a file


def sheet_of(raw: bytes) -> ReadFile | None:
    """Returns the document as the table that an export of the plan has; None if the file is not JSON.

    Raises Unreadable.
    """
    if not raw.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return None
    try:
        content = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Unreadable(Trouble.OTHER_JSON) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise Unreadable(Trouble.OTHER_JSON)
    if content.get("version") != VERSION:
        raise Unreadable(Trouble.NEWER)
    try:
        # Each entry becomes at least one row, so entries are counted before any cell is made.
        if max(len(content[name]) for name in ("goals", "objectives", "actions")) > MOST_ROWS:
            raise Unreadable(Trouble.MANY_ROWS)
        rows = _table(content)
    except (KeyError, TypeError, AttributeError):
        raise Unreadable(Trouble.OTHER_JSON) from None
    if len(rows) > MOST_ROWS:
        raise Unreadable(Trouble.MANY_ROWS)
    names = tuple(HEAD)
    records = [Record(1, names), *(Record(number, row) for number, row in enumerate(rows, 2))]
    return ReadFile(tuple(records))


def _table(content: dict[str, Any]) -> list[tuple[str, ...]]:
    """Returns the cells of the document as text, which is made safe as in a CSV file."""
    goals = {
        each["number"]: _cells(
            goal=each["title"], focus_area=each["focus_area"], goal_why=each["why"], goal_needs=each["needs"]
        )
        for each in content["goals"]
    }
    objectives = {
        (each["goal"], each["number"]): _cells(
            objective=each["title"], objective_measure=each["measure"], objective_due=each["due"]
        )
        for each in content["objectives"]
    }
    actions = (
        (
            (each["goal"], each["objective"]),
            _cells(
                **{name: each.get(name) for name in HEAD}
                | {"action": each.get("title"), "owner": [each["owner"]] if each.get("owner") else None}
            ),
        )
        for each in content["actions"]
    )
    return [tuple(str(cell or "") for cell in row) for row in in_order(goals, objectives, actions)]


def _cells(**values: object) -> dict[str, str]:
    return {name: str(safe(_cell(value))) for name, value in values.items()}


def _cell(value: object) -> str:
    if isinstance(value, list):
        return in_one_cell(map(_word, value), QUOTED_IN_NAMES)
    return _word(value)


def _word(value: object) -> str:
    """Returns a value that is no list, because lists within lists would double the quotation marks at each level."""
    if isinstance(value, list):
        raise TypeError("a list in a list")
    if isinstance(value, dict):
        return f"{value['number']}. {value['title']}"
    # UTF-8 has no lone surrogates, and no database accepts them, so they are dropped.
    return "" if value is None else str(value).encode("utf-8", "replace").decode()


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
