"""Tables of meetings: the meeting, its agenda, who came, what was decided."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, tenant_key, within
from engage.meetings.rules import Coming, MeetingKind, Mode, Outcome, Source


class Meeting(Tenant, Base):
    """A planning session or another meeting, at a time; pages show it in the coalition's time zone."""

    __tablename__ = "meetings_meeting"
    __table_args__ = (
        tenant_key(),
        within("group_id", "coalitions_group"),
        within("created_by_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("minutes >= 5 AND minutes <= 1440", name="minutes"),
        sa.Index("ix_meetings_meeting_when", "coalition_id", "starts_at"),
    )

    kind: Mapped[MeetingKind]
    title: Mapped[str] = mapped_column(sa.String(120))
    # This is the workgroup that meets, for a meeting of that kind.
    group_id: Mapped[int | None] = mapped_column(index=True)
    starts_at: Mapped[datetime]
    # This is the planned length of the meeting.
    minutes: Mapped[int] = mapped_column(default=90)
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    link: Mapped[str] = mapped_column(sa.String(300), default="")
    # This is what everyone should know or bring.
    about: Mapped[str] = mapped_column(sa.Text, default="")
    # Anyone may come: title, time and this place, which was typed for the public, are on the public page.
    is_open: Mapped[bool] = mapped_column(default=False)
    public_place: Mapped[str] = mapped_column(sa.String(200), default="")
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)


class AgendaItem(Tenant, Base):
    """A line of an agenda, with where it came from, its minutes and what was said and done about it."""

    __tablename__ = "meetings_agenda_item"
    __table_args__ = (
        tenant_key(),
        within("meeting_id", "meetings_meeting", "CASCADE"),
        within("carried_from_id", "meetings_agenda_item"),
        # A line that was not reached can be carried to one later meeting.
        sa.UniqueConstraint("carried_from_id"),
        within("created_by_id", "coalitions_membership"),
        within("lead_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("minutes >= 0 AND minutes <= 600", name="minutes"),
    )

    meeting_id: Mapped[int] = mapped_column(index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(300))
    minutes: Mapped[int] = mapped_column(default=10)
    source: Mapped[Source] = mapped_column(default=Source.HAND)
    # This is the line's subject, in the form of the rules of `about`: "action:14", "indicator:7:beds". Routes
    # resolve it.
    about: Mapped[str] = mapped_column(sa.String(120), default="")
    carried_from_id: Mapped[int | None]
    # This is what should be written down at its end: "a mission in one sentence".
    output: Mapped[str] = mapped_column(sa.String(300), default="")
    # This person leads the line.
    lead_id: Mapped[int | None] = mapped_column(index=True)
    created_by_id: Mapped[int | None] = mapped_column(index=True)
    notes: Mapped[str] = mapped_column(sa.Text, default="")
    outcome: Mapped[Outcome] = mapped_column(default=Outcome.OPEN)
    # One version belongs to the line on the agenda, the other to its records (notes, outcome), so that a
    # recorder does not block a person who edits the line.
    version: Mapped[int] = mapped_column(default=1)
    recorded_version: Mapped[int] = mapped_column(default=1)


class Prepared(Tenant, Base):
    """A preparation for a meeting that is done; `key` is one of the content's."""

    __tablename__ = "meetings_prepared"
    __table_args__ = (
        within("meeting_id", "meetings_meeting", "CASCADE"),
        within("done_by_id", "coalitions_membership"),
        sa.UniqueConstraint("meeting_id", "key"),
    )

    meeting_id: Mapped[int] = mapped_column(index=True)
    key: Mapped[str] = mapped_column(sa.String(60))
    done_at: Mapped[datetime]
    done_by_id: Mapped[int] = mapped_column(index=True)


class Attendance(Tenant, Base):
    """The attendance, or excuse, of one of the coalition's people or of a guest by name."""

    __tablename__ = "meetings_attendance"
    __table_args__ = (
        within("meeting_id", "meetings_meeting", "CASCADE"),
        within("membership_id", "coalitions_membership"),
        within("organization_id", "partners_organization"),
        sa.UniqueConstraint("meeting_id", "membership_id"),
        sa.CheckConstraint("(membership_id IS NULL) = (guest <> '')", name="person_or_guest"),
    )

    meeting_id: Mapped[int] = mapped_column(index=True)
    membership_id: Mapped[int | None] = mapped_column(index=True)
    guest: Mapped[str] = mapped_column(sa.String(120), default="")
    # This is the organization for which they came on that day, with its sector at that time. Both may change later.
    organization_id: Mapped[int | None] = mapped_column(index=True)
    sector: Mapped[str] = mapped_column(sa.String(60), default="")
    mode: Mapped[Mode] = mapped_column(default=Mode.HERE)


class Reply(Tenant, Base):
    """A person's answer before a meeting: whether they are coming, and want a reminder the day before."""

    __tablename__ = "meetings_reply"
    __table_args__ = (
        within("meeting_id", "meetings_meeting", "CASCADE"),
        within("membership_id", "coalitions_membership"),
        sa.UniqueConstraint("meeting_id", "membership_id"),
        sa.CheckConstraint("remind_tries >= 0", name="remind_tries"),
    )

    meeting_id: Mapped[int] = mapped_column(index=True)
    membership_id: Mapped[int] = mapped_column(index=True)
    answer: Mapped[Coming]
    # This is the start for which they answered. If the meeting was moved since, they are asked again.
    answered_for: Mapped[datetime]
    answered_at: Mapped[datetime]
    wants_reminder: Mapped[bool] = mapped_column(default=False)
    # A reminder for this start is sent, or claimed by a process that is about to send it, so that it is sent
    # at most once.
    reminded_for: Mapped[datetime | None]
    remind_tries: Mapped[int] = mapped_column(default=0)


class Decision(Tenant, Base):
    """A decision of a meeting, who carries it, and when to review it. Decisions are numbered per coalition."""

    __tablename__ = "meetings_decision"
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("coalition_id", "number"),
        within("meeting_id", "meetings_meeting"),
        within("item_id", "meetings_agenda_item"),
        within("owner_id", "coalitions_membership"),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint("text <> ''", name="text"),
    )

    number: Mapped[int]
    meeting_id: Mapped[int] = mapped_column(index=True)
    item_id: Mapped[int | None] = mapped_column(index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    owner_id: Mapped[int | None] = mapped_column(index=True)
    review_on: Mapped[date | None]
    decided_on: Mapped[date]
    # The meeting only noted or approved something, so no action has to follow.
    no_action: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    version: Mapped[int] = mapped_column(default=1)
