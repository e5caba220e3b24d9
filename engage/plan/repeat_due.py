"""What follows of actions that repeat without anybody pressing Done: on their day, and in the plan of the next year."""

from datetime import date, timedelta

import sqlalchemy as sa

from engage import clock
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.service import lock
from engage.extensions import db
from engage.plan import repeats
from engage.plan.models import Action, Plan, Repeat
from engage.plan.rules import OPEN
from engage.plan.service import DailyWork, claim_open

# -- the day's work


def _due(until: date) -> sa.ColumnElement[bool]:
    """What falls due, and what was marked as done by an import."""
    return sa.or_(Repeat.next_on <= until, Action.status.not_in(OPEN))


def coalitions_to_look_at(today: date) -> list[int]:
    """Where the next of a series may fall due by now, anywhere on earth; one query, for most days without a row."""
    rows = repeats.GOING_ON.with_only_columns(Repeat.coalition_id).where(_due(today + timedelta(days=1)))
    return list(db.session.scalars(rows.distinct().order_by(Repeat.coalition_id)))


def make_due(coalition_id: int) -> int:
    """The next action of each series that falls due where the coalition is. How many were made.

    The coalition is held until the commit: of two that do this at once, the second finds it done.
    """
    lock(coalition_id)
    coalition = db.session.get_one(Coalition, coalition_id)
    today = clock.today(coalition.time_zone)
    rows = (
        repeats.GOING_ON.add_columns(Action)
        .where(Repeat.coalition_id == coalition_id, _due(today))
        .order_by(Action.number)
        .execution_options(populate_existing=True)
    )
    work = DailyWork(coalition)
    found = [
        repeats.make_next(work, action, repeat, today) for repeat, action in db.session.execute(rows).all()
    ]
    return len([made for made in found if made is not None])


# -- a plan that closes, and the one of the next year


def resting_in(membership: Membership, plan: Plan) -> list[tuple[int, str, date]]:
    """What repeats and has no open action in this plan: (number of the latest, title, next date). Once the plan is
    closed nothing follows by itself; `take_over` brings it into another."""
    rows = (
        sa.select(Action.number, Action.title, Repeat.next_on)
        .join(Repeat, Repeat.id == Action.repeat_id)
        .where(
            Action.coalition_id == membership.coalition_id,
            Action.plan_id == plan.id,
            Action.status.not_in(OPEN),
            Action.repeat_on == repeats.latest_of(Repeat.id),
            Repeat.next_on.is_not(None),
        )
        .order_by(Action.number)
    )
    return [(number, title, day) for number, title, day in db.session.execute(rows) if day is not None]


def take_over(membership: Membership, action: Action, plan: Plan) -> Action | None:
    """The next of a series whose latest action stands in a closed plan: in `plan`, not yet under a goal. From
    there the series goes on. None where nothing follows. Raises WrongState where `plan` is closed."""
    lock(membership.coalition_id)
    claim_open(plan.id)
    repeat = repeats.locked(action)
    if repeat is None or repeat.next_on is None or not repeats.is_latest(action, repeat):
        return None
    return repeats.make_next(membership, action, repeat, clock.today(membership.coalition.time_zone), plan)
