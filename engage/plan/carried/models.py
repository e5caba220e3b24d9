"""Tables of what was carried over."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, within
from engage.plan.carried.rules import CarryWhy
from engage.plan.models import OTHER_HAS_WORDS


class Carried(Tenant):
    """The reason why something of an earlier plan continues in a later one.

    The link is deleted together with either of them.
    """

    why: Mapped[CarryWhy]
    # This is a reason in the person's own words; it may be empty beside the usual reasons.
    reason: Mapped[str] = mapped_column(sa.String(300), default="")


class GoalCarried(Carried, Base):
    """A goal and the goal of an earlier plan that it continues."""

    __tablename__ = "plan_goal_carried"
    __table_args__ = (
        within("goal_id", "plan_goal", "CASCADE"),
        within("from_id", "plan_goal", "CASCADE"),
        sa.UniqueConstraint("goal_id"),
        sa.CheckConstraint(OTHER_HAS_WORDS, name="other_has_words"),
    )

    goal_id: Mapped[int]
    from_id: Mapped[int] = mapped_column(index=True)


class ObjectiveCarried(Carried, Base):
    """An objective and the objective of an earlier plan that it continues."""

    __tablename__ = "plan_objective_carried"
    __table_args__ = (
        within("objective_id", "plan_objective", "CASCADE"),
        within("from_id", "plan_objective", "CASCADE"),
        sa.UniqueConstraint("objective_id"),
        sa.CheckConstraint(OTHER_HAS_WORDS, name="other_has_words"),
    )

    objective_id: Mapped[int]
    from_id: Mapped[int] = mapped_column(index=True)


class ActionCarried(Carried, Base):
    """An action and the action of an earlier plan that it continues."""

    __tablename__ = "plan_action_carried"
    __table_args__ = (
        within("action_id", "plan_action", "CASCADE"),
        within("from_id", "plan_action", "CASCADE"),
        sa.UniqueConstraint("action_id"),
        sa.CheckConstraint(OTHER_HAS_WORDS, name="other_has_words"),
    )

    action_id: Mapped[int]
    from_id: Mapped[int] = mapped_column(index=True)
