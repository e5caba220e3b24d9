"""Tables of messages: looks, reminders, digest settings, sent mails."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, within
from engage.messages.rules import Frequency, MailState


class Look(Tenant, Base):
    """The time when a person last said that they have seen what is new for them."""

    __tablename__ = "messages_look"
    __table_args__ = (
        within("membership_id", "coalitions_membership", "CASCADE"),
        sa.UniqueConstraint("membership_id"),
    )

    membership_id: Mapped[int]
    looked_at: Mapped[datetime]


class Told(Tenant, Base):
    """A record that a coordinator told a person about their open work, in any way; one for each day and coordinator."""

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


class MailSetting(Base):
    """A person's wish for a digest by mail, for all their coalitions together.

    The token of *unsubscribe* is derived from `nonce` and stays the same, so that links in old mails keep
    working.
    """

    __tablename__ = "messages_setting"
    __table_args__ = (sa.UniqueConstraint("user_id"), sa.UniqueConstraint("token_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts_user.id", ondelete="CASCADE"))
    frequency: Mapped[Frequency]
    nonce: Mapped[str] = mapped_column(sa.String(43))
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    changed_at: Mapped[datetime]


class Mail(Base):
    """A digest for one person and day, claimed before it is sent: only the run that claimed the row sends it."""

    __tablename__ = "messages_mail"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "day"),
        sa.CheckConstraint("tries >= 1", name="tries"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts_user.id", ondelete="CASCADE"))
    # This is the day in the person's own time zone.
    day: Mapped[date]
    state: Mapped[MailState]
    tries: Mapped[int] = mapped_column(default=1)
    claimed_at: Mapped[datetime] = mapped_column(index=True)
    # These are the server's words, without addresses.
    words: Mapped[str] = mapped_column(sa.String(500), default="")


class MailTest(Base):
    """The last test mail that a person requested: a thread beside the request sends it and records the result."""

    __tablename__ = "messages_test"
    __table_args__ = (sa.UniqueConstraint("user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts_user.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    # It is empty if the mail was handed over, else it holds the server's words.
    words: Mapped[str] = mapped_column(sa.String(500), default="")
