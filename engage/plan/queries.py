"""What other features read of the plan, owner first. Its parts: `parts`; its list: `listing`; an action's
story: `trail`."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from engage.checklist.models import Item
from engage.coalitions.models import Membership
from engage.database import UtcDateTime, along
from engage.extensions import db
from engage.history import HistoryEntry, given_since
from engage.plan.carried import STILL_EARLIER
from engage.plan.models import Action, ActionNote, Goal, GoalNeed, Measure, Objective, Plan
from engage.plan.rules import OPEN, SOON_DAYS, ActionStatus, PlanStatus, Progress, landing
from engage.strengths.models import Need


@dataclass(frozen=True, slots=True)
class ActionRef:
    """An action as other pages name it."""

    id: int
    number: int
    title: str
    status: ActionStatus


@dataclass(frozen=True, slots=True)
class GoalRef:
    """A goal as other pages name it."""

    id: int
    title: str
    plan_id: int


@dataclass(frozen=True, slots=True)
class WaitingAction:
    """An open action that waits for its owner (None: for anybody). `help_needed` is empty unless stuck."""

    number: int
    title: str
    status: ActionStatus
    due_on: date | None
    is_late: bool
    help_needed: str
    owner_id: int | None
    owner_name: str | None
    version: int


@dataclass(frozen=True, slots=True)
class WaitingActions:
    """The first of them, and how many there are."""

    shown: list[WaitingAction]
    total: int


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """Where the current plan stands, or the draft where none is adopted."""

    plan_id: int
    title: str
    status: PlanStatus
    adopted_on: date | None
    progress: Progress
    late: int
    stuck: int
    due_this_month: int


@dataclass(frozen=True, slots=True)
class MovesSince:
    """How many actions are new, and how many moved to a status that they still have."""

    new: int
    done: int
    stuck: int
    under_way: int
    no_longer_needed: int


@dataclass(frozen=True, slots=True)
class StepCounts:
    """What Getting Started asks of the plan; an action counts with an owner and a due date."""

    adopted_plan: bool
    goals: int
    goals_with_objective: int
    # Of them, those with an objective that a number measures.
    goals_measured: int
    objectives: int
    objectives_with_action: int


# -- the plan they speak of


_OPEN_PLANS = sa.select(Plan).where(
    Plan.coalition_id == sa.bindparam("coalition_id"), Plan.status != PlanStatus.CLOSED
)


def open_plan(coalition_id: int) -> Plan | None:
    """Where a one-step action lands: the current plan, else the draft."""
    rows = db.session.scalars(_OPEN_PLANS, {"coalition_id": coalition_id})
    plans = {plan.status: plan for plan in rows}
    status = landing(plans)
    return plans[status] if status is not None else None


# -- for the features around


@cache
def _ref_rows(key: str, of: str | None) -> sa.Select[Any]:
    """The actions whose column `key` says something, or whose column `of` says `value`; built once for each."""
    fits = getattr(Action, key).is_not(None) if of is None else getattr(Action, of) == sa.bindparam("value")
    return (
        sa.select(getattr(Action, key), Action.id, Action.number, Action.title, Action.status)
        .where(Action.coalition_id == sa.bindparam("coalition_id"), fits)
        .order_by(Action.number)
    )


def _refs(
    membership: Membership, key: str, of: str | None = None, value: int | None = None
) -> dict[Any, list[ActionRef]]:
    asked = {"coalition_id": membership.coalition_id, **({"value": value} if of else {})}
    found: dict[Any, list[ActionRef]] = defaultdict(list)
    for its, *ref in db.session.execute(_ref_rows(key, of), asked):
        found[its].append(ActionRef(*ref))
    return dict(found)


def _refs_of(membership: Membership, key: str, value: int) -> list[ActionRef]:
    return _refs(membership, key, key, value).get(value, [])


def actions_of_items(membership: Membership) -> dict[int, list[ActionRef]]:
    """The actions that came from items of a tip, by the item's id."""
    return _refs(membership, "item_id")


def actions_of_item(membership: Membership, item: Item) -> list[ActionRef]:
    """The actions that came from this item."""
    return _refs_of(membership, "item_id", item.id)


def actions_of_indicators(membership: Membership, round_id: int) -> dict[str, list[ActionRef]]:
    """The actions that came from a round's indicators, by the indicator's key."""
    return _refs(membership, "indicator", "round_id", round_id)


def actions_of_need(membership: Membership, need_id: int) -> list[ActionRef]:
    """The actions that answer this need."""
    return _refs_of(membership, "need_id", need_id)


def goals_of_need(membership: Membership, need_id: int) -> list[GoalRef]:
    """The goals that answer this need."""
    rows = (
        sa.select(Goal.id, Goal.title, Goal.plan_id)
        .join(GoalNeed, along(GoalNeed.goal_id, Goal))
        .where(GoalNeed.coalition_id == membership.coalition_id, GoalNeed.need_id == need_id)
        .order_by(Goal.position, Goal.id)
    )
    return [GoalRef(*row) for row in db.session.execute(rows)]


def needs_in_draft(membership: Membership) -> set[int]:
    """The ids of the needs that a goal of the draft answers."""
    rows = (
        sa.select(GoalNeed.need_id)
        .join(Goal, along(GoalNeed.goal_id, Goal))
        .join(Plan, along(Goal.plan_id, Plan))
        .where(Plan.coalition_id == membership.coalition_id, Plan.status == PlanStatus.DRAFT)
    )
    return set(db.session.scalars(rows))


def actions_of_matches(membership: Membership) -> dict[int, list[ActionRef]]:
    """The actions that follow from matches, by the match's id."""
    return _refs(membership, "match_id")


def actions_with(membership: Membership, organization_id: int) -> list[ActionRef]:
    """The actions in which this organization is the partner."""
    return _refs_of(membership, "organization_id", organization_id)


def actions_of_decisions(membership: Membership) -> dict[int, list[ActionRef]]:
    """The actions that came of decisions, by the decision's id."""
    return _refs(membership, "decision_id")


def actions_of_agenda_items(membership: Membership) -> dict[int, list[ActionRef]]:
    """The actions that came of lines of agendas, by the line's id."""
    return _refs(membership, "agenda_item_id")


def plans_adopted_at(membership: Membership, meeting_id: int) -> list[tuple[int, str]]:
    """The plans that a meeting adopted, as (id, title)."""
    rows = sa.select(Plan.id, Plan.title).where(
        Plan.coalition_id == membership.coalition_id, Plan.meeting_id == meeting_id
    )
    return [(key, title) for key, title in db.session.execute(rows.order_by(Plan.id))]


def actions_of_notes(membership: Membership, note_ids: Collection[int]) -> dict[int, ActionRef]:
    """The actions that were made of these notes, by the note's id."""
    if not note_ids:
        return {}
    rows = (
        sa.select(ActionNote.note_id, Action.id, Action.number, Action.title, Action.status)
        .join(Action, along(ActionNote.action_id, Action))
        .where(ActionNote.coalition_id == membership.coalition_id, ActionNote.note_id.in_(note_ids))
    )
    return {
        note_id: ActionRef(key, number, title, status)
        for note_id, key, number, title, status in db.session.execute(rows)
    }


def _open_actions(coalition_id: int | sa.BindParameter[int]) -> tuple[sa.ColumnElement[bool], ...]:
    """By their plans, so that the index on plan and state finds them among thousands."""
    plans = sa.select(Plan.id).where(Plan.coalition_id == coalition_id, Plan.status != PlanStatus.CLOSED)
    return Action.plan_id.in_(plans), Action.status.in_(OPEN)


def actions_held_by(membership: Membership) -> list[ActionRef]:
    """The open actions of open plans that this person leads: what is handed over when they leave."""
    rows = (
        sa.select(Action.id, Action.number, Action.title, Action.status)
        .where(*_open_actions(membership.coalition_id), Action.owner_id == membership.id)
        .order_by(Action.number)
    )
    return [ActionRef(*row) for row in db.session.execute(rows)]


_COALITION: sa.BindParameter[int] = sa.bindparam("coalition_id")
_TODAY: sa.BindParameter[date] = sa.bindparam("today")
_ME: sa.BindParameter[int] = sa.bindparam("me")
_IS_STUCK = Action.status == ActionStatus.STUCK


def _how_many(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _waiting_rows(*where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Late first, then stuck, then by date; counted in the same query."""
    late = sa.and_(Action.due_on.is_not(None), Action.due_on < _TODAY)
    wanted = (*_open_actions(_COALITION), sa.not_(STILL_EARLIER), *where)
    return (
        sa.select(
            Action.number,
            Action.title,
            Action.status,
            Action.due_on,
            Action.reason,
            Action.owner_id,
            Membership.name,
            Action.version,
            sa.select(sa.func.count(Action.id)).where(*wanted).scalar_subquery().label("total"),
        )
        .outerjoin(Membership, along(Action.owner_id, Membership))
        .where(*wanted)
        .order_by(sa.case((late, 0), (_IS_STUCK, 1), else_=2), Action.due_on, Action.number)
        .limit(sa.bindparam("most"))
    )


_ALL = 2**31 - 1

# What home asks is built once: building a statement takes longer than running it.
_WAITS = sa.or_(Action.due_on <= sa.bindparam("soon"), _IS_STUCK)
_MINE = _waiting_rows(Action.owner_id == _ME, _WAITS)
_EVERYBODYS = _waiting_rows(Action.owner_id.is_not(None), _WAITS)
_NEWLY_MINE = _waiting_rows(
    Action.owner_id == _ME,
    sa.or_(
        sa.and_(
            Action.created_at > sa.bindparam("since", type_=UtcDateTime),
            sa.or_(Action.created_by_id.is_(None), Action.created_by_id != _ME),
        ),
        Action.id.in_(given_since()),
    ),
)
_OTHERS = _waiting_rows(
    sa.or_(Action.owner_id.is_(None), Action.owner_id != _ME), sa.or_(Action.due_on < _TODAY, _IS_STUCK)
)
_STUCK = _waiting_rows(_IS_STUCK)
_LATE = _waiting_rows(Action.due_on < _TODAY, sa.not_(_IS_STUCK))
# Grouped by state, and from the columns of one index: a plan may hold thousands of actions.
_SUMMARY = (
    sa.select(
        Plan.id,
        Plan.title,
        Plan.status,
        Plan.adopted_on,
        Action.status.label("state"),
        sa.func.count(Action.status).label("actions"),
        _how_many(Action.due_on < _TODAY).label("overdue"),
        _how_many(sa.and_(Action.due_on >= _TODAY, Action.due_on < sa.bindparam("month_ends"))).label(
            "month"
        ),
    )
    .outerjoin(Action, along(Action.plan_id, Plan))
    .where(Plan.coalition_id == _COALITION, Plan.status != PlanStatus.CLOSED)
    .group_by(Plan.id, Plan.title, Plan.status, Plan.adopted_on, Action.status)
)
_SINCE: sa.BindParameter[datetime] = sa.bindparam("since")
_MOVED = (
    sa.select(Action.status, sa.func.count(sa.distinct(Action.id)).label("moved"))
    .join(HistoryEntry, along(HistoryEntry.thing_id, Action))
    .where(
        Action.coalition_id == _COALITION,
        HistoryEntry.coalition_id == _COALITION,
        HistoryEntry.thing == Action.__tablename__,
        HistoryEntry.field == "status",
        HistoryEntry.happened_at >= _SINCE,
    )
    .group_by(Action.status)
)
_NEW = sa.select(sa.func.count()).where(Action.coalition_id == _COALITION, Action.created_at >= _SINCE)


def _waiting(
    rows: sa.Select[Any], membership: Membership, today: date, most: int | None, **asked: object
) -> WaitingActions:
    found = db.session.execute(
        rows,
        {
            "coalition_id": membership.coalition_id,
            "me": membership.id,
            "today": today,
            "soon": today + timedelta(days=SOON_DAYS),
            "most": most or _ALL,
            **asked,
        },
    ).all()
    shown = [
        WaitingAction(
            number=row.number,
            title=row.title,
            status=row.status,
            due_on=row.due_on,
            is_late=row.due_on is not None and row.due_on < today,
            help_needed=row.reason if row.status is ActionStatus.STUCK else "",
            owner_id=row.owner_id,
            owner_name=row.name,
            version=row.version,
        )
        for row in found
    ]
    return WaitingActions(shown, found[0].total if found else 0)


def waiting_for(membership: Membership, today: date, most: int | None = None) -> WaitingActions:
    """My open actions that are late, stuck or due within two weeks, in this order; of them the first `most`."""
    return _waiting(_MINE, membership, today, most)


def everybodys_waiting(membership: Membership, today: date) -> dict[int, list[WaitingAction]]:
    """The same of everybody who leads something, by who leads it. One query."""
    found: dict[int, list[WaitingAction]] = defaultdict(list)
    for action in _waiting(_EVERYBODYS, membership, today, None).shown:
        assert action.owner_id is not None
        found[action.owner_id].append(action)
    return found


def newly_mine(membership: Membership, today: date, since: datetime, most: int) -> WaitingActions:
    """My open actions, whenever due, that somebody else gave me or made for me after this moment."""
    asked = {"since": since, "thing": Action.__tablename__, "field": "owner_id"}
    return _waiting(_NEWLY_MINE, membership, today, most, **asked)


def waiting_action(action: Action, today: date) -> WaitingAction:
    """One action as the list has it, whether it waits or not; its owner without a name."""
    return WaitingAction(
        number=action.number,
        title=action.title,
        status=action.status,
        due_on=action.due_on,
        is_late=action.status in OPEN and action.due_on is not None and action.due_on < today,
        help_needed=action.reason if action.status is ActionStatus.STUCK else "",
        owner_id=action.owner_id,
        owner_name=None,
        version=action.version,
    )


def others_late_or_stuck(membership: Membership, today: date, most: int | None = None) -> WaitingActions:
    """For coordinators: what is late or stuck and not mine, late first; some has no owner."""
    return _waiting(_OTHERS, membership, today, most)


def stuck_actions(membership: Membership, today: date, most: int) -> WaitingActions:
    """Everybody's stuck actions, the late ones first."""
    return _waiting(_STUCK, membership, today, most)


def late_actions(membership: Membership, today: date, most: int) -> WaitingActions:
    """Everybody's late actions that are not stuck, the longest late first."""
    return _waiting(_LATE, membership, today, most)


def indicators_worked_on(membership: Membership, round_id: int) -> set[str]:
    """The indicators of a round that an action or, by the need made of one, an action or a goal works on."""
    of_round = (Need.coalition_id == membership.coalition_id, Need.round_id == round_id)
    rows = sa.union(
        sa.select(Action.indicator).where(
            Action.coalition_id == membership.coalition_id, Action.round_id == round_id
        ),
        sa.select(Need.indicator).join(Action, along(Action.need_id, Need)).where(*of_round),
        sa.select(Need.indicator).join(GoalNeed, along(GoalNeed.need_id, Need)).where(*of_round),
    )
    return set(db.session.scalars(rows))


def plan_summary(membership: Membership, today: date) -> PlanSummary | None:
    """The current plan, else the draft, with its counts; None where there is no open plan. One query."""
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


def moves_since(membership: Membership, moment: datetime) -> MovesSince:
    """What moved in the plans since a moment, counted by action, not by move."""
    asked = {"coalition_id": membership.coalition_id, "since": moment}
    counts = {row.status: row.moved for row in db.session.execute(_MOVED, asked)}
    return MovesSince(
        new=db.session.scalar(_NEW, asked) or 0,
        done=counts.get(ActionStatus.DONE, 0),
        stuck=counts.get(ActionStatus.STUCK, 0),
        under_way=counts.get(ActionStatus.UNDER_WAY, 0),
        no_longer_needed=counts.get(ActionStatus.NO_LONGER_NEEDED, 0),
    )


def _step_rows() -> sa.Select[Any]:
    plan_id = sa.bindparam("plan_id", type_=sa.Integer)
    goals = sa.select(Goal.id).where(Goal.plan_id == plan_id)
    objectives = sa.select(Objective.id).where(Objective.goal_id.in_(goals))
    ready = sa.exists().where(
        Action.objective_id == Objective.id,
        Action.owner_id.is_not(None),
        Action.due_on.is_not(None),
        Action.status != ActionStatus.NO_LONGER_NEEDED,
    )

    def how_many(rows: sa.Select[Any]) -> sa.ScalarSelect[Any]:
        return sa.select(sa.func.count()).select_from(rows.subquery()).scalar_subquery()

    return sa.select(
        how_many(goals),
        how_many(goals.where(sa.exists().where(Objective.goal_id == Goal.id))),
        how_many(
            goals.where(sa.exists().where(Objective.goal_id == Goal.id, Measure.objective_id == Objective.id))
        ),
        how_many(objectives),
        how_many(objectives.where(ready)),
    )


_STEPS = _step_rows()


def step_counts(coalition_id: int) -> StepCounts:
    """Of the current plan, else the draft."""
    plan = open_plan(coalition_id)
    if plan is None:
        return StepCounts(False, 0, 0, 0, 0, 0)
    counts = db.session.execute(_STEPS, {"plan_id": plan.id}).one()
    return StepCounts(plan.status is PlanStatus.ADOPTED, *counts)
