"""Reads plans and their parts, within one coalition."""

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from engage import snapshots
from engage.coalitions.audit.service import Actor
from engage.coalitions.models import Group, Membership
from engage.coalitions.queries import active
from engage.database import along
from engage.extensions import db
from engage.partners.models import Organization
from engage.plan.models import Action, Goal, GoalNeed, Objective, Plan
from engage.plan.rules import OPEN, PlanStatus, landing, next_number

_HERE: sa.BindParameter[int] = sa.bindparam("coalition_id")
_OF_PLAN: sa.BindParameter[int] = sa.bindparam("plan_id")
# The statements are built once, because every request for the plan runs them.
_PLANS = (
    sa.select(Plan)
    .where(Plan.coalition_id == _HERE)
    .order_by(
        sa.case((Plan.status == PlanStatus.ADOPTED, 0), (Plan.status == PlanStatus.DRAFT, 1), else_=2),
        Plan.closed_on.desc(),
        Plan.id.desc(),
    )
)
_GOALS = (
    sa.select(Goal)
    .where(Goal.coalition_id == _HERE, Goal.plan_id == _OF_PLAN)
    .order_by(Goal.position, Goal.id)
)
_OBJECTIVES = (
    sa.select(Objective)
    .join(Goal, along(Objective.goal_id, Goal))
    .where(Objective.coalition_id == _HERE, Goal.plan_id == _OF_PLAN)
    .order_by(Goal.position, Goal.id, Objective.position, Objective.id)
)
_KEY: sa.BindParameter[int] = sa.bindparam("key")
_PLAN = sa.select(Plan).where(Plan.coalition_id == _HERE, Plan.id == _KEY)
_ACTION = sa.select(Action).where(Action.coalition_id == _HERE, Action.number == _KEY)


def plans_of(membership: Actor) -> list[Plan]:
    """Returns the current plan, the draft, then the closed ones, newest first."""
    return list(db.session.scalars(_PLANS, {"coalition_id": membership.coalition_id}))


def plan_of(membership: Membership, plan_id: int) -> Plan | None:
    """Returns this coalition's plan with this id."""
    return db.session.scalar(_PLAN, {"coalition_id": membership.coalition_id, "key": plan_id})


def current_plan(membership: Membership) -> Plan | None:
    """Returns the adopted plan."""
    return db.session.scalar(
        sa.select(Plan).where(Plan.coalition_id == membership.coalition_id, Plan.status == PlanStatus.ADOPTED)
    )


def open_actions_of(plan: Plan) -> list[tuple[int, str]]:
    """Returns the plan's open actions as (number, "14. title"), which can be carried over."""
    rows = (
        sa.select(Action.number, Action.title)
        .where(Action.plan_id == plan.id, Action.status.in_(OPEN))
        .order_by(Action.number)
    )
    return [(number, f"{number}. {title}") for number, title in db.session.execute(rows)]


def goals_of(membership: Membership, plan_id: int) -> list[Goal]:
    """Returns a plan's goals in their order."""
    return list(db.session.scalars(_GOALS, {"coalition_id": membership.coalition_id, "plan_id": plan_id}))


def of_group(group_id: int) -> sa.ColumnElement[bool]:
    """Returns the condition for a group's actions: its own, and those under its goals that belong to no other group."""
    return sa.or_(Action.group_id == group_id, sa.and_(Action.group_id.is_(None), Goal.group_id == group_id))


def goal_choices(membership: Membership, kept: int | None = None) -> list[tuple[int, str]]:
    """Returns goals of open plans as (id, title), and the one chosen before, whatever its plan."""
    rows = (
        sa.select(Goal.id, Goal.title)
        .join(Plan, along(Goal.plan_id, Plan))
        .where(
            Goal.coalition_id == membership.coalition_id,
            sa.or_(Plan.status != PlanStatus.CLOSED, Goal.id == kept),
        )
        .order_by(Plan.status, Goal.position, Goal.id)
    )
    return [(key, title) for key, title in db.session.execute(rows)]


def objective_choices(membership: Membership, kept: int | None = None) -> list[tuple[int, str]]:
    """Returns objectives of open plans as (id, title), and the one chosen before, whatever its plan."""
    rows = (
        sa.select(Objective.id, Objective.title)
        .join(Goal, along(Objective.goal_id, Goal))
        .join(Plan, along(Goal.plan_id, Plan))
        .where(
            Objective.coalition_id == membership.coalition_id,
            sa.or_(Plan.status != PlanStatus.CLOSED, Objective.id == kept),
        )
        .order_by(Plan.status, Goal.position, Goal.id, Objective.position, Objective.id)
    )
    return [(key, title) for key, title in db.session.execute(rows)]


def objectives_of(membership: Membership, plan_id: int) -> list[Objective]:
    """Returns the objectives of all of a plan's goals, in their order."""
    return list(
        db.session.scalars(_OBJECTIVES, {"coalition_id": membership.coalition_id, "plan_id": plan_id})
    )


def goal_of(membership: Membership, goal_id: int) -> Goal | None:
    """Returns this coalition's goal with this id."""
    rows = sa.select(Goal).where(Goal.coalition_id == membership.coalition_id, Goal.id == goal_id)
    return db.session.scalar(rows)


def objective_of(membership: Membership, objective_id: int) -> Objective | None:
    """Returns this coalition's objective with this id."""
    rows = sa.select(Objective).where(
        Objective.coalition_id == membership.coalition_id, Objective.id == objective_id
    )
    return db.session.scalar(rows)


def action_of(membership: Membership, number: int) -> Action | None:
    """Returns this coalition's action with this number."""
    return db.session.scalar(_ACTION, {"coalition_id": membership.coalition_id, "key": number})


_ACTION_AND_PLAN = (
    sa.select(Action, Plan)
    .join(Plan, along(Action.plan_id, Plan))
    .where(Action.coalition_id == _HERE, Action.number == _KEY)
)


def action_and_plan_of(membership: Membership, number: int) -> tuple[Action, Plan] | None:
    """Returns the action with its plan, in one query."""
    asked = {"coalition_id": membership.coalition_id, "key": number}
    row = db.session.execute(_ACTION_AND_PLAN, asked).one_or_none()
    return (row.Action, row.Plan) if row is not None else None


# Copies of these tables in the trash may hold actions, whose numbers are not given again.
_HOLD_ACTIONS = (Action.__tablename__, Objective.__tablename__, Goal.__tablename__)


def free_number(coalition_id: int) -> int:
    """Returns the number of a coalition's next action, skipping those in the trash; the caller locks the coalition."""
    highest = db.session.scalar(
        sa.select(sa.func.max(Action.number)).where(Action.coalition_id == coalition_id)
    )
    return max(next_number(highest), next_number(snapshots.highest_number(coalition_id, _HOLD_ACTIONS)))


def needs_of_goal(goal: Goal) -> list[int]:
    """Returns the ids of the needs that the goal answers."""
    rows = sa.select(GoalNeed.need_id).where(
        GoalNeed.coalition_id == goal.coalition_id, GoalNeed.goal_id == goal.id
    )
    return list(db.session.scalars(rows.order_by(GoalNeed.id)))


# The statements are built once, because every change of a row and every action's page run them.
_PLACE = (
    sa.select(Goal, Objective)
    .outerjoin(
        Objective, sa.and_(along(Objective.goal_id, Goal), Objective.id == sa.bindparam("objective_id"))
    )
    .where(Goal.coalition_id == _HERE, Goal.id == _KEY)
)
_NAMES = (
    sa.select(
        Goal.title.label("goal"),
        Objective.title.label("objective"),
        Membership.name.label("owner"),
        Organization.name.label("organization"),
        Group.name.label("group"),
        sa.and_(*active()).label("owner_is_here"),
    )
    .select_from(Action)
    .outerjoin(Goal, along(Action.goal_id, Goal))
    .outerjoin(Objective, along(Action.objective_id, Objective))
    .outerjoin(Membership, along(Action.owner_id, Membership))
    .outerjoin(Organization, along(Action.organization_id, Organization))
    .outerjoin(Group, along(Action.group_id, Group))
    .where(Action.coalition_id == _HERE, Action.id == _KEY)
)


def goal_and_objective_of(action: Action) -> tuple[Goal | None, Objective | None]:
    """Returns the goal and objective that the action is under, in one query."""
    if action.goal_id is None:
        return None, None
    here = {
        "coalition_id": action.coalition_id,
        "key": action.goal_id,
        "objective_id": action.objective_id,
    }
    found = db.session.execute(_PLACE, here).one_or_none()
    return (found[0], found[1]) if found is not None else (None, None)


class Names(NamedTuple):
    """The names that an action's page shows in place of ids; None if an id is empty."""

    goal: str | None
    objective: str | None
    owner: str | None
    organization: str | None
    group: str | None
    # An owner who left, or whose access is paused, cannot be reminded.
    owner_is_here: bool


def names_of(action: Action) -> Names:
    """Returns the names in one query, including that of an owner who has left."""
    row = db.session.execute(_NAMES, {"coalition_id": action.coalition_id, "key": action.id}).one()
    return Names(**row._mapping)


# -- the plan for new actions


def open_plan(coalition_id: int) -> Plan | None:
    """Returns the plan for a one-step action: the current plan, or else the draft."""
    rows = sa.select(Plan).where(Plan.coalition_id == coalition_id, Plan.status != PlanStatus.CLOSED)
    plans = {plan.status: plan for plan in db.session.scalars(rows)}
    status = landing(plans)
    return plans[status] if status is not None else None


TODAY: sa.BindParameter[date] = sa.bindparam("today")
