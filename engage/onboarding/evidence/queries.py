"""Reads whether a plan is kept up to date: its last review, and stuck actions that were discussed."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from msgspec import Struct

from engage.clock import start_of_day
from engage.coalitions.models import Membership
from engage.database import UtcDateTime
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.agenda.rules.about import AboutKind, about
from engage.meetings.models import AgendaItem, Meeting
from engage.meetings.rules import Outcome
from engage.plan.carryover.queries import STILL_EARLIER
from engage.plan.models import Action, Plan
from engage.plan.review.models import Review
from engage.plan.rules import ActionStatus, PlanStatus


class Keeping(Struct, frozen=True):
    """How well the plan is kept up to date.

    It contains the last and next review, the number of stuck actions and of those discussed since, and the
    day of the next assessment.
    """

    reviewed_on: date | None = None
    next_on: date | None = None
    stuck: int = 0
    stuck_discussed: int = 0
    assess_on: date | None = None


def keeping(membership: Membership, weeks: int) -> Keeping:
    """Reads how well the plan is kept up to date, in two queries.

    The next review is due `weeks` after the last one, or on the day that the last one set.
    """
    # Selects the latest review, the latest date that a review set for the next assessment, and the day on
    # which the current plan was adopted.
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
    return Keeping(
        held_on,
        due,
        stuck,
        discussed,
        next((row.assess_on for row in rows if row.assess_on is not None), None),
    )


def _stuck(coalition_id: int, reviewed: datetime) -> tuple[int, int]:
    """Returns the number of stuck actions, and of those that were discussed since they got stuck."""
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
    # The subject of an agenda line that is about an action looks like this.
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


def _day_after(day: date | None, time_zone: str) -> datetime:
    """Returns the end of the day, so that a review discusses actions that got stuck earlier that day."""
    return start_of_day(day + timedelta(days=1) if day is not None else date(1970, 1, 2), time_zone)
