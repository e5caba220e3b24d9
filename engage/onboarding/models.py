"""Tables of Getting Started: what people read and noted, and what a coordinator decided about a step."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, within


class AreaNote(Tenant, Base):
    """A person's first impression of a focus area in this community."""

    __tablename__ = "onboarding_area_note"
    __table_args__ = (
        within("author_id", "coalitions_membership"),
        sa.UniqueConstraint("author_id", "area"),
        sa.CheckConstraint("text <> ''", name="text"),
    )

    author_id: Mapped[int] = mapped_column(index=True)
    area: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class AreasRead(Tenant, Base):
    """A person ticked that they have read the pages on the focus areas."""

    __tablename__ = "onboarding_areas_read"
    __table_args__ = (
        within("reader_id", "coalitions_membership", "CASCADE"),
        sa.UniqueConstraint("reader_id"),
    )

    reader_id: Mapped[int]
    read_at: Mapped[datetime]


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
    """A coalition's own number for a step, where it differs from the default."""

    __tablename__ = "onboarding_threshold"
    __table_args__ = (sa.UniqueConstraint("coalition_id", "key"),)

    key: Mapped[str] = mapped_column(sa.String(40))
    value: Mapped[int]
