"""The table of reports about texts, the reasons for one, and how one ends."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import CODE, own_data
from engage.database import Base, Tenant, within


class ReportReason(StrEnum):
    PERSON = "person"
    CASE = "case"
    CONTACT = "contact"
    HURTFUL = "hurtful"
    OTHER = "other"


class ReportOutcome(StrEnum):
    KEPT = "kept"
    REDACTED = "redacted"


class ReportedText(Tenant, Base):
    """A report that a page shows a text that should not be there. The report itself contains no text."""

    __tablename__ = "coalitions_reported"
    __table_args__ = (
        within("reported_by_id", "coalitions_membership"),
        within("closed_by_id", "coalitions_membership"),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed"),
        sa.Index("ix_coalitions_reported_closed_at", "coalition_id", "closed_at"),
    )

    # The page's path below /c/<slug>/, without a query string: "plan/actions/14".
    page: Mapped[str] = mapped_column(sa.String(200), info=CODE)
    reason: Mapped[ReportReason]
    reported_at: Mapped[datetime]
    reported_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("texts_reported", "page reason reported_at")
    )
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("reports_settled", "page outcome closed_at")
    )
    outcome: Mapped[ReportOutcome | None]
