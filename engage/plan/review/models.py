"""Tables of reviews and their notes."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import Search, own_data, written
from engage.database import Base, Tenant, tenant_key, within
from engage.i18n import lazy_gettext as _l


class Review(Tenant, Base):
    """A look back at a plan over a period, in a meeting; its numbers are read from the records."""

    __tablename__ = "plan_review"
    __table_args__ = (
        tenant_key(),
        within("plan_id", "plan_plan"),
        within("meeting_id", "meetings_meeting"),
        within("created_by_id", "coalitions_membership"),
        sa.CheckConstraint("until >= since", name="period"),
        sa.Index("ix_plan_review_held", "coalition_id", "held_on"),
    )

    plan_id: Mapped[int] = mapped_column(index=True)
    # Both days belong to the period.
    since: Mapped[date]
    until: Mapped[date]
    held_on: Mapped[date]
    meeting_id: Mapped[int | None] = mapped_column(index=True)
    # The meeting agreed on these: when to review again, and by when to assess again.
    next_on: Mapped[date | None]
    assess_on: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("reviews", "since until held_on created_at")
    )
    version: Mapped[int] = mapped_column(default=1)


class ReviewNote(Tenant, Base):
    """The notes of a review on one goal; they are deleted with either of them."""

    __tablename__ = "plan_review_note"
    __label__ = _l("Review note")
    __table_args__ = (
        within("review_id", "plan_review", "CASCADE"),
        within("goal_id", "plan_goal", "CASCADE"),
        sa.UniqueConstraint("review_id", "goal_id"),
        sa.CheckConstraint("text <> ''", name="text"),
    )

    review_id: Mapped[int] = mapped_column(index=True)
    goal_id: Mapped[int] = mapped_column(index=True)
    text: Mapped[str] = written(_l("Text"), Search.NO)
