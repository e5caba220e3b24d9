"""The table of requests to join a group."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import Search, own_data, written
from engage.database import Base, Tenant, within
from engage.i18n import lazy_gettext as _l


class GroupAsk(Tenant, Base):
    """A person's request to join an open group. The row stays until they have read the answer."""

    __tablename__ = "coalitions_group_ask"
    __label__ = _l("Request to join a group")
    __table_args__ = (
        within("group_id", "coalitions_group", "CASCADE"),
        within("membership_id", "coalitions_membership", "CASCADE"),
        sa.UniqueConstraint("group_id", "membership_id"),
        sa.CheckConstraint("answered_at IS NOT NULL OR NOT is_welcome", name="welcome_is_answered"),
    )

    group_id: Mapped[int] = mapped_column(index=True)
    membership_id: Mapped[int] = mapped_column(
        index=True, info=own_data("groups_asked_to_join", "group_id asked_at is_welcome")
    )
    asked_at: Mapped[datetime]
    # What the person would like to do in the group; may be empty.
    why: Mapped[str] = written(_l("Note"), Search.NO, longest=300, of="membership_id", default="")
    answered_at: Mapped[datetime | None]
    # True if the request was accepted, False if it was declined or still waits.
    is_welcome: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = written(_l("Answer"), Search.NO, longest=300, default="")
