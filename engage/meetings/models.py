"""Tables of meetings: the meeting, its agenda, who came, what was decided."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, tenant_key, within
from engage.meetings.rules import Coming, MeetingKind, Mode, Outcome, Source


class Meeting(Tenant, Base):
    """A planning session or another meeting, at a moment; the screen shows it in the coalition's time zone."""

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
    # This workgroup meets, for a meeting of that kind.
    group_id: Mapped[int | None] = mapped_column(index=True)
    starts_at: Mapped[datetime]
    # The meeting is planned to last this long.
    minutes: Mapped[int] = mapped_column(default=90)
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    link: Mapped[str] = mapped_column(sa.String(300), default="")
    # Everyone should know or bring this.
    about: Mapped[str] = mapped_column(sa.Text, default="")
    # Anyone may come: title, time and this place, typed for the public, are on the public page.
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
        # What was not reached is carried to one later meeting.
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
    # This is its subject, as the feature above names it: "action:14", "indicator:7:beds". Routes resolve it.
    about: Mapped[str] = mapped_column(sa.String(120), default="")
    carried_from_id: Mapped[int | None]
    # This should be written down at its end: "a mission in one sentence".
    output: Mapped[str] = mapped_column(sa.String(300), default="")
    # This person leads it.
    lead_id: Mapped[int | None] = mapped_column(index=True)
    created_by_id: Mapped[int | None] = mapped_column(index=True)
    notes: Mapped[str] = mapped_column(sa.Text, default="")
    outcome: Mapped[Outcome] = mapped_column(default=Outcome.OPEN)
    # One version is for what stands on the agenda, and one for what is recorded (notes, outcome), so that a
    # recorder does not block a person who still edits the line.
    version: Mapped[int] = mapped_column(default=1)
    recorded_version: Mapped[int] = mapped_column(default=1)


class Prepared(Tenant, Base):
    """A preparation that was done before a meeting; `key` is one of the content's."""

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
    """A person who came, or sent word: one of the coalition's people, or a guest by name."""

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
    # They came for this organization on that day, with its sector then; both may change later.
    organization_id: Mapped[int | None] = mapped_column(index=True)
    sector: Mapped[str] = mapped_column(sa.String(60), default="")
    mode: Mapped[Mode] = mapped_column(default=Mode.HERE)


class Reply(Tenant, Base):
    """What a person says beforehand: whether they are coming, and whether they want a reminder the day before."""

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
    # They answered for this start; a meeting that was moved since asks again.
    answered_for: Mapped[datetime]
    answered_at: Mapped[datetime]
    wants_reminder: Mapped[bool] = mapped_column(default=False)
    # A reminder of this start is sent, or claimed by whoever is about to send it: it goes out once at most.
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
    # The meeting only noted or approved something: no action has to follow.
    no_action: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    version: Mapped[int] = mapped_column(default=1)
