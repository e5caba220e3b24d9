"""The table of those who ask to join a group."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, within


class GroupAsk(Tenant, Base):
    """A person asks to join an open group; the row stays until they have read the answer."""

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
    # What they would like to do in it; it may be empty.
    why: Mapped[str] = mapped_column(sa.String(300), default="")
    answered_at: Mapped[datetime | None]
    # They are in it since the answer; without this it was a kind no.
    is_welcome: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = mapped_column(sa.String(300), default="")
