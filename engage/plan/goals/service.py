"""Writes goals and objectives."""

from collections.abc import Mapping
from typing import TypeVar

import sqlalchemy as sa

from engage import history, versions
from engage.coalitions.models import Membership
from engage.extensions import db
from engage.plan import queries
from engage.plan.models import Goal, GoalNeed, Objective, Plan
from engage.plan.service import claim_open

Placed = TypeVar("Placed", Goal, Objective)


# -- goals


def create_goal(membership: Membership, plan: Plan, values: Mapping[str, object]) -> Goal:
    """Adds a goal at the end of the plan. Raises WrongState."""
    claim_open(plan.id)
    goal = Goal(
        coalition_id=plan.coalition_id,
        plan_id=plan.id,
        position=_following(Goal.position, Goal.plan_id == plan.id),
        **values,
    )
    return history.add(membership, goal, "created")


def _following(position: sa.ColumnExpressionArgument[int], within: sa.ColumnElement[bool]) -> int:
    return (db.session.scalar(sa.select(sa.func.max(position)).where(within)) or 0) + 1


def edit_goal(membership: Membership, goal: Goal, version: int, values: Mapping[str, object]) -> None:
    """Edits a goal. Raises WrongState, StaleVersion."""
    claim_open(goal.plan_id)
    versions.change(membership, goal, version, values)


def link_needs(membership: Membership, goal: Goal, ids: set[int]) -> None:
    """Sets the needs of its coalition that the goal answers. Raises WrongState."""
    claim_open(goal.plan_id)
    now = set(queries.needs_of_goal(goal))
    if gone := now - ids:
        db.session.execute(sa.delete(GoalNeed).where(GoalNeed.goal_id == goal.id, GoalNeed.need_id.in_(gone)))
    for key in sorted(ids - now):
        db.session.add(GoalNeed(coalition_id=goal.coalition_id, goal_id=goal.id, need_id=key))
    for key in sorted(now ^ ids):
        history.note(membership, goal, "need", *((key, None) if key in now else (None, key)))


def shift_goal(membership: Membership, goal: Goal, *, up: bool) -> None:
    """Moves a goal one place up or down in its plan; at the end it stays."""
    claim_open(goal.plan_id)
    _shift(queries.goals_of(membership, goal.plan_id), goal, up)


def _shift(rows: list[Placed], row: Placed, up: bool) -> None:
    place = rows.index(row)
    other = place - 1 if up else place + 1
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    for position, each in enumerate(rows, 1):
        each.position = position


# -- objectives


def create_objective(membership: Membership, goal: Goal, values: Mapping[str, object]) -> Objective:
    """Adds an objective at the end of the goal. Raises WrongState."""
    claim_open(goal.plan_id)
    objective = Objective(
        coalition_id=goal.coalition_id,
        goal_id=goal.id,
        position=_following(Objective.position, Objective.goal_id == goal.id),
        **values,
    )
    return history.add(membership, objective, "created")


def edit_objective(
    membership: Membership, objective: Objective, version: int, values: Mapping[str, object]
) -> None:
    """Edits an objective. Raises WrongState, StaleVersion."""
    claim_open(_plan_id(objective))
    versions.change(membership, objective, version, values, kept=("due_on",))


def _plan_id(objective: Objective) -> int:
    return db.session.get_one(Goal, objective.goal_id).plan_id


def shift_objective(membership: Membership, objective: Objective, *, up: bool) -> None:
    """Moves an objective one place up or down in its goal."""
    plan_id = _plan_id(objective)
    claim_open(plan_id)
    rows = [each for each in queries.objectives_of(membership, plan_id) if each.goal_id == objective.goal_id]
    _shift(rows, objective, up)
