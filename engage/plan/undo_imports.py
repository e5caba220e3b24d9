"""Says what an import of a plan may write, and what of it stays, so that it can be undone."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.coalitions.undo_imports import kinds
from engage.coalitions.undo_imports.kinds import ImportKind, Rows
from engage.coalitions.undo_imports.rules import Key
from engage.database import Selection, along
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.plan.models import Action, ActionHelper, Goal, GoalNeed, Objective, Plan
from engage.plan.repeats.models import Repeat
from engage.plan.rules import PlanStatus

KEY = "plan"


def _in_closed_plans(coalition_id: int, rows: Rows) -> Mapping[Key, str]:
    """Returns the rows whose plan is closed: it can be read, but not changed."""
    plan_of: dict[Any, Selection] = {
        Plan: sa.select(Plan.id, Plan.status),
        Goal: sa.select(Goal.id, Plan.status).join(Plan, along(Goal.plan_id, Plan)),
        Objective: sa.select(Objective.id, Plan.status)
        .join(Goal, along(Objective.goal_id, Goal))
        .join(Plan, along(Goal.plan_id, Plan)),
        Action: sa.select(Action.id, Plan.status).join(Plan, along(Action.plan_id, Plan)),
    }
    found: dict[Key, str] = {}
    for model, statement in plan_of.items():
        name = model.__tablename__
        closed = statement.where(model.coalition_id == coalition_id, Plan.status == PlanStatus.CLOSED)
        for key, _status in db.session.execute(closed) if rows.get(name) else ():
            if key in rows[name]:
                found[name, key] = _("Its plan is closed.")
    return found


kinds.register(
    ImportKind(
        key=KEY,
        word=_l("Plan of action"),
        logged=Plan.__tablename__,
        counted={
            Plan.__tablename__: lambda n: ngettext("%(num)s plan", "%(num)s plans", n),
            Goal.__tablename__: lambda n: ngettext("%(num)s goal", "%(num)s goals", n),
            Objective.__tablename__: lambda n: ngettext("%(num)s objective", "%(num)s objectives", n),
            Action.__tablename__: lambda n: ngettext("%(num)s action", "%(num)s actions", n),
            Membership.__tablename__: lambda n: ngettext("%(num)s person", "%(num)s people", n),
        },
        parts={ActionHelper.__tablename__: "action_id", GoalNeed.__tablename__: "goal_id"},
        others=frozenset({Repeat.__tablename__}),
        locked=frozenset({Plan.__tablename__}),
        authors={Membership.__tablename__: "approved_by_id"},
        stays=_in_closed_plans,
    )
)
