"""Tables of messages: when people looked at their inbox, reminders, digest settings, digests sent."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.accounts.rules import LetterState
from engage.columns import CODE, own_data
from engage.database import Base, Tenant, within
from engage.messages.rules import Frequency, MailState
from engage.plan.rules import QuickAnswer


class Look(Tenant, Base):
    """When a person last marked new things in their inbox as seen."""

    __tablename__ = "messages_look"
    __table_args__ = (
        within("membership_id", "coalitions_membership", "CASCADE"),
        sa.UniqueConstraint("membership_id"),
    )

    membership_id: Mapped[int] = mapped_column(info=own_data("inbox_looked_at", "looked_at"))
    looked_at: Mapped[datetime]


class Told(Tenant, Base):
    """A record that a coordinator reminded a person of open work, in any way; one per coordinator and day."""

    __tablename__ = "messages_told"
    __table_args__ = (
        within("membership_id", "coalitions_membership", "CASCADE"),
        within("told_by_id", "coalitions_membership", "CASCADE"),
        sa.UniqueConstraint("membership_id", "told_by_id", "told_on"),
    )

    membership_id: Mapped[int] = mapped_column(info=own_data("told", "told_on"))
    told_by_id: Mapped[int] = mapped_column(index=True, info=own_data("told_others", "told_on"))
    told_on: Mapped[date]
    told_at: Mapped[datetime]


class ApprovalMail(Tenant, Base):
    """The only mail that tells a person that a coordinator approved them. It is queued with the approval."""

    __tablename__ = "messages_approval"
    __table_args__ = (
        within("membership_id", "coalitions_membership", "CASCADE"),
        sa.Index("ix_messages_approval_state", "state"),
    )

    membership_id: Mapped[int] = mapped_column(index=True, info=own_data("approval_mails", "queued_at state"))
    state: Mapped[LetterState] = mapped_column(default=LetterState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None] = mapped_column(index=True)


class ActionLink(Tenant, Base):
    """The link in one mail by which a person says how one action of theirs is going, once and without signing in.

    It opens nothing any more once the action was changed or the mail goes to another address.
    """

    __tablename__ = "messages_action_link"
    __table_args__ = (
        within("membership_id", "coalitions_membership", "CASCADE"),
        within("action_id", "plan_action", "CASCADE"),
        sa.UniqueConstraint("token_hash"),
        sa.CheckConstraint("said IS NULL OR used_at IS NOT NULL", name="said"),
    )

    membership_id: Mapped[int] = mapped_column(
        index=True, info=own_data("action_links", "action_id made_at said used_at")
    )
    action_id: Mapped[int] = mapped_column(index=True)
    # The action's version when the mail was made; after the press, the version that it made.
    action_version: Mapped[int]
    # A hash of the address to which the mail went.
    address_key: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    token_hash: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    made_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    # What the person said; None again once they took it back.
    said: Mapped[QuickAnswer | None]
    # The copy for undoing the change of status; None if the status stayed. It has no foreign key, because
    # copies go after 30 days.
    copy_id: Mapped[int | None]


class MailSetting(Base):
    """A person's setting for the digest, which covers all their coalitions.

    The unsubscribe token is derived from `nonce`, so that links in old mails keep working.
    """

    __tablename__ = "messages_setting"
    __table_args__ = (sa.UniqueConstraint("user_id"), sa.UniqueConstraint("token_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts_user.id", ondelete="CASCADE"), info=own_data("digest", "frequency changed_at")
    )
    frequency: Mapped[Frequency]
    nonce: Mapped[str] = mapped_column(sa.String(43), info=CODE)
    token_hash: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    changed_at: Mapped[datetime]


class Mail(Base):
    """A digest for one person and day. A run claims the row before sending, so that no other run sends it."""

    __tablename__ = "messages_mail"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "day"),
        sa.CheckConstraint("tries >= 1", name="tries"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts_user.id", ondelete="CASCADE"), info=own_data("mails", "day state")
    )
    # The day in the person's own time zone.
    day: Mapped[date]
    state: Mapped[MailState]
    tries: Mapped[int] = mapped_column(default=1)
    claimed_at: Mapped[datetime] = mapped_column(index=True)
    # The mail server's answer, without addresses.
    words: Mapped[str] = mapped_column(sa.String(500), default="", info=CODE)


class MailTest(Base):
    """The last test mail that a person requested. A thread sends it and records the result."""

    __tablename__ = "messages_test"
    __table_args__ = (sa.UniqueConstraint("user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts_user.id", ondelete="CASCADE"),
        info=own_data("test_mails", "asked_at finished_at"),
    )
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    # Empty if the server accepted the mail, else the server's answer.
    words: Mapped[str] = mapped_column(sa.String(500), default="", info=CODE)
