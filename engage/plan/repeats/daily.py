"""Does the daily job for repeating actions: makes the next one on its day even if no one pressed Done."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from engage import clock
from engage.coalitions.models import Coalition
from engage.coalitions.service import lock
from engage.extensions import db
from engage.plan.models import Action
from engage.plan.repeats import service
from engage.plan.repeats.models import Repeat
from engage.plan.repeats.rules import OPEN_MOST
from engage.plan.rules import OPEN
from engage.plan.service import DailyWork

_each = aliased(Action)
_OPEN_ONES = (
    sa.select(sa.func.count())
    .where(_each.repeat_id == Repeat.id, _each.status.in_(OPEN))
    .correlate(Repeat)
    .scalar_subquery()
)


def _due(until: date) -> sa.ColumnElement[bool]:
    """Selects series whose next action is due, and those whose latest an import marked as done.

    A series that no one works on stops at `OPEN_MOST` open actions, so that a year of silence is not a
    hundred late actions.
    """
    return sa.or_(
        sa.and_(Repeat.next_on <= until, _OPEN_ONES < OPEN_MOST),
        Action.status.not_in(OPEN),
    )


def coalitions_to_look_at(today: date) -> list[int]:
    """Returns coalitions where the next action of a series may be due by now in any time zone, in one query.

    On most days the result is empty.
    """
    rows = service.GOING_ON.with_only_columns(Repeat.coalition_id).where(_due(today + timedelta(days=1)))
    return list(db.session.scalars(rows.distinct().order_by(Repeat.coalition_id)))


def make_due(coalition_id: int) -> int:
    """Makes the next action of each series that is due in the coalition's time zone, and returns how many.

    The coalition is locked until the commit, so the second of two simultaneous runs finds it done.
    """
    lock(coalition_id)
    coalition = db.session.get_one(Coalition, coalition_id)
    today = clock.today(coalition.time_zone)
    rows = (
        service.GOING_ON.add_columns(Action)
        .where(Repeat.coalition_id == coalition_id, _due(today))
        .order_by(Action.number)
        .execution_options(populate_existing=True)
    )
    work = DailyWork(coalition)
    found = [
        service.make_next(work, action, repeat, today) for repeat, action in db.session.execute(rows).all()
    ]
    return len([made for made in found if made is not None])
