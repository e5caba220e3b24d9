"""Tables of measures and readings."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import Search, own_data, written
from engage.database import Base, Tenant, tenant_key, within
from engage.i18n import lazy_gettext as _l
from engage.plan.measures.rules import Direction, MeasureKind, NumberKind


class Measure(Tenant, Base):
    """A number that an objective should change; always a total, and never about one person."""

    __tablename__ = "plan_measure"
    __label__ = _l("Measure")
    __table_args__ = (
        tenant_key(),
        within("objective_id", "plan_objective"),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("(baseline_value IS NULL) = (baseline_on IS NULL)", name="baseline_has_date"),
        sa.CheckConstraint("target_on IS NULL OR target_value IS NOT NULL", name="target_has_value"),
        sa.CheckConstraint(
            "target_on IS NULL OR baseline_on IS NULL OR target_on > baseline_on", name="dates"
        ),
        sa.CheckConstraint(
            "number_kind = 'amount' OR ((baseline_value IS NULL OR baseline_value >= 0)"
            " AND (target_value IS NULL OR target_value >= 0))",
            name="not_negative",
        ),
        sa.CheckConstraint(
            "number_kind <> 'percent' OR ((baseline_value IS NULL OR baseline_value <= 100)"
            " AND (target_value IS NULL OR target_value <= 100))",
            name="percent",
        ),
    )

    objective_id: Mapped[int] = mapped_column(index=True)
    title: Mapped[str] = written(_l("Title"), Search.NO, longest=200)
    kind: Mapped[MeasureKind] = mapped_column(default=MeasureKind.HOW_MUCH)
    number_kind: Mapped[NumberKind] = mapped_column(default=NumberKind.COUNT)
    # These words say what is counted: "beds", "days"; they may be missing.
    unit: Mapped[str] = written(_l("Unit"), Search.NO, longest=40, default="")
    direction: Mapped[Direction] = mapped_column(default=Direction.UP)
    baseline_value: Mapped[float | None]
    baseline_on: Mapped[date | None]
    target_value: Mapped[float | None]
    target_on: Mapped[date | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Reading(Tenant, Base):
    """A measure's value on a day."""

    __tablename__ = "plan_reading"
    __label__ = _l("Reading")
    __table_args__ = (
        within("measure_id", "plan_measure", "CASCADE"),
        within("written_by_id", "coalitions_membership"),
        sa.UniqueConstraint("measure_id", "taken_on"),
    )

    measure_id: Mapped[int]
    taken_on: Mapped[date]
    value: Mapped[float]
    # This says where the number comes from, in a few words.
    source: Mapped[str] = written(_l("Source"), Search.NO, longest=200, of="written_by_id", default="")
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("readings", "measure_id taken_on value written_at")
    )
    version: Mapped[int] = mapped_column(default=1)
