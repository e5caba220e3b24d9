"""Finds an open plan to write in, and records what changed."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _
from msgspec import Struct
from sqlalchemy.exc import IntegrityError

from engage import clock, history
from engage.coalitions.models import Coalition, Membership
from engage.errors import WrongState
from engage.extensions import db
from engage.history import Value
from engage.plan.models import Goal, Objective, Plan
from engage.plan.rules import PlanStatus
from engage.versions import claim_version


def claim_open(plan_id: int) -> Plan:
    """Returns the plan, locked against closing until the commit. Raises WrongState if it is closed."""
    if db.session.get_bind().dialect.name == "sqlite":
        # On SQLite the request has been the only writer since it began, so what it read is current.
        return still_open(db.session.get_one(Plan, plan_id))
    plan = db.session.scalars(
        sa.select(Plan)
        .where(Plan.id == plan_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).one()
    return still_open(plan)


def still_open(plan: Plan) -> Plan:
    """Returns the plan. Raises WrongState if it is closed."""
    if plan.status is PlanStatus.CLOSED:
        raise WrongState(_("This plan is closed. It can be read, but not changed."))
    return plan


def new_draft(
    coalition_id: int, title: str, starts_on: date | None = None, ends_on: date | None = None
) -> Plan:
    """Makes a draft. Raises WrongState if there is one already."""
    plan = Plan(
        coalition_id=coalition_id,
        title=title,
        status=PlanStatus.DRAFT,
        starts_on=starts_on,
        ends_on=ends_on,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(plan)
    except IntegrityError:
        message = _("There is already a draft. Adopt it or close it before you start another.")
        raise WrongState(message) from None
    return plan


class DailyWork(Struct, frozen=True):
    """The author of actions that the daily work makes."""

    coalition: Coalition
    id: None = None

    @property
    def coalition_id(self) -> int:
        return self.coalition.id


Thing = Plan | Goal | Objective


def note(membership: Membership, thing: Thing, field: str, old: Value = None, new: Value = None) -> None:
    """Notes in the history that a field changed."""
    history.record(
        membership.coalition_id, membership.id, thing.__tablename__, thing.id, field, old=old, new=new
    )


def edit(membership: Membership, thing: Thing, version: int, values: Mapping[str, object]) -> None:
    """Sets new values of fields by name. Raises StaleVersion if someone saved it in between."""
    claim_version(thing, version)
    for field, value in values.items():
        old = getattr(thing, field)
        if old != value:
            dates = isinstance(old, date) or isinstance(value, date)
            note(membership, thing, field, *((old, value) if dates else ()))
            setattr(thing, field, value)
