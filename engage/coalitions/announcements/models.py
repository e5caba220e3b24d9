"""The table of announcements."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import Search, own_data, written
from engage.database import Base, Tenant, within
from engage.i18n import lazy_gettext as _l

TITLE_LONGEST = 120
TEXT_LONGEST = 2000
# The form suggests that an announcement is shown for the first length; the second is the longest one allowed.
USUAL = timedelta(days=14)
LONGEST = timedelta(days=366)
# The number of announcements that Home shows at most, one on each line.
HOME_MOST = 3


class Announcement(Tenant, Base):
    """A short post to everyone or to one group, shown until a certain day."""

    __tablename__ = "messages_announcement"
    __label__ = _l("Announcement")
    __table_args__ = (
        within("group_id", "coalitions_group"),
        within("posted_by_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
        # An announcement for one group is never public.
        sa.CheckConstraint("group_id IS NULL OR NOT is_public", name="public_is_for_everyone"),
        sa.Index("ix_messages_announcement_until_on", "coalition_id", "until_on"),
    )

    title: Mapped[str] = written(_l("Title"), Search.TITLE, longest=TITLE_LONGEST, of="posted_by_id")
    text: Mapped[str] = written(_l("Text"), Search.EVERYONE, of="posted_by_id")
    # The last day on which the announcement is shown.
    until_on: Mapped[date]
    # None means that it is for everyone.
    group_id: Mapped[int | None] = mapped_column(index=True)
    # Whether the public page also shows it.
    is_public: Mapped[bool] = mapped_column(default=False)
    posted_at: Mapped[datetime]
    posted_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("announcements", "until_on group_id is_public posted_at")
    )
    version: Mapped[int] = mapped_column(default=1)
