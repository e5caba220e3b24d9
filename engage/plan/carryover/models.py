"""Tables of what was carried over."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import Search, written
from engage.database import Base, Tenant, within
from engage.i18n import lazy_gettext as _l
from engage.plan.models import OTHER_HAS_WORDS
from engage.plan.rules import CarryWhy


class Carryover(Tenant):
    """The reason why a goal, objective or action of an earlier plan continues in a later one.

    The link is deleted together with either of the two.
    """

    why: Mapped[CarryWhy]
    # This is a reason in the person's own words; it may be empty beside the usual reasons.
    reason: Mapped[str] = written(_l("Reason"), Search.NO, longest=300, default="")


class GoalCarryover(Carryover, Base):
    """A goal and the goal of an earlier plan that it continues."""

    __tablename__ = "plan_goal_carried"
    __label__ = _l("Goal carried over")
    __table_args__ = (
        within("goal_id", "plan_goal", "CASCADE"),
        within("from_id", "plan_goal", "CASCADE"),
        sa.UniqueConstraint("goal_id"),
        sa.CheckConstraint(OTHER_HAS_WORDS, name="other_has_words"),
    )

    goal_id: Mapped[int]
    from_id: Mapped[int] = mapped_column(index=True)


class ObjectiveCarryover(Carryover, Base):
    """An objective and the objective of an earlier plan that it continues."""

    __tablename__ = "plan_objective_carried"
    __label__ = _l("Objective carried over")
    __table_args__ = (
        within("objective_id", "plan_objective", "CASCADE"),
        within("from_id", "plan_objective", "CASCADE"),
        sa.UniqueConstraint("objective_id"),
        sa.CheckConstraint(OTHER_HAS_WORDS, name="other_has_words"),
    )

    objective_id: Mapped[int]
    from_id: Mapped[int] = mapped_column(index=True)


class ActionCarryover(Carryover, Base):
    """An action and the action of an earlier plan that it continues."""

    __tablename__ = "plan_action_carried"
    __label__ = _l("Action carried over")
    __table_args__ = (
        within("action_id", "plan_action", "CASCADE"),
        within("from_id", "plan_action", "CASCADE"),
        sa.UniqueConstraint("action_id"),
        sa.CheckConstraint(OTHER_HAS_WORDS, name="other_has_words"),
    )

    action_id: Mapped[int]
    from_id: Mapped[int] = mapped_column(index=True)
