"""Lists what was done between two days, with the indicator that each action responds to, to compare two rounds."""

from collections import Counter
from datetime import date

import sqlalchemy as sa
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.database import along
from engage.extensions import db
from engage.plan.models import Action, Goal
from engage.plan.rules import ActionStatus
from engage.strengths.models import Need


class DoneAction(Struct, frozen=True):
    """A done action. `indicator` is its own or its need's, `area` its need's or its goal's; empty if there is none."""

    number: int
    title: str
    done_on: date
    indicator: str
    area: str


def _done(membership: Membership, after: date, until: date) -> tuple[sa.ColumnElement[bool], ...]:
    here = Action.coalition_id == membership.coalition_id
    return here, Action.status == ActionStatus.DONE, Action.done_on > after, Action.done_on <= until


_NOTHING: sa.ColumnElement[str] = sa.literal_column("''")  # two parameters would differ in GROUP BY
_AREA = sa.func.coalesce(sa.func.nullif(Need.area, _NOTHING), sa.func.nullif(Goal.area, _NOTHING), _NOTHING)


def done_by_area(membership: Membership, after: date, until: date) -> Counter[str]:
    """Counts done actions by focus area, in the database, because there may be thousands."""
    rows = (
        sa.select(_AREA.label("area"), sa.func.count().label("actions"))
        .select_from(Action)
        .outerjoin(Need, along(Action.need_id, Need))
        .outerjoin(Goal, along(Action.goal_id, Goal))
        .where(*_done(membership, after, until))
        .group_by(_AREA)
    )
    return Counter({row.area: row.actions for row in db.session.execute(rows)})


def done_between(membership: Membership, after: date, until: date) -> list[DoneAction]:
    """Returns actions done after `after` and up to `until`, in order of date, in one query."""
    rows = (
        sa.select(
            Action.number,
            Action.title,
            Action.done_on,
            Action.indicator,
            Need.indicator.label("need_indicator"),
            Need.area.label("need_area"),
            Goal.area.label("goal_area"),
        )
        .outerjoin(Need, along(Action.need_id, Need))
        .outerjoin(Goal, along(Action.goal_id, Goal))
        .where(*_done(membership, after, until))
        .order_by(Action.done_on, Action.number)
    )
    return [
        DoneAction(
            number=row.number,
            title=row.title,
            done_on=row.done_on,
            indicator=row.indicator or row.need_indicator or "",
            area=row.need_area or row.goal_area or "",
        )
        for row in db.session.execute(rows)
    ]
