"""The table of announcements."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, within
from engage.messages.announcements.rules import TITLE_LONGEST


class Announcement(Tenant, Base):
    """A short post to everyone or to one group, shown until a day."""

    __tablename__ = "messages_announcement"
    __table_args__ = (
        within("group_id", "coalitions_group"),
        within("posted_by_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
        # A post for one group is never public.
        sa.CheckConstraint("group_id IS NULL OR NOT is_public", name="public_is_for_everyone"),
        sa.Index("ix_messages_announcement_until_on", "coalition_id", "until_on"),
    )

    title: Mapped[str] = mapped_column(sa.String(TITLE_LONGEST))
    text: Mapped[str] = mapped_column(sa.Text)
    # This is the last day on which it is shown.
    until_on: Mapped[date]
    # None means everyone.
    group_id: Mapped[int | None] = mapped_column(index=True)
    # This says whether the public page shows it, too.
    is_public: Mapped[bool] = mapped_column(default=False)
    posted_at: Mapped[datetime]
    posted_by_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
