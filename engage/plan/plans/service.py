"""Starts, adopts and closes plans."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engage import clock, history, versions
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings.held import keep_meeting
from engage.plan import queries
from engage.plan.actions.queries import origins
from engage.plan.carryover import queries as carryover_queries
from engage.plan.goals.service import create_goal, link_needs
from engage.plan.models import Action, Plan
from engage.plan.rules import OPEN, PLAN_MOVES, PlanStatus
from engage.plan.service import claim_open, new_draft
from engage.strengths.models import Need


def goals_of_needs(membership: Membership, needs: Iterable[Need]) -> tuple[Plan, int]:
    """Adds a goal to the draft for each need that has no goal in it.

    Returns the draft and how many goals were added. It starts a draft if there is none.
    """
    lock(membership.coalition_id)
    draft = next((each for each in queries.plans_of(membership) if each.status is PlanStatus.DRAFT), None)
    if draft is None:
        year = clock.today(membership.coalition.time_zone).year
        draft = start_draft(membership, title=_("Plan of action %(year)s", year=year))
    there = origins.needs_in_draft(membership)
    fresh = [need for need in needs if need.id not in there]
    for need in fresh:
        goal = create_goal(membership, draft, {"title": need.title, "area": need.area})
        link_needs(membership, goal, {need.id})
    db.session.flush()
    return draft, len(fresh)


# -- plans


def start_draft(
    membership: Membership, *, title: str, starts_on: date | None = None, ends_on: date | None = None
) -> Plan:
    """Starts a draft. Raises WrongState if there is one."""
    plan = new_draft(membership.coalition_id, title, starts_on, ends_on)
    history.note(membership, plan, "status", new=PlanStatus.DRAFT)
    return plan


def edit_plan(membership: Membership, plan: Plan, version: int, values: Mapping[str, object]) -> None:
    """Edits title and period, and when and where it was adopted. Raises WrongState, StaleVersion."""
    meeting_id = values.get("meeting_id")
    keep_meeting(membership, meeting_id if isinstance(meeting_id, int) else None)
    claim_open(plan.id)
    versions.change(membership, plan, version, values, kept=("starts_on", "ends_on", "adopted_on"))


def adopt(
    membership: Membership,
    plan: Plan,
    *,
    adopted_on: date,
    meeting_id: int | None = None,
    adopted_at_meeting: str = "",
    carried: Collection[int] = (),
) -> None:
    """Makes the draft the current plan and closes the previous one. Raises WrongState.

    `adopted_at_meeting` says in words where the plan was adopted if there is no recorded meeting. `carried`
    are numbers of open actions of the closing plan; they are carried over, under what continues their goal.
    """
    lock(membership.coalition_id)
    keep_meeting(membership, meeting_id)
    claim_open(plan.id)
    if PlanStatus.ADOPTED not in PLAN_MOVES[plan.status]:
        raise WrongState(_("This plan is already adopted."))
    before = queries.current_plan(membership)
    if before is not None:
        _carry(membership, before, plan, carried)
        _close(membership, before)
        db.session.flush()  # only one plan may be adopted, so the old one is closed first
    plan.snapshot = snapshot(membership, plan)
    plan.adopted_on = adopted_on
    plan.meeting_id, plan.adopted_at_meeting = meeting_id, adopted_at_meeting
    _to(membership, plan, PlanStatus.ADOPTED)
    try:
        db.session.flush()
    except IntegrityError:
        message = _("Someone else adopted a plan at the same moment. Check that plan first.")
        raise WrongState(message) from None


def close(membership: Membership, plan: Plan, carried: Collection[int] = ()) -> None:
    """Makes the plan read-only. `carried` open actions move to the other open plan. Raises WrongState."""
    lock(membership.coalition_id)
    claim_open(plan.id)
    other = other_open_plan(membership, plan)
    if other is not None:
        _carry(membership, plan, other, carried)
    _close(membership, plan)


def other_open_plan(membership: Membership, plan: Plan) -> Plan | None:
    """Returns the plan that can take over actions of a closing one: the draft or the current plan."""
    plans = queries.plans_of(membership)
    return next((each for each in plans if each.status is not PlanStatus.CLOSED and each.id != plan.id), None)


def _to(membership: Membership, plan: Plan, status: PlanStatus) -> None:
    history.note(membership, plan, "status", old=plan.status, new=status)
    plan.status = status
    plan.version += 1


def _close(membership: Membership, plan: Plan) -> None:
    plan.closed_on = clock.today(membership.coalition.time_zone)
    _to(membership, plan, PlanStatus.CLOSED)


def _carry(membership: Membership, from_: Plan, to: Plan, numbers: Collection[int]) -> None:
    """Moves the actions under the objective or goal that continues theirs; under none if it did not continue."""
    actions = sa.select(Action).where(
        Action.coalition_id == membership.coalition_id,
        Action.plan_id == from_.id,
        Action.status.in_(OPEN),
        Action.number.in_(numbers),
    )
    goals, objectives = carryover_queries.goals_in(to), carryover_queries.objectives_in(to)
    for action in db.session.scalars(actions):
        objective = objectives.get(action.objective_id or 0)
        place = {
            "plan_id": to.id,
            "goal_id": objective.goal_id if objective is not None else goals.get(action.goal_id or 0),
            "objective_id": objective.id if objective is not None else None,
        }
        history.set_fields(membership, action, place, kept=place)
        action.version += 1
    db.session.flush()


def snapshot(membership: Membership, plan: Plan) -> dict[str, object]:
    """Returns the current goals, objectives and actions, to compare with later."""
    actions = sa.select(
        Action.number, Action.title, Action.status, Action.due_on, Action.goal_id, Action.objective_id
    ).where(Action.plan_id == plan.id)
    return {
        "format": 1,
        "goals": [
            {"id": goal.id, "title": goal.title, "area": goal.area}
            for goal in queries.goals_of(membership, plan.id)
        ],
        "objectives": [
            {"id": each.id, "goal": each.goal_id, "title": each.title, "measure": each.measure}
            for each in queries.objectives_of(membership, plan.id)
        ],
        "actions": [
            {
                "number": row.number,
                "title": row.title,
                "status": row.status.value,
                "due_on": row.due_on.isoformat() if row.due_on else None,
                "goal": row.goal_id,
                "objective": row.objective_id,
            }
            for row in db.session.execute(actions.order_by(Action.number))
        ],
    }
