"""The table of activities."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, within
from engage.plan.activities.rules import ActivityKind


class Activity(Tenant, Base):
    """Something the coalition did, with how many people and hours. It holds counts, never names."""

    __tablename__ = "plan_activity"
    __table_args__ = (
        within("goal_id", "plan_goal"),
        within("action_id", "plan_action"),
        within("created_by_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("reached IS NULL OR reached >= 0", name="reached"),
        sa.CheckConstraint("hours IS NULL OR hours >= 0", name="hours"),
        # An action already implies its goal.
        sa.CheckConstraint("goal_id IS NULL OR action_id IS NULL", name="goal_or_action"),
        sa.Index("ix_plan_activity_happened", "coalition_id", "happened_on"),
    )

    kind: Mapped[ActivityKind]
    happened_on: Mapped[date]
    title: Mapped[str] = mapped_column(sa.String(200))
    # This says who it was for: a discipline's key of the content; it is empty for several or the public.
    discipline: Mapped[str] = mapped_column(sa.String(40), default="")
    reached: Mapped[int | None]
    # This adds up everyone who prepared and ran it.
    hours: Mapped[float | None]
    goal_id: Mapped[int | None] = mapped_column(index=True)
    action_id: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
