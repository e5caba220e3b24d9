"""The table of reports of texts that should not be here."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.coalitions.reported.rules import ReportOutcome, ReportReason
from engage.database import Base, Tenant, within


class ReportedText(Tenant, Base):
    """A report that a page shows a text that should not be here. It holds no text of its own."""

    __tablename__ = "coalitions_reported"
    __table_args__ = (
        within("reported_by_id", "coalitions_membership"),
        within("closed_by_id", "coalitions_membership"),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed"),
        sa.Index("ix_coalitions_reported_closed_at", "coalition_id", "closed_at"),
    )

    # This is the path below /c/<slug>/, without a query: "plan/actions/14".
    page: Mapped[str] = mapped_column(sa.String(200))
    reason: Mapped[ReportReason]
    reported_at: Mapped[datetime]
    reported_by_id: Mapped[int | None] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(index=True)
    outcome: Mapped[ReportOutcome | None]
