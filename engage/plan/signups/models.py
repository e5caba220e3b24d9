"""Tables of sign-ups: an event's public page, and who signed up."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, tenant_key, within
from engage.plan.signups.rules import MailState, SignupState


class SignupPage(Tenant, Base):
    """The page on which anyone with its link signs up for one event. Only its link's hash is stored."""

    __tablename__ = "plan_signup_page"
    __table_args__ = (
        within("activity_id", "plan_activity", "CASCADE"),
        within("opened_by_id", "coalitions_membership"),
        sa.UniqueConstraint("activity_id"),
        sa.UniqueConstraint("token_hash"),
        sa.UniqueConstraint("here_hash"),
        sa.CheckConstraint("seats IS NULL OR seats > 0", name="seats"),
    )

    activity_id: Mapped[int]
    nonce: Mapped[str] = mapped_column(sa.String(43))
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    # This is the hash of another link, on the sheet at the door, by which people sign in.
    here_nonce: Mapped[str] = mapped_column(sa.String(43))
    here_hash: Mapped[str] = mapped_column(sa.String(64))
    seats: Mapped[int | None]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(index=True)
    # Since this time no one else can sign up.
    closed_at: Mapped[datetime | None]
    # These count people whose names were deleted.
    signed_up: Mapped[int] = mapped_column(default=0)
    came: Mapped[int] = mapped_column(default=0)


class Signup(Tenant, Base):
    """A person who signed up for an event, without an account. The row is deleted 30 days after the event."""

    __tablename__ = "plan_signup"
    __table_args__ = (
        tenant_key(),
        within("activity_id", "plan_activity", "CASCADE"),
        sa.UniqueConstraint("token_hash"),
        sa.UniqueConstraint("confirm_hash"),
        # This is unique, so that a button that is pressed twice signs up once.
        sa.UniqueConstraint("activity_id", "press"),
        sa.CheckConstraint("name <> ''", name="name"),
        sa.Index("ix_plan_signup_line", "activity_id", "state", "id"),
        sa.Index("ix_plan_signup_mail", "mail"),
        # People who come later get a higher number, even if the last person has left the line.
        {"sqlite_autoincrement": True},
    )

    activity_id: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    organization: Mapped[str] = mapped_column(sa.String(160), default="")
    # Mails to the person are in the language of the page that they read.
    language: Mapped[str] = mapped_column(sa.String(10), default="", server_default="")
    sector: Mapped[str] = mapped_column(sa.String(40), default="")
    state: Mapped[SignupState]
    press: Mapped[str] = mapped_column(sa.String(43))
    nonce: Mapped[str] = mapped_column(sa.String(43))
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    confirm_hash: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime]
    mail: Mapped[MailState] = mapped_column(default=MailState.NONE)
    tries: Mapped[int] = mapped_column(default=0)
    # This is when the person opened the link that was mailed to the address.
    confirmed_at: Mapped[datetime | None]
    came_at: Mapped[datetime | None]
