"""Lists what was done between two days, with what each action answers, to compare two rounds."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.database import along
from engage.extensions import db
from engage.plan.models import Action, Goal
from engage.plan.rules import ActionStatus
from engage.strengths.models import Need


@dataclass(frozen=True, slots=True)
class DoneAction:
    """A done action. `indicator` is its own or its need's, `area` its need's or its goal's; empty if there is none."""

    number: int
    title: str
    done_on: date
    indicator: str
    area: str


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
        .where(
            Action.coalition_id == membership.coalition_id,
            Action.status == ActionStatus.DONE,
            Action.done_on > after,
            Action.done_on <= until,
        )
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
