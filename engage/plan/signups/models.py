"""Tables of sign-ups: an event's public page, and who signed up."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.accounts.rules import LetterState
from engage.columns import CODE, Search, opens, own_data, written
from engage.database import Base, Tenant, tenant_key, within
from engage.i18n import lazy_gettext as _l
from engage.plan.signups.rules import SignupState
from engage.tokens import new_hash, new_token


class SignupPage(Tenant, Base):
    """The page on which anyone with its link signs up for one event. Only the link's hash is stored."""

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
    nonce: Mapped[str] = mapped_column(sa.String(43), info=opens(new_token))
    token_hash: Mapped[str] = mapped_column(sa.String(64), info=opens(new_hash))
    # This is the hash of the other link, on the sheet at the door, by which people sign in.
    here_nonce: Mapped[str] = mapped_column(sa.String(43), info=opens(new_token))
    here_hash: Mapped[str] = mapped_column(sa.String(64), info=opens(new_hash))
    seats: Mapped[int | None]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("event_pages_opened", "activity_id opened_at closed_at")
    )
    # Since this moment no one else can sign up.
    closed_at: Mapped[datetime | None]
    # These are the numbers of people whose names were deleted.
    signed_up: Mapped[int] = mapped_column(default=0)
    came: Mapped[int] = mapped_column(default=0)


class Signup(Tenant, Base):
    """A person who signed up for an event, without an account. The row is deleted 30 days after the event."""

    __tablename__ = "plan_signup"
    __label__ = _l("Sign-up")
    __table_args__ = (
        tenant_key(),
        within("activity_id", "plan_activity", "CASCADE"),
        sa.UniqueConstraint("token_hash"),
        sa.UniqueConstraint("confirm_hash"),
        # The value of each press is unique, so that a button that is pressed twice signs up once.
        sa.UniqueConstraint("activity_id", "press"),
        sa.CheckConstraint("name <> ''", name="name"),
        sa.Index("ix_plan_signup_line", "activity_id", "state", "id"),
        sa.Index("ix_plan_signup_mail", "mail"),
        # This is the order of the waiting list: people who come later get a higher number, even if the last
        # person has left.
        {"sqlite_autoincrement": True},
    )

    activity_id: Mapped[int]
    name: Mapped[str] = written(_l("Name"), Search.NO, longest=120)
    email: Mapped[str] = written(_l("E-mail address"), Search.NO, longest=254, address=True, default="")
    phone: Mapped[str] = written(_l("Phone number"), Search.NO, longest=40, address=True, default="")
    organization: Mapped[str] = written(_l("Organization"), Search.NO, longest=160, default="")
    # Mails to the person are in the language of the page on which they signed up.
    language: Mapped[str] = mapped_column(sa.String(10), default="", server_default="", info=CODE)
    sector: Mapped[str] = mapped_column(sa.String(40), default="", info=CODE)
    state: Mapped[SignupState]
    press: Mapped[str] = mapped_column(sa.String(43), info=CODE)
    nonce: Mapped[str] = mapped_column(sa.String(43), info=opens(new_token))
    token_hash: Mapped[str] = mapped_column(sa.String(64), info=opens(new_hash))
    confirm_hash: Mapped[str] = mapped_column(sa.String(64), info=opens(new_hash))
    made_at: Mapped[datetime]
    mail: Mapped[LetterState] = mapped_column(default=LetterState.NONE)
    tries: Mapped[int] = mapped_column(default=0)
    # The person opened the link that was mailed to the address at this moment.
    confirmed_at: Mapped[datetime | None]
    came_at: Mapped[datetime | None]
    # An organizer said that this is not the person who came earlier under the same name.
    is_namesake: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
