"""Writes measures and their readings."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engage import clock, history, versions
from engage.coalitions.models import Membership
from engage.errors import FieldRefused
from engage.extensions import db
from engage.i18n import gettext as _
from engage.numbers import NumberRefused
from engage.plan.measures import rules
from engage.plan.measures.models import Measure, Reading
from engage.plan.measures.queries import plan_of, plan_of_objective, reading_on
from engage.plan.measures.rules import MeasureKind, NumberKind
from engage.plan.models import Objective
from engage.plan.service import claim_open
from engage.versions import claim_version
from engage.web.labels import NUMBER_LABELS

_TEXTS = frozenset({"title", "unit", "source"})
LONGEST_TITLE = 200


def add_measure(membership: Membership, objective: Objective, fields: Mapping[str, object]) -> Measure:
    """Adds a measure. Raises WrongState if the plan is closed."""
    claim_open(plan_of_objective(objective).id)
    measure = Measure(
        coalition_id=objective.coalition_id, objective_id=objective.id, created_at=clock.now(), **fields
    )
    return history.add(membership, measure, "created")


def add_written(membership: Membership, objective: Objective, today: date) -> Measure | None:
    """Adds the measure found in the objective's words, starting today; None if they contain no numbers."""
    fields = written_fields(objective, today)
    return add_measure(membership, objective, fields) if fields else None


def written_fields(objective: Objective, today: date) -> dict[str, object]:
    """Returns a measure's fields from the objective's words; empty if these contain no numbers."""
    said = rules.written(objective.measure)
    if said is None:
        return {}
    due_on = objective.due_on
    return {
        "title": (said.what or objective.title)[:LONGEST_TITLE],
        "kind": MeasureKind.HOW_MUCH,
        "number_kind": said.number_kind,
        "direction": said.direction,
        "baseline_value": said.start,
        "baseline_on": today,
        "target_value": said.target,
        "target_on": due_on if due_on and due_on > today else None,
    }


def edit_measure(membership: Membership, measure: Measure, version: int, fields: Mapping[str, Any]) -> None:
    """Edits a measure.

    Raises WrongState, StaleVersion, and FieldRefused on `number_kind` if its readings cannot be of that kind.
    """
    claim_open(plan_of(measure).id)
    _check_readings(measure, fields["number_kind"])
    versions.change(membership, measure, version, fields, kept=fields.keys() - _TEXTS)


def _check_readings(measure: Measure, number: NumberKind) -> None:
    rows = sa.select(Reading.value).where(
        Reading.coalition_id == measure.coalition_id, Reading.measure_id == measure.id
    )
    for value in db.session.scalars(rows):
        try:
            rules.check_number(value, number)
        except NumberRefused as refused:
            why = str(NUMBER_LABELS[refused.problem])
            raise FieldRefused(
                "number_kind", _("A reading of this measure does not fit. %(why)s", why=why)
            ) from None


def add_reading(membership: Membership, measure: Measure, fields: Mapping[str, object]) -> Reading:
    """Adds a reading. Raises WrongState, and FieldRefused on `taken_on` if that day already has one."""
    claim_open(plan_of(measure).id)
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
    history.note(membership, reading, "created", new=reading.value)
    return reading


def day_is_taken() -> FieldRefused:
    return FieldRefused(
        "taken_on", _("This day already has a reading. Choose another day, or change that one.")
    )


def edit_reading(membership: Membership, reading: Reading, version: int, fields: Mapping[str, Any]) -> None:
    """Edits a reading. Raises WrongState, StaleVersion, and FieldRefused on `taken_on` if that day has another one."""
    measure = db.session.get_one(Measure, reading.measure_id)
    claim_open(plan_of(measure).id)
    other = reading_on(measure, fields["taken_on"])
    if other is not None and other.id != reading.id:
        raise day_is_taken()
    claim_version(reading, version)
    try:
        with db.session.begin_nested():
            history.set_fields(membership, reading, fields, kept=fields.keys() - _TEXTS)
    except IntegrityError:
        raise day_is_taken() from None
