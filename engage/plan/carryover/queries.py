"""Reads what continued from one plan into the next, from either side, always within one coalition."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased

from engage.coalitions.models import Membership
from engage.database import Selection, along
from engage.extensions import db
from engage.plan.carryover.models import ActionCarryover, GoalCarryover, ObjectiveCarryover
from engage.plan.models import Action, Goal, Objective, Plan
from engage.plan.repeats.models import Repeat
from engage.plan.rules import OPEN, ActionStatus, CarryWhy, PlanStatus


class CarryoverLink(Struct, frozen=True):
    """The other side of a link: what an action, goal or objective continues, or what continues it.

    `earlier` means that the other side came first. An action is named by its `number`; other things are
    linked by `id`.
    """

    earlier: bool
    id: int
    number: int | None
    title: str
    plan_id: int
    plan: str
    why: CarryWhy
    reason: str


class CarryoverItem(Struct, frozen=True):
    """Something in the new plan with its origin. `status` is the action's current status in the old plan."""

    id: int
    number: int | None
    title: str
    from_id: int
    from_number: int | None
    plan_id: int
    plan: str
    why: CarryWhy
    reason: str
    status: ActionStatus | None = None


def _links(membership: Membership, model: Any, link: Any, own: Any, key: int) -> list[CarryoverLink]:
    """Returns both links of one thing, in one query: what it came from, and what continues it."""
    number = model.number if model is Action else sa.null()

    def side(other: Any, mine: Any, *, earlier: bool) -> Selection:
        rows = sa.select(
            sa.literal(earlier).label("earlier"),
            model.id,
            number.label("number"),
            model.title,
            Plan.id.label("plan_id"),
            Plan.title.label("plan"),
            link.why,
            link.reason,
        ).join(link, along(other, model))
        if model is Objective:
            rows = rows.join(Goal, along(Objective.goal_id, Goal))
        return rows.join(Plan, along(Goal.plan_id if model is Objective else model.plan_id, Plan)).where(
            link.coalition_id == membership.coalition_id, mine == key
        )

    rows = sa.union_all(side(link.from_id, own, earlier=True), side(own, link.from_id, earlier=False))
    return [CarryoverLink(**row._mapping) for row in db.session.execute(rows)]


def of_action(membership: Membership, action_id: int) -> list[CarryoverLink]:
    return _links(membership, Action, ActionCarryover, ActionCarryover.action_id, action_id)


def of_goal(membership: Membership, goal_id: int) -> list[CarryoverLink]:
    return _links(membership, Goal, GoalCarryover, GoalCarryover.goal_id, goal_id)


def of_objective(membership: Membership, objective_id: int) -> list[CarryoverLink]:
    return _links(membership, Objective, ObjectiveCarryover, ObjectiveCarryover.objective_id, objective_id)


# -- of a whole plan

_before_goal, _before_objective, _before_action = aliased(Goal), aliased(Objective), aliased(Action)
_before_place = aliased(Goal)


def _goals(here: int, plan_id: int) -> Selection:
    return (
        sa.select(
            Goal.id,
            sa.null().label("number"),
            Goal.title,
            _before_goal.id.label("from_id"),
            sa.null().label("from_number"),
            Plan.id.label("plan_id"),
            Plan.title.label("plan"),
            GoalCarryover.why,
            GoalCarryover.reason,
        )
        .join(GoalCarryover, along(GoalCarryover.goal_id, Goal))
        .join(_before_goal, along(GoalCarryover.from_id, _before_goal))
        .join(Plan, along(_before_goal.plan_id, Plan))
        .where(Goal.coalition_id == here, Goal.plan_id == plan_id)
        .order_by(Goal.position, Goal.id)
    )


def _objectives(here: int, plan_id: int) -> Selection:
    return (
        sa.select(
            Objective.id,
            sa.null().label("number"),
            Objective.title,
            _before_objective.id.label("from_id"),
            sa.null().label("from_number"),
            Plan.id.label("plan_id"),
            Plan.title.label("plan"),
            ObjectiveCarryover.why,
            ObjectiveCarryover.reason,
        )
        .join(Goal, along(Objective.goal_id, Goal))
        .join(ObjectiveCarryover, along(ObjectiveCarryover.objective_id, Objective))
        .join(_before_objective, along(ObjectiveCarryover.from_id, _before_objective))
        .join(_before_place, along(_before_objective.goal_id, _before_place))
        .join(Plan, along(_before_place.plan_id, Plan))
        .where(Objective.coalition_id == here, Goal.plan_id == plan_id)
        .order_by(Goal.position, Objective.position, Objective.id)
    )


def _actions(here: int, plan_id: int) -> Selection:
    return (
        sa.select(
            Action.id,
            Action.number,
            Action.title,
            _before_action.id.label("from_id"),
            _before_action.number.label("from_number"),
            Plan.id.label("plan_id"),
            Plan.title.label("plan"),
            ActionCarryover.why,
            ActionCarryover.reason,
            _before_action.status,
        )
        .join(ActionCarryover, along(ActionCarryover.action_id, Action))
        .join(_before_action, along(ActionCarryover.from_id, _before_action))
        .join(Plan, along(_before_action.plan_id, Plan))
        .where(Action.coalition_id == here, Action.plan_id == plan_id)
        .order_by(Action.number)
    )


class Carryovers(Struct, frozen=True):
    """Everything that a plan took over from earlier ones."""

    goals: list[CarryoverItem]
    objectives: list[CarryoverItem]
    actions: list[CarryoverItem]

    @property
    def plans(self) -> dict[int, str]:
        """Returns the titles of the earlier plans from which something came, by id."""
        return {each.plan_id: each.plan for each in (*self.goals, *self.objectives, *self.actions)}

    @property
    def total(self) -> int:
        return len(self.goals) + len(self.objectives) + len(self.actions)


def into(membership: Membership, plan_id: int) -> Carryovers:
    """Reads what the plan took over from earlier ones, in three queries."""
    goals, objectives, actions = (
        [CarryoverItem(**row._mapping) for row in db.session.execute(rows(membership.coalition_id, plan_id))]
        for rows in (_goals, _objectives, _actions)
    )
    return Carryovers(goals, objectives, actions)


class Left(Struct, frozen=True):
    """What did not continue from an earlier plan; its still open actions as (number, title)."""

    goals: list[tuple[int, str]]
    objectives: list[tuple[int, str]]
    actions: list[tuple[int, str]]

    @property
    def total(self) -> int:
        return len(self.goals) + len(self.objectives) + len(self.actions)


def left_behind(membership: Membership, from_: Collection[int], whole: Carryovers) -> Left:
    """Returns what of these plans did not continue, in three queries."""
    here = membership.coalition_id
    goals = sa.select(Goal.id, Goal.id.label("called"), Goal.title).where(
        Goal.coalition_id == here, Goal.plan_id.in_(from_)
    )
    objectives = (
        sa.select(Objective.id, Objective.id.label("called"), Objective.title)
        .join(Goal, along(Objective.goal_id, Goal))
        .where(Objective.coalition_id == here, Goal.plan_id.in_(from_))
    )
    actions = sa.select(Action.id, Action.number, Action.title).where(
        Action.coalition_id == here, Action.plan_id.in_(from_), Action.status.in_(OPEN)
    )
    return Left(
        _stayed(goals.order_by(Goal.position, Goal.id), whole.goals),
        _stayed(objectives.order_by(Goal.position, Objective.position, Objective.id), whole.objectives),
        _stayed(actions.order_by(Action.number), whole.actions),
    )


def _stayed(rows: Selection, went: Collection[CarryoverItem]) -> list[tuple[int, str]]:
    """Takes rows as (id, name, title) and returns those that did not continue, without their ids."""
    gone = {each.from_id for each in went}
    return [(number, title) for key, number, title in db.session.execute(rows) if key not in gone]


def plans_linked(membership: Membership, plan_id: int) -> tuple[set[int], set[int]]:
    """Returns the ids of the plans from which this one was started, and of those started from it, in one query."""
    here = membership.coalition_id
    beside = (
        sa.select(Action.plan_id, _before_action.plan_id)
        .join(ActionCarryover, along(ActionCarryover.action_id, Action))
        .join(_before_action, along(ActionCarryover.from_id, _before_action))
        .where(ActionCarryover.coalition_id == here)
        .union(
            sa.select(Goal.plan_id, _before_goal.plan_id)
            .join(GoalCarryover, along(GoalCarryover.goal_id, Goal))
            .join(_before_goal, along(GoalCarryover.from_id, _before_goal))
            .where(GoalCarryover.coalition_id == here)
        )
    )
    rows = db.session.execute(beside).all()
    return {old for new, old in rows if new == plan_id}, {new for new, old in rows if old == plan_id}


def stands_for(from_plan_id: int, plan_id: int) -> set[int]:
    """Returns the numbers of a plan's actions that already continue in another plan."""
    rows = (
        sa.select(_before_action.number)
        .join(ActionCarryover, along(ActionCarryover.from_id, _before_action))
        .join(Action, along(ActionCarryover.action_id, Action))
        .where(_before_action.plan_id == from_plan_id, Action.plan_id == plan_id)
    )
    return set(db.session.scalars(rows))


def goals_in(plan: Plan) -> dict[int, int]:
    """Returns which goal of the plan continues an earlier one, by the earlier one's id."""
    rows = (
        sa.select(GoalCarryover.from_id, GoalCarryover.goal_id)
        .join(Goal, along(GoalCarryover.goal_id, Goal))
        .where(Goal.plan_id == plan.id)
        .order_by(GoalCarryover.id)
    )
    return dict(db.session.execute(rows).all())


def objectives_in(plan: Plan) -> dict[int, Objective]:
    """Returns which objective of the plan continues an earlier one, by the earlier one's id."""
    rows = (
        sa.select(ObjectiveCarryover.from_id, Objective)
        .join(Objective, along(ObjectiveCarryover.objective_id, Objective))
        .join(Goal, along(Objective.goal_id, Goal))
        .where(Goal.plan_id == plan.id)
        .order_by(ObjectiveCarryover.id)
    )
    return dict(db.session.execute(rows).all())


def came_later(plan: Plan, draft: Plan) -> set[int]:
    """Returns the plan's open actions that could not be chosen when the draft was started: they are newer or repeat."""
    repeats = sa.exists().where(Repeat.id == Action.repeat_id, Repeat.next_on.is_not(None))
    rows = sa.select(Action.number).where(
        Action.plan_id == plan.id,
        Action.status.in_(OPEN),
        sa.or_(Action.created_at > draft.created_at, repeats),
    )
    return set(db.session.scalars(rows))


# Until the old plan is closed, the action in it is the one that waits; its copy in a draft does not.
_before, _before_plan = aliased(Action), aliased(Plan)
_OF_OPEN_PLAN = (
    _before.id == ActionCarryover.from_id,
    _before_plan.id == _before.plan_id,
    _before.status.in_(OPEN),
    _before_plan.status != PlanStatus.CLOSED,
)
STILL_EARLIER = sa.exists().where(ActionCarryover.action_id == Action.id, *_OF_OPEN_PLAN).correlate(Action)


def still_earlier_in(coalition_id: int | sa.BindParameter[int]) -> sa.ColumnElement[bool]:
    """Returns the condition `STILL_EARLIER` for one coalition's actions; it reads the links only once."""
    return Action.id.in_(
        sa.select(ActionCarryover.action_id).where(
            ActionCarryover.coalition_id == coalition_id, *_OF_OPEN_PLAN
        )
    )


_earlier, _earlier_goal, _earlier_plan = aliased(Objective), aliased(Goal), aliased(Plan)
STILL_MEASURED_EARLIER = (
    sa.exists()
    .where(
        ObjectiveCarryover.objective_id == Objective.id,
        _earlier.id == ObjectiveCarryover.from_id,
        _earlier_goal.id == _earlier.goal_id,
        _earlier_plan.id == _earlier_goal.plan_id,
        _earlier_plan.status != PlanStatus.CLOSED,
    )
    .correlate(Objective)
)
