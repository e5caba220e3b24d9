"""Reads a plan's totals, and counts for Getting Started."""

from datetime import date, timedelta

import sqlalchemy as sa
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.database import Selection
from engage.extensions import db
from engage.plan.actions.queries.waiting import COALITION
from engage.plan.measures.models import Measure
from engage.plan.models import Action, Goal, Objective, Plan
from engage.plan.queries import TODAY, open_plan
from engage.plan.rules import OPEN, ActionStatus, PlanStatus, Progress, landing


class PlanSummary(Struct, frozen=True):
    """The state of the current plan, or of the draft if none is adopted."""

    plan_id: int
    title: str
    status: PlanStatus
    adopted_on: date | None
    progress: Progress
    late: int
    stuck: int
    due_this_month: int


class PlanStepCounts(Struct, frozen=True):
    """Counts for Getting Started; an action counts if it has an owner and a due date."""

    adopted_plan: bool
    goals: int
    goals_with_objective: int
    # These are the goals with an objective that has a measure.
    goals_measured: int
    objectives: int
    objectives_with_action: int


# The statement counts by state within one index, and due actions within its ranges, because a plan may hold
# thousands of actions.
_plans = sa.select(Plan.id).where(Plan.coalition_id == COALITION, Plan.status != PlanStatus.CLOSED)
_states = (
    sa.select(Action.plan_id, Action.status, sa.func.count().label("actions"))
    .where(Action.plan_id.in_(_plans))
    .group_by(Action.plan_id, Action.status)
    .subquery()
)


def _due(*when: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    here = sa.select(sa.func.count()).where(Action.plan_id == _states.c.plan_id)
    return here.where(Action.status == _states.c.status, *when).correlate(_states).scalar_subquery()


_SUMMARY = (
    sa.select(
        Plan.id,
        Plan.title,
        Plan.status,
        Plan.adopted_on,
        _states.c.status.label("state"),
        sa.func.coalesce(_states.c.actions, 0).label("actions"),
        _due(Action.due_on < TODAY).label("overdue"),
        _due(Action.due_on >= TODAY, Action.due_on < sa.bindparam("month_ends")).label("month"),
    )
    .outerjoin(_states, _states.c.plan_id == Plan.id)
    .where(Plan.id.in_(_plans))
)


def plan_summary(membership: Membership, today: date) -> PlanSummary | None:
    """Returns the current plan, else the draft, with its counts, in one query; None if no plan is open."""
    month_ends = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    rows = db.session.execute(
        _SUMMARY, {"coalition_id": membership.coalition_id, "today": today, "month_ends": month_ends}
    ).all()
    status = landing({row.status for row in rows})
    if status is None:
        return None
    rows = [row for row in rows if row.status is status]
    by_state = {row.state: row.actions for row in rows}
    dropped = by_state.get(ActionStatus.NO_LONGER_NEEDED, 0)
    return PlanSummary(
        plan_id=rows[0].id,
        title=rows[0].title,
        status=status,
        adopted_on=rows[0].adopted_on,
        progress=Progress(by_state.get(ActionStatus.DONE, 0), sum(by_state.values()) - dropped, dropped),
        late=sum(row.overdue for row in rows if row.state in OPEN),
        stuck=by_state.get(ActionStatus.STUCK, 0),
        due_this_month=sum(row.month for row in rows if row.state in OPEN),
    )


def step_counts(coalition_id: int) -> PlanStepCounts:
    """Counts the current plan, else the draft."""
    plan = open_plan(coalition_id)
    if plan is None:
        return PlanStepCounts(False, 0, 0, 0, 0, 0)
    goals = sa.select(Goal.id).where(Goal.plan_id == plan.id)
    objectives = sa.select(Objective.id).where(Objective.goal_id.in_(goals))
    ready = sa.exists().where(
        Action.objective_id == Objective.id,
        Action.owner_id.is_not(None),
        Action.due_on.is_not(None),
        Action.status != ActionStatus.NO_LONGER_NEEDED,
    )

    def how_many(rows: Selection) -> sa.ScalarSelect[object]:
        return sa.select(sa.func.count()).select_from(rows.subquery()).scalar_subquery()

    rows = sa.select(
        how_many(goals).label("goals"),
        how_many(goals.where(sa.exists().where(Objective.goal_id == Goal.id))).label("goals_with_objective"),
        how_many(
            goals.where(sa.exists().where(Objective.goal_id == Goal.id, Measure.objective_id == Objective.id))
        ).label("goals_measured"),
        how_many(objectives).label("objectives"),
        how_many(objectives.where(ready)).label("objectives_with_action"),
    )
    counts = db.session.execute(rows).one()
    return PlanStepCounts(plan.status is PlanStatus.ADOPTED, **counts._mapping)
