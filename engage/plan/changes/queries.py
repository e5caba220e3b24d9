"""Reads from history what changed in the plans between two days.

Each action appears once, with its values at the start and at the end.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased

from engage.clock import local_day, start_of_day
from engage.coalitions.models import Membership
from engage.database import Selection, along
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.models import Meeting
from engage.plan.changes.rules import ChangePeriod
from engage.plan.measures import queries as measures_queries
from engage.plan.measures.models import Measure, Reading
from engage.plan.measures.rules import MeasureFact, Point
from engage.plan.models import Action, Goal, Objective, Plan
from engage.plan.rules import ActionStatus

_ALL = 2**31 - 1


class ChangeKind(StrEnum):
    """The kinds of changes, in the order in which the page shows them."""

    STATUS = "status"
    NEW = "new"
    DUE = "due_on"
    OWNER = "owner_id"
    PLACES = "places"
    READINGS = "readings"
    DELETED = "deleted"


# History stores the values of these fields of an action.
CHANGES = (ChangeKind.STATUS, ChangeKind.DUE, ChangeKind.OWNER)


class PlanMove(Struct, frozen=True):
    """An action that changed: its value at the start and at the end of the period, who changed it last, and when."""

    number: int
    title: str
    old: str | None
    new: str | None
    at: datetime
    by: int | None


class Added(Struct, frozen=True):
    """An action that was added; `status` is its current one."""

    number: int
    title: str
    status: ActionStatus
    at: datetime
    by: int | None


class PlaceAdded(Struct, frozen=True):
    """A goal or an objective that was added."""

    id: int
    title: str
    is_goal: bool
    at: datetime
    by: int | None


class Gone(Struct, frozen=True):
    """Something that was deleted. History stores an action's number, but no text."""

    thing: str
    number: str | None
    at: datetime
    by: int | None


class Read(Struct, frozen=True):
    """A reading that was taken."""

    measure: MeasureFact
    point: Point


class ChangeCounts(Struct, frozen=True):
    """Counts of changes. `to` counts changed actions by their new status."""

    to: Mapping[ActionStatus, int]
    of: Mapping[ChangeKind, int]

    @property
    def total(self) -> int:
        return sum(self.of.values())


_ACTION = Action.__tablename__
_PLACES = (Goal.__tablename__, Objective.__tablename__)


class Asked(Struct, frozen=True):
    """The coalition, the first and last day, and the times at which they begin and end in its time zone."""

    membership: Membership
    period: ChangePeriod
    # This limits actions to one plan; 0 means all plans. Goals, objectives and readings always come from all
    # plans.
    plan_id: int = 0

    @property
    def begins(self) -> datetime:
        return start_of_day(self.period.since, self.membership.coalition.time_zone)

    @property
    def ends(self) -> datetime:
        return start_of_day(self.period.until + timedelta(days=1), self.membership.coalition.time_zone)

    def has(self, moment: Any) -> sa.ColumnElement[bool]:
        """Returns the condition that a column of moments is in the period."""
        return sa.and_(moment >= self.begins, moment < self.ends)

    @property
    def of_plan(self) -> sa.ColumnElement[bool]:
        """Returns the condition for one plan's actions, or, with 0, for those of all plans."""
        return Action.plan_id == self.plan_id if self.plan_id else sa.true()


def _spans(asked: Asked, *more: sa.ColumnElement[bool]) -> Any:
    """Selects, for each action and field, the first and last change in the period, whose difference is the change."""
    return (
        sa.select(
            HistoryEntry.thing_id,
            HistoryEntry.field,
            sa.func.min(HistoryEntry.id).label("first"),
            sa.func.max(HistoryEntry.id).label("last"),
        )
        # SQLite reuses the id of the last deleted row, so changes before the row was added belong to another
        # action.
        .join(
            Action,
            sa.and_(along(HistoryEntry.thing_id, Action), HistoryEntry.happened_at >= Action.created_at),
        )
        .where(
            HistoryEntry.coalition_id == asked.membership.coalition_id,
            HistoryEntry.thing == _ACTION,
            asked.has(HistoryEntry.happened_at),
            *more,
        )
        .group_by(HistoryEntry.thing_id, HistoryEntry.field)
        .subquery()
    )


def _moved(asked: Asked, span: Any) -> tuple[Any, Any, Selection]:
    """Selects values that differ from the start of the period; a change that was reverted is left out."""
    first, last = aliased(HistoryEntry), aliased(HistoryEntry)
    rows = (
        sa.select()
        .select_from(span)
        .join(first, first.id == span.c.first)
        .join(last, last.id == span.c.last)
        .join(Action, Action.id == span.c.thing_id)
        .where(first.old.is_distinct_from(last.new), asked.of_plan)
    )
    return first, last, rows


def _count_rows(asked: Asked) -> Selection:
    span = _spans(asked, HistoryEntry.field.in_(CHANGES))
    _first, last, rows = _moved(asked, span)
    to = sa.case((span.c.field == ChangeKind.STATUS, last.new), else_=None)
    # The expression is labeled, because PostgreSQL takes two copies with parameters for different ones when
    # grouping.
    each = rows.add_columns(span.c.field.label("field"), to.label("to")).subquery()
    return sa.select(each.c.field, each.c.to, sa.func.count()).group_by(each.c.field, each.c.to)


# Statuses are in the order in which they interest people; within one, the latest change is first.
_TOLD = {
    ActionStatus.DONE: 0,
    ActionStatus.STUCK: 1,
    ActionStatus.UNDER_WAY: 2,
    ActionStatus.NOT_STARTED: 3,
    ActionStatus.NO_LONGER_NEEDED: 4,
}


def _how_many(asked: Asked, model: Any, *where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    here = model.coalition_id == asked.membership.coalition_id
    return sa.select(sa.func.count(model.id)).where(here, *where).scalar_subquery()


# Something that was deleted later has no title to show.
_STILL_THERE = sa.or_(
    sa.and_(HistoryEntry.thing == Goal.__tablename__, sa.exists().where(Goal.id == HistoryEntry.thing_id)),
    sa.and_(
        HistoryEntry.thing == Objective.__tablename__,
        sa.exists().where(Objective.id == HistoryEntry.thing_id),
    ),
)
# Something restored from the trash exists again; an action is then found by its number.
_IS_BACK = sa.or_(
    _STILL_THERE,
    sa.and_(
        HistoryEntry.thing == _ACTION,
        sa.exists().where(
            Action.id == HistoryEntry.thing_id, sa.cast(Action.number, sa.String(20)) == HistoryEntry.old
        ),
    ),
)


def _places(asked: Asked) -> sa.ColumnElement[bool]:
    return sa.and_(
        HistoryEntry.thing.in_(_PLACES),
        HistoryEntry.field == "created",
        asked.has(HistoryEntry.happened_at),
    )


def _deleted(asked: Asked) -> sa.ColumnElement[bool]:
    return sa.and_(
        HistoryEntry.thing.in_((_ACTION, *_PLACES)),
        HistoryEntry.field == "deleted",
        asked.has(HistoryEntry.happened_at),
        sa.not_(_IS_BACK),
    )


def _read(asked: Asked) -> sa.ColumnElement[bool]:
    return sa.and_(Reading.taken_on >= asked.period.since, Reading.taken_on <= asked.period.until)


def counts_of(asked: Asked) -> ChangeCounts:
    """Counts what changed, in two queries."""
    of = dict.fromkeys(ChangeKind, 0)
    to: dict[ActionStatus, int] = {}
    for field, status, count in db.session.execute(_count_rows(asked)):
        of[ChangeKind(field)] += count
        if status is not None:
            to[ActionStatus(status)] = count
    others = sa.select(
        _how_many(asked, Action, asked.has(Action.created_at), asked.of_plan),
        _how_many(asked, HistoryEntry, _places(asked), _STILL_THERE),
        _how_many(asked, Reading, _read(asked)),
        _how_many(asked, HistoryEntry, _deleted(asked)),
    )
    new, places, readings, deleted = db.session.execute(others).one()
    of |= {
        ChangeKind.NEW: new,
        ChangeKind.PLACES: places,
        ChangeKind.READINGS: readings,
        ChangeKind.DELETED: deleted,
    }
    return ChangeCounts({status: to[status] for status in _TOLD if status in to}, of)


def moves_of(asked: Asked, kind: ChangeKind, most: int | None = None, skip: int = 0) -> list[PlanMove]:
    """Returns the actions with a new status, due date or lead, in one query."""
    first, last, rows = _moved(asked, _spans(asked, HistoryEntry.field == kind.value))
    told = sa.case({status.value: place for status, place in _TOLD.items()}, value=last.new, else_=5)
    rows = (
        rows.add_columns(
            Action.number,
            Action.title,
            first.old,
            last.new,
            last.happened_at.label("at"),
            last.actor_id.label("by"),
        )
        .order_by(told, last.happened_at.desc(), Action.number)
        .limit(most)
        .offset(skip)
    )
    return [PlanMove(**row._mapping) for row in db.session.execute(rows)]


def added_in(asked: Asked, most: int | None = None, skip: int = 0) -> list[Added]:
    """Returns the new actions, latest first, in one query."""
    here = Action.coalition_id == asked.membership.coalition_id
    rows = (
        sa.select(
            Action.number,
            Action.title,
            Action.status,
            Action.created_at.label("at"),
            Action.created_by_id.label("by"),
        )
        .where(here, asked.has(Action.created_at), asked.of_plan)
        .order_by(Action.number.desc())
        .limit(most)
        .offset(skip)
    )
    return [Added(**row._mapping) for row in db.session.execute(rows)]


def places_added_in(asked: Asked, most: int | None = None, skip: int = 0) -> list[PlaceAdded]:
    """Returns the new goals and objectives that still exist, latest first, in one query."""
    title = sa.func.coalesce(Goal.title, Objective.title)
    is_goal = HistoryEntry.thing == Goal.__tablename__
    is_objective = HistoryEntry.thing == Objective.__tablename__
    rows = (
        sa.select(
            HistoryEntry.thing_id.label("id"),
            title.label("title"),
            is_goal.label("is_goal"),
            HistoryEntry.happened_at.label("at"),
            HistoryEntry.actor_id.label("by"),
        )
        .outerjoin(Goal, sa.and_(is_goal, along(HistoryEntry.thing_id, Goal)))
        .outerjoin(Objective, sa.and_(is_objective, along(HistoryEntry.thing_id, Objective)))
        .where(HistoryEntry.coalition_id == asked.membership.coalition_id, _places(asked), title.is_not(None))
        .order_by(HistoryEntry.id.desc())
        .limit(most)
        .offset(skip)
    )
    return [PlaceAdded(**row._mapping) for row in db.session.execute(rows)]


def deleted_in(asked: Asked, most: int | None = None, skip: int = 0) -> list[Gone]:
    """Returns the deleted actions, goals and objectives, latest first, in one query."""
    rows = (
        sa.select(
            HistoryEntry.thing,
            HistoryEntry.old.label("number"),
            HistoryEntry.happened_at.label("at"),
            HistoryEntry.actor_id.label("by"),
        )
        .where(HistoryEntry.coalition_id == asked.membership.coalition_id, _deleted(asked))
        .order_by(HistoryEntry.id.desc())
        .limit(most)
        .offset(skip)
    )
    return [Gone(**row._mapping) for row in db.session.execute(rows)]


def readings_in(asked: Asked, most: int | None = None, skip: int = 0) -> list[Read]:
    """Returns the readings taken in the period, latest first, in two queries; viewers see no small counts."""
    taken = (
        sa.select(Measure.objective_id, Reading.measure_id, Reading.taken_on)
        .join(Measure, along(Reading.measure_id, Measure))
        .where(Reading.coalition_id == asked.membership.coalition_id, _read(asked))
        .order_by(Reading.taken_on.desc(), Reading.measure_id)
        .limit(most)
        .offset(skip)
    )
    rows = db.session.execute(taken).all()
    found = (
        measures_queries.measures_of(asked.membership, {row.objective_id for row in rows}, most=_ALL)
        if rows
        else {}
    )
    facts = {each.id: each for own in found.values() for each in own}
    points = {(each.id, point.day): point for each in facts.values() for point in each.points}
    return [
        Read(facts[row.measure_id], points[row.measure_id, row.taken_on])
        for row in rows
        if (row.measure_id, row.taken_on) in points
    ]


def plans_in(plans: Collection[Plan], period: ChangePeriod, time_zone: str) -> list[tuple[Plan, str, date]]:
    """Returns events of plans in the period, as (plan, "started", "adopted" or "closed", day), in this order."""
    found = [
        (plan, what, day)
        for plan in plans
        for what, day in (
            ("started", local_day(plan.created_at, time_zone)),
            ("adopted", plan.adopted_on),
            ("closed", plan.closed_on),
        )
        if day is not None and day in period
    ]
    return sorted(found, key=lambda each: (each[2], each[0].id))


def last_meeting_day(membership: Membership, today: date) -> date | None:
    """Returns the day of the last meeting before today, or None if there was none."""
    zone = membership.coalition.time_zone
    starts_at = db.session.scalar(
        sa.select(Meeting.starts_at)
        .where(Meeting.coalition_id == membership.coalition_id, Meeting.starts_at < start_of_day(today, zone))
        .order_by(Meeting.starts_at.desc())
        .limit(1)
    )
    return local_day(starts_at, zone) if starts_at is not None else None
