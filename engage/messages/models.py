"""Tables of messages: who looked when, and who was told."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, within


class Look(Tenant, Base):
    """When a person last said that they have seen what is new for them."""

    __tablename__ = "messages_look"
    __table_args__ = (
        within("membership_id", "coalitions_membership", "CASCADE"),
        sa.UniqueConstraint("membership_id"),
    )

    membership_id: Mapped[int]
    looked_at: Mapped[datetime]


class Told(Tenant, Base):
    """A coordinator told a person what waits for them, in whatever way; once a day and coordinator."""

    __tablename__ = "messages_told"
    __table_args__ = (
        within("membership_id", "coalitions_membership", "CASCADE"),
        within("told_by_id", "coalitions_membership", "CASCADE"),
        sa.UniqueConstraint("membership_id", "told_by_id", "told_on"),
    )

    membership_id: Mapped[int]
    told_by_id: Mapped[int] = mapped_column(index=True)
    told_on: Mapped[date]
    told_at: Mapped[datetime]


class CalendarLink(Base):
    """A person's feed. The token is derived from `nonce` and the installation's key, so that it can be shown again;
    the database alone does not give it away. A new link takes the row over, and the old one is gone."""

    __tablename__ = "messages_calendar"
    __table_args__ = (sa.UniqueConstraint("user_id"), sa.UniqueConstraint("token_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts_user.id", ondelete="CASCADE"))
    nonce: Mapped[str] = mapped_column(sa.String(43))
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime]
