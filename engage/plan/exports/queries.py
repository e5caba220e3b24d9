"""Reads a plan with everything in it as plain rows, to write a file or to compare one with it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased

from engage.accounts.models import User
from engage.coalitions.models import Membership
from engage.database import SelectedRow, Selection, along
from engage.extensions import db
from engage.partners.models import Organization
from engage.plan.models import Action, ActionHelper, Goal, GoalNeed, Objective, Plan
from engage.strengths.models import Need

# These are the columns of an action that hold texts.
TEXTS = ("details", "resources_had", "resources_needed", "barriers", "inform")
_ACTION = (
    "id number version goal_id objective_id title status reason owner_id organization_id start_on due_on done_on"
    " need_id match_id"
)
_COLUMNS = [getattr(Action, name) for name in (*_ACTION.split(), *TEXTS)]


class Whole(Struct, frozen=True):
    """A plan's goals, objectives and actions in the order of its page; each action is a row with `_COLUMNS`.

    The people, organizations and needs that the rows refer to are stored by id: people and organizations as a
    name (with an address if two people share the name), needs as (number, title).
    """

    goals: Sequence[SelectedRow]
    objectives: Sequence[SelectedRow]
    actions: Sequence[SelectedRow]
    helpers: dict[int, list[int]]
    goal_needs: dict[int, list[int]]
    people: dict[int, str]
    organizations: dict[int, str]
    needs: dict[int, tuple[int, str]]


def whole_of(plan: Plan) -> Whole:
    """Reads the plan in a number of queries that does not grow with its rows."""
    actions = db.session.execute(_actions(plan)).all()
    helpers = _pairs(
        sa.select(ActionHelper.action_id, ActionHelper.membership_id)
        .join(Action, along(ActionHelper.action_id, Action))
        .where(Action.plan_id == plan.id)
        .order_by(ActionHelper.id)
    )
    goal_needs = _pairs(
        sa.select(GoalNeed.goal_id, GoalNeed.need_id)
        .join(Goal, along(GoalNeed.goal_id, Goal))
        .join(Need, along(GoalNeed.need_id, Need))
        .where(Goal.plan_id == plan.id)
        .order_by(Need.number)
    )
    return Whole(
        goals=db.session.execute(_goals(plan)).all(),
        objectives=db.session.execute(_objectives(plan)).all(),
        actions=actions,
        helpers=helpers,
        goal_needs=goal_needs,
        people=_people(plan),
        organizations=_organizations(plan),
        needs=_needs(plan),
    )


def _actions(plan: Plan) -> Selection:
    return (
        sa.select(*_COLUMNS)
        .outerjoin(Goal, along(Action.goal_id, Goal))
        .outerjoin(Objective, along(Action.objective_id, Objective))
        .where(Action.coalition_id == plan.coalition_id, Action.plan_id == plan.id)
        .order_by(
            Goal.position.nulls_last(),
            Goal.id,
            Objective.position.nulls_last(),
            Objective.id,
            Action.number,
        )
    )


def _goals(plan: Plan) -> Any:
    return (
        sa.select(Goal.id, Goal.version, Goal.position, Goal.title, Goal.why, Goal.area)
        .where(Goal.coalition_id == plan.coalition_id, Goal.plan_id == plan.id)
        .order_by(Goal.position, Goal.id)
    )


def _objectives(plan: Plan) -> Any:
    columns = (Objective.version, Objective.position, Objective.title, Objective.measure, Objective.due_on)
    return (
        sa.select(Objective.id, Objective.goal_id, *columns)
        .join(Goal, along(Objective.goal_id, Goal))
        .where(Objective.coalition_id == plan.coalition_id, Goal.plan_id == plan.id)
        .order_by(Goal.position, Goal.id, Objective.position, Objective.id)
    )


def _pairs(rows: sa.Select[int, int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for key, value in db.session.execute(rows):
        found[key].append(value)
    return dict(found)


def _of_actions(plan: Plan, column: Any) -> Selection:
    return sa.select(column).where(Action.plan_id == plan.id)


def _people(plan: Plan) -> dict[int, str]:
    helpers = _of_actions(plan, ActionHelper.membership_id).join(
        Action, along(ActionHelper.action_id, Action)
    )
    namesake = aliased(Membership)
    is_not_alone = sa.exists().where(
        namesake.coalition_id == Membership.coalition_id,
        namesake.sort_key == Membership.sort_key,
        namesake.id != Membership.id,
    )
    address = sa.func.coalesce(sa.func.nullif(Membership.email, ""), User.email)
    rows = (
        sa.select(Membership.id, Membership.name, address, is_not_alone)
        .outerjoin(User, User.id == Membership.user_id)
        .where(
            Membership.coalition_id == plan.coalition_id,
            sa.or_(Membership.id.in_(_of_actions(plan, Action.owner_id)), Membership.id.in_(helpers)),
        )
    )
    return {
        key: f"{name} <{email}>" if email and shared else name
        for key, name, email, shared in db.session.execute(rows)
    }


def _organizations(plan: Plan) -> dict[int, str]:
    rows = sa.select(Organization.id, Organization.name).where(
        Organization.coalition_id == plan.coalition_id,
        Organization.id.in_(_of_actions(plan, Action.organization_id)),
    )
    return dict(db.session.execute(rows).all())


def _needs(plan: Plan) -> dict[int, tuple[int, str]]:
    of_goals = (
        sa.select(GoalNeed.need_id).join(Goal, along(GoalNeed.goal_id, Goal)).where(Goal.plan_id == plan.id)
    )
    rows = sa.select(Need.id, Need.number, Need.title).where(
        Need.coalition_id == plan.coalition_id,
        sa.or_(Need.id.in_(_of_actions(plan, Action.need_id)), Need.id.in_(of_goals)),
    )
    return {key: (number, title) for key, number, title in db.session.execute(rows)}
