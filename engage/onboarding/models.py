"""Tables of Getting Started: steps that a coordinator declared complete, and the coalition's thresholds."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import CODE, Search, own_data, written
from engage.database import Base, Tenant, within
from engage.i18n import lazy_gettext as _l


class StepOverride(Tenant, Base):
    """A coordinator's declaration that a step is complete, with the reason."""

    __tablename__ = "onboarding_step_override"
    __label__ = _l("Step marked complete")
    __table_args__ = (
        within("decided_by_id", "coalitions_membership"),
        sa.UniqueConstraint("coalition_id", "step"),
        sa.CheckConstraint("reason <> ''", name="reason"),
    )

    step: Mapped[str] = mapped_column(sa.String(40), info=CODE)
    reason: Mapped[str] = written(_l("Reason"), Search.NO, of="decided_by_id")
    decided_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("steps_decided", "step decided_at")
    )
    decided_at: Mapped[datetime]


class Threshold(Tenant, Base):
    """The coalition's own threshold for a step, stored only if it differs from the default."""

    __tablename__ = "onboarding_threshold"
    __table_args__ = (sa.UniqueConstraint("coalition_id", "key"),)

    key: Mapped[str] = mapped_column(sa.String(40), info=CODE)
    value: Mapped[int]
