"""The table of the calendar: links to feeds."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import CODE, own_data
from engage.database import Base


class CalendarLink(Base):
    """A person's link to their feed.

    The token is derived from `nonce` and the installation's key, so that it can be shown again; the database
    alone does not reveal it. A new link replaces the row, so that the old link no longer exists.
    """

    __tablename__ = "messages_calendar"
    __table_args__ = (sa.UniqueConstraint("user_id"), sa.UniqueConstraint("token_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts_user.id", ondelete="CASCADE"), info=own_data("calendar_link", "made_at")
    )
    nonce: Mapped[str] = mapped_column(sa.String(43), info=CODE)
    token_hash: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    made_at: Mapped[datetime]
