"""Finds an open plan to write in, and makes a draft."""

from datetime import date

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import IntegrityError

from engage import clock
from engage.coalitions.models import Coalition
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.plan.models import Plan
from engage.plan.rules import PlanStatus


def claim_open(plan_id: int) -> Plan:
    """Returns the plan, locked against closing until the commit. Raises WrongState if it is closed."""
    if db.session.get_bind().dialect.name == "sqlite":
        # On SQLite this request has been the only writer since it began, so its copy of the plan is current.
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
    """The author of actions that the daily job makes."""

    coalition: Coalition
    id: None = None

    @property
    def coalition_id(self) -> int:
        return self.coalition.id
