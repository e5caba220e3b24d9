"""Reads measures of objectives and their readings, within one coalition. `measures.service` writes them."""

from collections.abc import Collection, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from engage.assessment.models import Round
from engage.clock import local_day
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.database import SelectedRow, Selection, along
from engage.extensions import db
from engage.plan.carryover.queries import STILL_MEASURED_EARLIER
from engage.plan.measures.models import Measure, Reading
from engage.plan.measures.rules import Course, MeasureFact, Point
from engage.plan.models import Goal, Objective, Plan
from engage.plan.rules import PlanStatus

# This many readings make the small chart of a list: two years of quarters.
SMALL = 8


class ReadingLine(NamedTuple):
    """A reading in a list; `writer` is None if the person's account is gone."""

    id: int
    taken_on: date
    value: float
    source: str
    written_by_id: int | None
    writer: str | None


# -- reading

_HERE: sa.BindParameter[int] = sa.bindparam("coalition_id")
_older = aliased(Reading)
# A measure's latest readings start on this day; the index finds them, however many readings there are.
_FROM = (
    sa.select(_older.taken_on)
    .where(_older.measure_id == Measure.id)
    .order_by(_older.taken_on.desc())
    .limit(1)
    .offset(sa.bindparam("most") - 1)
    .correlate(Measure)
    .scalar_subquery()
)
# The smallest group that the coalition shows is the highest k of its rounds.
_K = (
    sa.select(sa.func.coalesce(sa.func.max(Round.k), 0))
    .where(Round.coalition_id == _HERE)
    .scalar_subquery()
    .label("k")
)
# The statement is built once, because the plan's list and every line of the chain page run it.
_FACTS: Selection = (
    sa.select(
        Measure.id,
        Measure.objective_id,
        Measure.title,
        Measure.kind,
        Measure.number_kind,
        Measure.unit,
        Measure.direction,
        Measure.baseline_value,
        Measure.baseline_on,
        Measure.target_value,
        Measure.target_on,
        Measure.created_at,
        _K,
        Reading.taken_on,
        Reading.value,
        Reading.written_by_id,
    )
    .outerjoin(
        Reading,
        sa.and_(
            along(Reading.measure_id, Measure), Reading.taken_on >= sa.func.coalesce(_FROM, date(1, 1, 1))
        ),
    )
    .where(Measure.coalition_id == _HERE)
    .order_by(Measure.objective_id, Measure.id, Reading.taken_on)
)
_OF_PLAN = _FACTS.where(
    Measure.objective_id.in_(
        sa.select(Objective.id)
        .join(Goal, along(Objective.goal_id, Goal))
        .where(Goal.coalition_id == _HERE, Goal.plan_id == sa.bindparam("plan_id"))
    )
)

_OF_OBJECTIVES = _FACTS.where(Measure.objective_id.in_(sa.bindparam("keys", expanding=True)))
_OF_OPEN_PLANS = _FACTS.where(
    Measure.objective_id.in_(
        sa.select(Objective.id)
        .join(Goal, along(Objective.goal_id, Goal))
        .join(Plan, along(Goal.plan_id, Plan))
        .where(Plan.coalition_id == _HERE, Plan.status != PlanStatus.CLOSED, sa.not_(STILL_MEASURED_EARLIER))
    )
)


def due_for(membership: Membership, today: date) -> list[MeasureFact]:
    """Returns measures in open plans that are due, the longest wait first, in one query.

    A coordinator gets all of them, others get those of which they took the last reading.
    """
    all_of_them = may(membership.role, Permission.EDIT_PLAN)
    rows = db.session.execute(_OF_OPEN_PLANS, {"coalition_id": membership.coalition_id, "most": 1})
    facts = [
        _fact(membership, row, [Point(row.taken_on, row.value)] if row.taken_on is not None else [])
        for row in rows
        if all_of_them or row.written_by_id == membership.id
    ]
    return sorted((each for each in facts if each.is_due(today)), key=lambda each: each.last_on)


def measures_of_plan(membership: Membership, plan_id: int) -> dict[int, list[MeasureFact]]:
    """Returns the plan's measures by objective with their latest readings, in one query.

    Viewers see no small counts.
    """
    return _by_objective(_OF_PLAN, membership, most=SMALL, plan_id=plan_id)


def measures_of(
    membership: Membership, objective_ids: Collection[int] | None = None, *, most: int = SMALL
) -> dict[int, list[MeasureFact]]:
    """Returns the latest `most` readings of each measure, by objective, for these objectives or for all."""
    if objective_ids is None:
        return _by_objective(_FACTS, membership, most=most)
    return _by_objective(_OF_OBJECTIVES, membership, most=most, keys=list(objective_ids))


def _by_objective(select: Selection, membership: Membership, **asked: object) -> dict[int, list[MeasureFact]]:
    rows = db.session.execute(select, {"coalition_id": membership.coalition_id, **asked})
    sees_all = may(membership.role, Permission.SEE_ALL)
    found: dict[int, list[MeasureFact]] = {}
    for _id, group in groupby(rows, key=attrgetter("id")):
        own = list(group)
        fact = _fact(
            membership, own[0], [Point(row.taken_on, row.value) for row in own if row.taken_on is not None]
        )
        found.setdefault(fact.objective_id, []).append(fact if sees_all else fact.public(own[0].k))
    return found


def _fact(membership: Membership, row: SelectedRow, points: Sequence[Point]) -> MeasureFact:
    baseline = Point(row.baseline_on, row.baseline_value) if row.baseline_on is not None else None
    course = Course(row.direction, baseline, row.target_value, row.target_on)
    return MeasureFact(
        row.id,
        row.objective_id,
        row.title,
        row.kind,
        row.number_kind,
        row.unit,
        course,
        local_day(row.created_at, membership.coalition.time_zone),
        tuple(points),
    )


def measure_of(membership: Membership, measure_id: int) -> Measure | None:
    """Returns this coalition's measure with this id."""
    return db.session.scalar(
        sa.select(Measure).where(Measure.coalition_id == membership.coalition_id, Measure.id == measure_id)
    )


def reading_of(membership: Membership, reading_id: int) -> Reading | None:
    """Returns this coalition's reading with this id."""
    return db.session.scalar(
        sa.select(Reading).where(Reading.coalition_id == membership.coalition_id, Reading.id == reading_id)
    )


def reading_on(measure: Measure, day: date) -> Reading | None:
    """Returns the measure's reading of a day; there is at most one."""
    return db.session.scalar(
        sa.select(Reading).where(
            Reading.coalition_id == measure.coalition_id,
            Reading.measure_id == measure.id,
            Reading.taken_on == day,
        )
    )


def readings_of(membership: Membership, objective_id: int) -> dict[int, list[ReadingLine]]:
    """Returns all readings of an objective's measures, by measure, latest first, in one query."""
    rows = (
        sa.select(
            Reading.measure_id,
            Reading.id,
            Reading.taken_on,
            Reading.value,
            Reading.source,
            Reading.written_by_id,
            Membership.name.label("writer"),
        )
        .join(Measure, along(Reading.measure_id, Measure))
        .outerjoin(Membership, along(Reading.written_by_id, Membership))
        .where(Reading.coalition_id == membership.coalition_id, Measure.objective_id == objective_id)
        .order_by(Reading.taken_on.desc())
    )
    found: dict[int, list[ReadingLine]] = {}
    for row in db.session.execute(rows):
        values = dict(row._mapping)
        found.setdefault(values.pop("measure_id"), []).append(ReadingLine(**values))
    return found


def last_source(measure: Measure) -> str:
    """Returns the source of the latest reading, which is usually that of the next one, too."""
    rows = sa.select(Reading.source).where(
        Reading.coalition_id == measure.coalition_id, Reading.measure_id == measure.id
    )
    return db.session.scalar(rows.order_by(Reading.taken_on.desc()).limit(1)) or ""


def may_change(membership: Membership, written_by_id: int | None) -> bool:
    """Returns whether this person may change the reading: its writer and coordinators may."""
    return written_by_id == membership.id or may(membership.role, Permission.EDIT_PLAN)


def _plan_id(objective_id: int) -> int:
    rows = sa.select(Goal.plan_id).join(Objective, along(Objective.goal_id, Goal))
    return db.session.scalars(rows.where(Objective.id == objective_id)).one()


def plan_of(measure: Measure) -> Plan:
    """Returns the plan that the measure belongs to."""
    return db.session.get_one(Plan, _plan_id(measure.objective_id))


def plan_of_objective(objective: Objective) -> Plan:
    """Returns the plan that the objective belongs to."""
    return db.session.get_one(Plan, _plan_id(objective.id))
