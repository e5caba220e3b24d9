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
