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


_DONE = (
    Action.coalition_id == sa.bindparam("coalition_id"),
    Action.status == ActionStatus.DONE,
    Action.done_on > sa.bindparam("after"),
    Action.done_on <= sa.bindparam("until"),
)


def _asked(membership: Membership, after: date, until: date) -> dict[str, object]:
    return {"coalition_id": membership.coalition_id, "after": after, "until": until}


_NOTHING: sa.ColumnElement[str] = sa.literal_column("''")  # two parameters would differ in GROUP BY
_AREA = sa.func.coalesce(sa.func.nullif(Need.area, _NOTHING), sa.func.nullif(Goal.area, _NOTHING), _NOTHING)
# The statement is built once, because the report of counts runs it for each of its two periods.
_BY_AREA = (
    sa.select(_AREA, sa.func.count())
    .select_from(Action)
    .outerjoin(Need, along(Action.need_id, Need))
    .outerjoin(Goal, along(Action.goal_id, Goal))
    .where(*_DONE)
    .group_by(_AREA)
)


def done_by_area(membership: Membership, after: date, until: date) -> Counter[str]:
    """Counts done actions by focus area, in the database, because there may be thousands."""
    found: Counter[str] = Counter()
    for key, many in db.session.execute(_BY_AREA, _asked(membership, after, until)):
        found[key] = many
    return found


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
        .where(*_DONE)
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
        for row in db.session.execute(rows, _asked(membership, after, until))
    ]
