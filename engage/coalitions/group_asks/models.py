"""The table of requests to join a group."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, within


class GroupAsk(Tenant, Base):
    """A person's request to join an open group. The row stays until they have read the answer."""

    __tablename__ = "coalitions_group_ask"
    __table_args__ = (
        within("group_id", "coalitions_group", "CASCADE"),
        within("membership_id", "coalitions_membership", "CASCADE"),
        sa.UniqueConstraint("group_id", "membership_id"),
        sa.CheckConstraint("answered_at IS NOT NULL OR NOT is_welcome", name="welcome_is_answered"),
    )

    group_id: Mapped[int] = mapped_column(index=True)
    membership_id: Mapped[int] = mapped_column(index=True)
    asked_at: Mapped[datetime]
    # This is what they would like to do in the group; it may be empty.
    why: Mapped[str] = mapped_column(sa.String(300), default="")
    answered_at: Mapped[datetime | None]
    # True if the answer was yes; otherwise the answer was a kind no.
    is_welcome: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = mapped_column(sa.String(300), default="")
