"""Reads what continued from one plan into the next, from either side, always within one coalition."""

from collections.abc import Collection
from functools import cache
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased

from engage.coalitions.models import Membership
from engage.database import Selection, along
from engage.extensions import db
from engage.plan.carried.models import ActionCarried, GoalCarried, ObjectiveCarried
from engage.plan.carried.rules import CarryWhy
from engage.plan.models import Action, Goal, Objective, Plan
from engage.plan.repeats.models import Repeat
from engage.plan.rules import OPEN, ActionStatus, PlanStatus


class CarriedLink(Struct, frozen=True):
    """The other side of something that continued in another plan.

    `earlier` means that the other side came first. An action is named by its `number`; other things are linked by
    `id`.
    """

    earlier: bool
    id: int
    number: int | None
    title: str
    plan_id: int
    plan: str
    why: CarryWhy
    reason: str


class Carried(Struct, frozen=True):
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


_HERE: sa.BindParameter[int] = sa.bindparam("coalition_id")
_KEY: sa.BindParameter[int] = sa.bindparam("key")
_NEW: sa.BindParameter[int] = sa.bindparam("plan_id")


def _plan_of(model: Any) -> Any:
    """Returns the join condition from a row to its plan."""
    return Goal.plan_id if model is Objective else model.plan_id


def _links(model: Any, link: Any, own: Any) -> Selection:
    """Selects both links of one thing: what it came from, and what continues it."""
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
        return rows.join(Plan, along(_plan_of(model), Plan)).where(link.coalition_id == _HERE, mine == _KEY)

    return sa.union_all(side(link.from_id, own, earlier=True), side(own, link.from_id, earlier=False))  # type: ignore[return-value]


# These are built once, because every page of an action, a goal or an objective runs one.
@cache
def _of_action() -> Selection:
    return _links(Action, ActionCarried, ActionCarried.action_id)


@cache
def _of_goal() -> Selection:
    return _links(Goal, GoalCarried, GoalCarried.goal_id)


@cache
def _of_objective() -> Selection:
    return _links(Objective, ObjectiveCarried, ObjectiveCarried.objective_id)


def _read(membership: Membership, rows: Selection, key: int) -> list[CarriedLink]:
    found = db.session.execute(rows, {"coalition_id": membership.coalition_id, "key": key})
    return [CarriedLink(bool(earlier), *rest) for earlier, *rest in found]


def of_action(membership: Membership, action_id: int) -> list[CarriedLink]:
    """Returns what the action came from and what continues it, in one query."""
    return _read(membership, _of_action(), action_id)


def of_goal(membership: Membership, goal_id: int) -> list[CarriedLink]:
    return _read(membership, _of_goal(), goal_id)


def of_objective(membership: Membership, objective_id: int) -> list[CarriedLink]:
    return _read(membership, _of_objective(), objective_id)


# -- of a whole plan

_before_goal, _before_objective, _before_action = aliased(Goal), aliased(Objective), aliased(Action)
_before_place = aliased(Goal)


@cache
def _goals() -> Selection:
    return (
        sa.select(
            Goal.id,
            sa.null(),
            Goal.title,
            _before_goal.id,
            sa.null(),
            Plan.id,
            Plan.title,
            GoalCarried.why,
            GoalCarried.reason,
        )
        .join(GoalCarried, along(GoalCarried.goal_id, Goal))
        .join(_before_goal, along(GoalCarried.from_id, _before_goal))
        .join(Plan, along(_before_goal.plan_id, Plan))
        .where(Goal.coalition_id == _HERE, Goal.plan_id == _NEW)
        .order_by(Goal.position, Goal.id)
    )


@cache
def _objectives() -> Selection:
    return (
        sa.select(
            Objective.id,
            sa.null(),
            Objective.title,
            _before_objective.id,
            sa.null(),
            Plan.id,
            Plan.title,
            ObjectiveCarried.why,
            ObjectiveCarried.reason,
        )
        .join(Goal, along(Objective.goal_id, Goal))
        .join(ObjectiveCarried, along(ObjectiveCarried.objective_id, Objective))
        .join(_before_objective, along(ObjectiveCarried.from_id, _before_objective))
        .join(_before_place, along(_before_objective.goal_id, _before_place))
        .join(Plan, along(_before_place.plan_id, Plan))
        .where(Objective.coalition_id == _HERE, Goal.plan_id == _NEW)
        .order_by(Goal.position, Objective.position, Objective.id)
    )


@cache
def _actions() -> Selection:
    return (
        sa.select(
            Action.id,
            Action.number,
            Action.title,
            _before_action.id,
            _before_action.number,
            Plan.id,
            Plan.title,
            ActionCarried.why,
            ActionCarried.reason,
            _before_action.status,
        )
        .join(ActionCarried, along(ActionCarried.action_id, Action))
        .join(_before_action, along(ActionCarried.from_id, _before_action))
        .join(Plan, along(_before_action.plan_id, Plan))
        .where(Action.coalition_id == _HERE, Action.plan_id == _NEW)
        .order_by(Action.number)
    )


class Whole(Struct, frozen=True):
    """Everything that a plan took over from earlier ones."""

    goals: list[Carried]
    objectives: list[Carried]
    actions: list[Carried]

    @property
    def plans(self) -> dict[int, str]:
        """Returns the titles of those earlier plans, by id."""
        return {each.plan_id: each.plan for each in (*self.goals, *self.objectives, *self.actions)}

    @property
    def total(self) -> int:
        return len(self.goals) + len(self.objectives) + len(self.actions)


def into(membership: Membership, plan_id: int) -> Whole:
    """Reads what the plan took over from earlier ones, in three queries."""
    asked = {"coalition_id": membership.coalition_id, "plan_id": plan_id}
    goals, objectives, actions = (
        [Carried(*row) for row in db.session.execute(rows, asked)]
        for rows in (_goals(), _objectives(), _actions())
    )
    return Whole(goals, objectives, actions)


class Left(Struct, frozen=True):
    """What did not continue from an earlier plan; its still open actions as (number, title)."""

    goals: list[tuple[int, str]]
    objectives: list[tuple[int, str]]
    actions: list[tuple[int, str]]

    @property
    def total(self) -> int:
        return len(self.goals) + len(self.objectives) + len(self.actions)


def left_behind(membership: Membership, from_: Collection[int], whole: Whole) -> Left:
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


def _stayed(rows: Selection, went: Collection[Carried]) -> list[tuple[int, str]]:
    """Takes rows as (id, name, title) and returns those that did not continue, without their ids."""
    gone = {each.from_id for each in went}
    return [(number, title) for key, number, title in db.session.execute(rows) if key not in gone]


@cache
def _beside() -> sa.CompoundSelect[int, int]:
    return (
        sa.select(Action.plan_id, _before_action.plan_id)
        .join(ActionCarried, along(ActionCarried.action_id, Action))
        .join(_before_action, along(ActionCarried.from_id, _before_action))
        .where(ActionCarried.coalition_id == _HERE)
        .union(
            sa.select(Goal.plan_id, _before_goal.plan_id)
            .join(GoalCarried, along(GoalCarried.goal_id, Goal))
            .join(_before_goal, along(GoalCarried.from_id, _before_goal))
            .where(GoalCarried.coalition_id == _HERE)
        )
    )


def plans_linked(membership: Membership, plan_id: int) -> tuple[set[int], set[int]]:
    """Returns the ids of the plans from which this one was started, and of those started from it, in one query."""
    rows = db.session.execute(_beside(), {"coalition_id": membership.coalition_id}).all()
    return {old for new, old in rows if new == plan_id}, {new for new, old in rows if old == plan_id}


def stands_for(from_plan_id: int, plan_id: int) -> set[int]:
    """Returns the numbers of a plan's actions that already continue in another plan."""
    rows = (
        sa.select(_before_action.number)
        .join(ActionCarried, along(ActionCarried.from_id, _before_action))
        .join(Action, along(ActionCarried.action_id, Action))
        .where(_before_action.plan_id == from_plan_id, Action.plan_id == plan_id)
    )
    return set(db.session.scalars(rows))


def goals_in(plan: Plan) -> dict[int, int]:
    """Returns which goal of the plan continues an earlier one, by the earlier one's id."""
    rows = (
        sa.select(GoalCarried.from_id, GoalCarried.goal_id)
        .join(Goal, along(GoalCarried.goal_id, Goal))
        .where(Goal.plan_id == plan.id)
        .order_by(GoalCarried.id)
    )
    return dict(db.session.execute(rows).all())


def objectives_in(plan: Plan) -> dict[int, Objective]:
    """Returns which objective of the plan continues an earlier one, by the earlier one's id."""
    rows = (
        sa.select(ObjectiveCarried.from_id, Objective)
        .join(Objective, along(ObjectiveCarried.objective_id, Objective))
        .join(Goal, along(Objective.goal_id, Goal))
        .where(Goal.plan_id == plan.id)
        .order_by(ObjectiveCarried.id)
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
    _before.id == ActionCarried.from_id,
    _before_plan.id == _before.plan_id,
    _before.status.in_(OPEN),
    _before_plan.status != PlanStatus.CLOSED,
)
STILL_EARLIER = sa.exists().where(ActionCarried.action_id == Action.id, *_OF_OPEN_PLAN).correlate(Action)


def still_earlier_in(coalition_id: int | sa.BindParameter[int]) -> sa.ColumnElement[bool]:
    """Returns the same condition for one coalition's actions; it reads what continued once, not for each action."""
    return Action.id.in_(
        sa.select(ActionCarried.action_id).where(ActionCarried.coalition_id == coalition_id, *_OF_OPEN_PLAN)
    )


_earlier, _earlier_goal, _earlier_plan = aliased(Objective), aliased(Goal), aliased(Plan)
STILL_MEASURED_EARLIER = (
    sa.exists()
    .where(
        ObjectiveCarried.objective_id == Objective.id,
        _earlier.id == ObjectiveCarried.from_id,
        _earlier_goal.id == _earlier.goal_id,
        _earlier_plan.id == _earlier_goal.plan_id,
        _earlier_plan.status != PlanStatus.CLOSED,
    )
    .correlate(Objective)
)
