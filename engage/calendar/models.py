"""The table of the calendar: links to feeds."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base


class CalendarLink(Base):
    """A person's feed.

    The token is derived from `nonce` and the installation's key, so that it can be shown again; the database
    alone does not reveal it. A new link replaces the row, so that the old one no longer exists.
    """

    __tablename__ = "messages_calendar"
    __table_args__ = (sa.UniqueConstraint("user_id"), sa.UniqueConstraint("token_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts_user.id", ondelete="CASCADE"))
    nonce: Mapped[str] = mapped_column(sa.String(43))
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime]
