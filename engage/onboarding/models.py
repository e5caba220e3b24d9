"""Tables of Getting Started: what a coordinator decided about a step, and the coalition's own numbers."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, within


class StepOverride(Tenant, Base):
    """A coordinator's word that a step is complete, with the reason."""

    __tablename__ = "onboarding_step_override"
    __table_args__ = (
        within("decided_by_id", "coalitions_membership"),
        sa.UniqueConstraint("coalition_id", "step"),
        sa.CheckConstraint("reason <> ''", name="reason"),
    )

    step: Mapped[str] = mapped_column(sa.String(40))
    reason: Mapped[str] = mapped_column(sa.Text)
    decided_by_id: Mapped[int | None] = mapped_column(index=True)
    decided_at: Mapped[datetime]


class Threshold(Tenant, Base):
    """The coalition's own number for a step, if it differs from the default."""

    __tablename__ = "onboarding_threshold"
    __table_args__ = (sa.UniqueConstraint("coalition_id", "key"),)

    key: Mapped[str] = mapped_column(sa.String(40))
    value: Mapped[int]
