"""A plan with everything in it as JSON (docs/plan-files.md says what each name means)."""

import json
from collections import Counter, defaultdict
from datetime import date
from typing import Any

import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.extensions import db
from engage.plan.models import Action, Plan, Update
from engage.plan.rules import ActionStatus, Progress, rollup
from engage.plan.whole import Whole

FORMAT = "engage-plan"
VERSION = 1
# Made once: json.dumps would make one for each row.
_written = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def text_of(plan: Plan, whole: Whole) -> str:
    """The document, a line an action: two files can be compared with the usual tools."""
    content = document(plan, whole)
    parts = []
    for name, value in content.items():
        if isinstance(value, list) and value:
            rows = ",\n".join(f"  {_written(each)}" for each in value)
            parts.append(f" {_written(name)}: [\n{rows}\n ]")
        else:
            parts.append(f" {_written(name)}: {_written(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def document(plan: Plan, whole: Whole) -> dict[str, Any]:
    """Goals and objectives are numbered as on the plan's page, 1 and 1.2; an action's `ref` is its number."""
    states = Counter((each.goal_id, each.objective_id, each.status) for each in whole.actions)
    counts = rollup((*key, count) for key, count in states.items())
    goals = {goal.id: number for number, goal in enumerate(whole.goals, 1)}
    objectives = _objective_numbers(whole, goals)
    statuses = Counter(each.status for each in whole.actions)
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
) -> list[dict[str, Any]]:
    updates = _updates(plan)
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
            "updates": updates.get(each.id, []),
        }
        for each in whole.actions
    ]


def _updates(plan: Plan) -> dict[int, list[dict[str, Any]]]:
    rows = (
        sa.select(Update.action_id, Update.written_at, Membership.name, Update.text)
        .join(Action, Action.id == Update.action_id)
        .outerjoin(Membership, Membership.id == Update.author_id)
        .where(Action.coalition_id == plan.coalition_id, Action.plan_id == plan.id)
        .order_by(Update.written_at, Update.id)
    )
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for action_id, written_at, author, text in db.session.execute(rows):
        moment = written_at.isoformat(timespec="seconds")
        found[action_id].append({"written_at": moment, "author": author, "text": text})
    return found


def _need(whole: Whole, key: int) -> dict[str, Any]:
    number, title = whole.needs[key]
    return {"number": number, "title": title}


def _counts(progress: Progress) -> dict[str, int]:
    return {
        "done": progress.done,
        "total": progress.total,
        "no_longer_needed": progress.no_longer_needed,
        "percent": progress.percent,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
