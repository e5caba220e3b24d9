"""The table of repeats."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, tenant_key
from engage.plan.repeats.rules import RepeatUnit


class Repeat(Tenant, Base):
    """The rule by which an action repeats from `anchor_on` on. The actions of the series refer to it."""

    __tablename__ = "plan_repeat"
    __table_args__ = (
        tenant_key(),
        sa.CheckConstraint("every BETWEEN 1 AND 60", name="every"),
        sa.CheckConstraint("(unit = 'month_day') = (day IS NOT NULL)", name="day_of_month"),
        sa.CheckConstraint("day BETWEEN 1 AND 31", name="day"),
        sa.CheckConstraint(
            "(unit = 'month_weekday') = (nth IS NOT NULL) AND (nth IS NULL) = (weekday IS NULL)",
            name="nth_weekday",
        ),
        sa.CheckConstraint("nth IN (1, 2, 3, 4, -1)", name="nth"),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        sa.CheckConstraint("times IS NULL OR until_on IS NULL", name="one_end"),
        sa.CheckConstraint("times >= 1", name="times"),
        sa.CheckConstraint("next_on > last_on", name="next_is_later"),
        sa.CheckConstraint("stopped_on IS NULL OR next_on IS NULL", name="stopped_has_no_next"),
    )

    unit: Mapped[RepeatUnit]
    every: Mapped[int] = mapped_column(default=1)
    day: Mapped[int | None]
    nth: Mapped[int | None]
    weekday: Mapped[int | None]
    anchor_on: Mapped[date]
    times: Mapped[int | None]
    until_on: Mapped[date | None]
    # The latest action was made for this date. The date stays even if that action was deleted, so that no
    # date gets two actions.
    last_on: Mapped[date]
    # This is the next date; it is empty if the series ended or was stopped. The date is stored so that the
    # daily job finds it by an index.
    next_on: Mapped[date | None] = mapped_column(index=True)
    stopped_on: Mapped[date | None]
