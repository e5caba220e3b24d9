"""Measures of objectives and their readings: what is read and written of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from engage import clock, history
from engage.assessment.models import Round
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.errors import FieldRefused
from engage.extensions import db
from engage.forms import NUMBER_WORDS
from engage.history import Value
from engage.numbers import NumberRefused
from engage.plan import measure_rules as rules
from engage.plan.measure_rules import Course, MeasureFact, NumberKind, Point
from engage.plan.models import Goal, Measure, Objective, Plan, Reading
from engage.plan.rules import PlanStatus
from engage.plan.service import claim_open
from engage.versions import claim_version

# So many readings make the small picture of a list.
SMALL = 12


class ReadingLine(NamedTuple):
    """`writer` is None for somebody whose account is gone."""

    id: int
    taken_on: date
    value: float
    source: str
    written_by_id: int | None
    writer: str | None


# -- reading

_HERE: sa.BindParameter[int] = sa.bindparam("coalition_id")
_NEWEST = (
    sa.select(
        Reading.measure_id,
        Reading.taken_on,
        Reading.value,
        Reading.written_by_id,
        sa.func.row_number()
        .over(partition_by=Reading.measure_id, order_by=Reading.taken_on.desc())
        .label("place"),
    )
    .where(Reading.coalition_id == _HERE)
    .subquery()
)
# The smallest group that the coalition shows of anything: the highest k it gave a round.
_K = (
    sa.select(sa.func.coalesce(sa.func.max(Round.k), 0))
    .where(Round.coalition_id == _HERE)
    .scalar_subquery()
    .label("k")
)
# Built once: the plan's list and every line of the chain ask it.
_FACTS: sa.Select[*tuple[Any, ...]] = (
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
        _NEWEST.c.taken_on,
        _NEWEST.c.value,
        _NEWEST.c.written_by_id,
    )
    .outerjoin(_NEWEST, sa.and_(_NEWEST.c.measure_id == Measure.id, _NEWEST.c.place <= sa.bindparam("most")))
    .where(Measure.coalition_id == _HERE)
    .order_by(Measure.objective_id, Measure.id, _NEWEST.c.taken_on)
)
_OF_PLAN = _FACTS.where(
    Measure.objective_id.in_(
        sa.select(Objective.id)
        .join(Goal, Goal.id == Objective.goal_id)
        .where(Goal.coalition_id == _HERE, Goal.plan_id == sa.bindparam("plan_id"))
    )
)

_OF_OPEN_PLANS = _FACTS.where(
    Measure.objective_id.in_(
        sa.select(Objective.id)
        .join(Goal, Goal.id == Objective.goal_id)
        .join(Plan, Plan.id == Goal.plan_id)
        .where(Plan.coalition_id == _HERE, Plan.status != PlanStatus.CLOSED)
    )
)


def due_for(membership: Membership, today: date) -> list[MeasureFact]:
    """What waits for its next reading in an open plan: of everything for a coordinator, else of what one read
    oneself the last time. The longest wait first. One query."""
    all_of_them = may(membership.role, Permission.EDIT_PLAN)
    rows = db.session.execute(_OF_OPEN_PLANS, {"coalition_id": membership.coalition_id, "most": 1})
    facts = [
        _fact(row, [Point(row.taken_on, row.value)] if row.taken_on is not None else [])
        for row in rows
        if all_of_them or row.written_by_id == membership.id
    ]
    return sorted((each for each in facts if each.is_due(today)), key=lambda each: each.last_on)


def measures_of_plan(membership: Membership, plan_id: int) -> dict[int, list[MeasureFact]]:
    """By objective, each with its latest readings; for a viewer without small counts. One query."""
    return _by_objective(_OF_PLAN, membership, most=SMALL, plan_id=plan_id)


def measures_of(
    membership: Membership, objective_ids: Collection[int] | None = None, *, most: int = SMALL
) -> dict[int, list[MeasureFact]]:
    """The same of these objectives, or of all; the latest `most` readings of each measure."""
    wanted = _FACTS if objective_ids is None else _FACTS.where(Measure.objective_id.in_(objective_ids))
    return _by_objective(wanted, membership, most=most)


def _by_objective(
    select: sa.Select[*tuple[Any, ...]], membership: Membership, **asked: int
) -> dict[int, list[MeasureFact]]:
    rows = db.session.execute(select, {"coalition_id": membership.coalition_id, **asked})
    sees_all = may(membership.role, Permission.SEE_ALL)
    found: dict[int, list[MeasureFact]] = {}
    for _id, group in groupby(rows, key=attrgetter("id")):
        own = list(group)
        fact = _fact(own[0], [Point(row.taken_on, row.value) for row in own if row.taken_on is not None])
        found.setdefault(fact.objective_id, []).append(fact if sees_all else fact.public(own[0].k))
    return found


def _fact(row: Any, points: Sequence[Point]) -> MeasureFact:
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
        row.created_at.date(),
        tuple(points),
    )


def measure_of(membership: Membership, measure_id: int) -> Measure | None:
    """This coalition's measure with this id."""
    return db.session.scalar(
        sa.select(Measure).where(Measure.coalition_id == membership.coalition_id, Measure.id == measure_id)
    )


def reading_of(membership: Membership, reading_id: int) -> Reading | None:
    """This coalition's reading with this id."""
    return db.session.scalar(
        sa.select(Reading).where(Reading.coalition_id == membership.coalition_id, Reading.id == reading_id)
    )


def reading_on(measure: Measure, day: date) -> Reading | None:
    """The measure's reading of a day; there is one at most."""
    return db.session.scalar(
        sa.select(Reading).where(
            Reading.coalition_id == measure.coalition_id,
            Reading.measure_id == measure.id,
            Reading.taken_on == day,
        )
    )


def readings_of(membership: Membership, objective_id: int) -> dict[int, list[ReadingLine]]:
    """All readings of an objective's measures, by measure, the latest first. One query."""
    rows = (
        sa.select(
            Reading.measure_id,
            Reading.id,
            Reading.taken_on,
            Reading.value,
            Reading.source,
            Reading.written_by_id,
            Membership.name,
        )
        .join(Measure, Measure.id == Reading.measure_id)
        .outerjoin(Membership, Membership.id == Reading.written_by_id)
        .where(Reading.coalition_id == membership.coalition_id, Measure.objective_id == objective_id)
        .order_by(Reading.taken_on.desc())
    )
    found: dict[int, list[ReadingLine]] = {}
    for row in db.session.execute(rows):
        found.setdefault(row[0], []).append(ReadingLine(*row[1:]))
    return found


def last_source(measure: Measure) -> str:
    """Where the latest reading came from: mostly the next one comes from there, too."""
    rows = sa.select(Reading.source).where(
        Reading.coalition_id == measure.coalition_id, Reading.measure_id == measure.id
    )
    return db.session.scalar(rows.order_by(Reading.taken_on.desc()).limit(1)) or ""


def may_change(membership: Membership, written_by_id: int | None) -> bool:
    """One's own readings, and for coordinators every one."""
    return written_by_id == membership.id or may(membership.role, Permission.EDIT_PLAN)


# -- writing

Row = Measure | Reading


def _note(membership: Membership, row: Row, field: str, old: Value = None, new: Value = None) -> None:
    history.record(row.coalition_id, membership.id, row.__tablename__, row.id, field, old=old, new=new)


def _set(membership: Membership, row: Row, values: Mapping[str, Any]) -> None:
    for field, value in values.items():
        old = getattr(row, field)
        if old != value:
            texts = field in {"title", "unit", "source"}
            _note(membership, row, field, *(() if texts else (old, value)))
            setattr(row, field, value)


def _plan_id(objective_id: int) -> int:
    rows = sa.select(Goal.plan_id).join(Objective, Objective.goal_id == Goal.id)
    return db.session.scalars(rows.where(Objective.id == objective_id)).one()


def plan_of(measure: Measure) -> Plan:
    """The plan that the measure stands in."""
    return db.session.get_one(Plan, _plan_id(measure.objective_id))


def plan_of_objective(objective: Objective) -> Plan:
    """The plan that the objective stands in."""
    return db.session.get_one(Plan, _plan_id(objective.id))


def add_measure(membership: Membership, objective: Objective, fields: Mapping[str, Any]) -> Measure:
    """Raises WrongState where the plan is closed."""
    claim_open(_plan_id(objective.id))
    measure = Measure(
        coalition_id=objective.coalition_id, objective_id=objective.id, created_at=clock.now(), **fields
    )
    db.session.add(measure)
    db.session.flush()
    _note(membership, measure, "created")
    return measure


def edit_measure(membership: Membership, measure: Measure, version: int, fields: Mapping[str, Any]) -> None:
    """Raises WrongState, StaleVersion, and FieldRefused on `number_kind` where its readings are none of that kind."""
    claim_open(_plan_id(measure.objective_id))
    _check_readings(measure, fields["number_kind"])
    claim_version(measure, version)
    _set(membership, measure, fields)


def _check_readings(measure: Measure, number: NumberKind) -> None:
    rows = sa.select(Reading.value).where(
        Reading.coalition_id == measure.coalition_id, Reading.measure_id == measure.id
    )
    for value in db.session.scalars(rows):
        try:
            rules.check_number(value, number)
        except NumberRefused as refused:
            why = str(NUMBER_WORDS[refused.problem])
            raise FieldRefused(
                "number_kind", _("A reading of this measure does not fit. %(why)s", why=why)
            ) from None


def delete_measure(membership: Membership, measure: Measure) -> None:
    """Gone with its readings. Raises WrongState where the plan is closed."""
    claim_open(_plan_id(measure.objective_id))
    _note(membership, measure, "deleted")
    db.session.delete(measure)


def add_reading(membership: Membership, measure: Measure, fields: Mapping[str, Any]) -> Reading:
    """Raises WrongState, and FieldRefused on `taken_on` where that day has a reading."""
    claim_open(_plan_id(measure.objective_id))
    reading = Reading(
        coalition_id=measure.coalition_id,
        measure_id=measure.id,
        written_at=clock.now(),
        written_by_id=membership.id,
        **fields,
    )
    try:
        with db.session.begin_nested():
            db.session.add(reading)
    except IntegrityError:
        raise day_is_taken() from None
    _note(membership, reading, "created", new=reading.value)
    return reading


def day_is_taken() -> FieldRefused:
    return FieldRefused(
        "taken_on", _("This day has a reading already. Choose another day, or change that one.")
    )


def edit_reading(membership: Membership, reading: Reading, version: int, fields: Mapping[str, Any]) -> None:
    """Raises WrongState, StaleVersion, and FieldRefused on `taken_on` where that day has another reading."""
    measure = db.session.get_one(Measure, reading.measure_id)
    claim_open(_plan_id(measure.objective_id))
    other = reading_on(measure, fields["taken_on"])
    if other is not None and other.id != reading.id:
        raise day_is_taken()
    claim_version(reading, version)
    try:
        with db.session.begin_nested():
            _set(membership, reading, fields)
    except IntegrityError:
        raise day_is_taken() from None


def delete_reading(membership: Membership, reading: Reading) -> None:
    """Raises WrongState where the plan is closed."""
    measure = db.session.get_one(Measure, reading.measure_id)
    claim_open(_plan_id(measure.objective_id))
    _note(membership, reading, "deleted", old=reading.value)
    db.session.delete(reading)
