"""Reads how well a plan is kept alive: the last review, and stuck actions that were discussed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from msgspec import Struct

from engage.clock import start_of_day
from engage.coalitions.models import Membership
from engage.database import SelectedRow, UtcDateTime
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.agenda.rules.about import AboutKind, about
from engage.meetings.models import AgendaItem, Meeting
from engage.meetings.rules import Outcome
from engage.plan.carried.queries import STILL_EARLIER
from engage.plan.models import Action, Plan
from engage.plan.review.models import Review
from engage.plan.rules import ActionStatus, PlanStatus


class Keeping(Struct, frozen=True):
    """The state of upkeep.

    It holds the last and next review, the stuck actions and how many were discussed since, and when the
    coalition assesses next.
    """

    reviewed_on: date | None = None
    next_on: date | None = None
    stuck: int = 0
    stuck_discussed: int = 0
    assess_on: date | None = None


def keeping(membership: Membership, weeks: int) -> Keeping:
    """Reads the state of upkeep in two queries.

    The next review is due `weeks` after the last, or on the day it set.
    """
    # This selects the latest review, the latest date that any review set for the next assessment, and the day
    # on which the current plan was adopted.
    reviews = (
        sa.select(Plan.adopted_on, Review.held_on, Review.next_on, Review.assess_on)
        .select_from(sa.select(sa.literal(1)).subquery())
        .outerjoin(
            Plan, sa.and_(Plan.coalition_id == membership.coalition_id, Plan.status == PlanStatus.ADOPTED)
        )
        .outerjoin(Review, Review.coalition_id == membership.coalition_id)
        .order_by(Review.held_on.desc(), Review.id.desc())
    )
    rows = db.session.execute(reviews).all()
    adopted_on, held_on, next_on, _assess_on = rows[0]
    begins = held_on or adopted_on
    due = next_on or (begins + timedelta(weeks=weeks) if begins is not None else None)
    reviewed = _day_after(held_on, membership.coalition.time_zone)
    stuck, discussed = _stuck(membership.coalition_id, reviewed)
    return Keeping(held_on, due, stuck, discussed, _assessment(rows))


def _stuck(coalition_id: int, reviewed: datetime) -> tuple[int, int]:
    """Returns how many actions are stuck, and how many of them were discussed since."""
    since = sa.func.coalesce(
        sa.select(sa.func.max(HistoryEntry.happened_at))
        .where(
            HistoryEntry.coalition_id == coalition_id,
            HistoryEntry.thing == Action.__tablename__,
            HistoryEntry.thing_id == Action.id,
            HistoryEntry.field == "status",
            HistoryEntry.new == ActionStatus.STUCK,
        )
        .correlate(Action)
        .scalar_subquery(),
        Action.created_at,
    )
    # An agenda line names an action in this form.
    named = sa.literal(about(AboutKind.ACTION, "")) + sa.cast(Action.number, sa.String(20))
    talked = (
        sa.exists()
        .where(
            AgendaItem.coalition_id == coalition_id,
            AgendaItem.about == named,
            AgendaItem.outcome == Outcome.DONE,
            Meeting.id == AgendaItem.meeting_id,
            Meeting.closed_at.is_not(None),
            Meeting.starts_at >= since,
        )
        .correlate(Action)
    )
    open_plans = sa.select(Plan.id).where(Plan.coalition_id == coalition_id, Plan.status != PlanStatus.CLOSED)
    rows = sa.select(
        sa.func.count(),
        sa.func.coalesce(
            sa.func.sum(sa.case((sa.or_(sa.literal(reviewed, UtcDateTime()) > since, talked), 1), else_=0)),
            0,
        ),
    ).where(Action.plan_id.in_(open_plans), Action.status == ActionStatus.STUCK, sa.not_(STILL_EARLIER))
    stuck, discussed = db.session.execute(rows).one()
    return stuck, discussed


def _assessment(rows: Sequence[SelectedRow]) -> date | None:
    return next((row.assess_on for row in rows if row.assess_on is not None), None)


def _day_after(day: date | None, time_zone: str) -> datetime:
    """Returns the end of a day. An action that got stuck on the day of a review counts as discussed in it."""
    return start_of_day(day + timedelta(days=1) if day is not None else date(1970, 1, 2), time_zone)
