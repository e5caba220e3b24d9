"""Tables of meetings: the meeting, its agenda, who came, what was decided."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.coalitions.rules import ComesUp
from engage.columns import CODE, Search, own_data, written
from engage.database import Base, Tenant, tenant_key, within
from engage.i18n import lazy_gettext as _l
from engage.i18n import lazy_pgettext
from engage.meetings.rules import Coming, MeetingKind, Mode, Outcome, Source


class Meeting(Tenant, Base):
    """A planning session or another meeting, at a time; pages show it in the coalition's time zone."""

    __tablename__ = "meetings_meeting"
    __label__ = _l("Meeting")
    comes_up = (ComesUp.CALENDAR,)
    __table_args__ = (
        tenant_key(),
        within("group_id", "coalitions_group"),
        within("created_by_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("minutes >= 5 AND minutes <= 1440", name="minutes"),
        sa.Index("ix_meetings_meeting_when", "coalition_id", "starts_at"),
    )

    kind: Mapped[MeetingKind]
    title: Mapped[str] = written(_l("Title"), Search.TITLE, longest=120, of="created_by_id")
    # The group that meets; set only for a workgroup's meeting.
    group_id: Mapped[int | None] = mapped_column(index=True)
    starts_at: Mapped[datetime]
    # The planned length of the meeting.
    minutes: Mapped[int] = mapped_column(default=90)
    place: Mapped[str] = written(_l("Place"), Search.MEMBERS, longest=200, of="created_by_id", default="")
    link: Mapped[str] = written(_l("Link"), Search.NO, longest=300, address=True, default="")
    # What everyone should know or bring.
    about: Mapped[str] = written(_l("Linked record"), Search.MEMBERS, of="created_by_id", default="")
    # If open, anyone may come; the public page shows title, time and `public_place`.
    is_open: Mapped[bool] = mapped_column(default=False)
    public_place: Mapped[str] = written(_l("Place for the public"), Search.NO, longest=200, default="")
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("meetings_planned", "starts_at created_at")
    )
    version: Mapped[int] = mapped_column(default=1)


class AgendaItem(Tenant, Base):
    """A line of an agenda, with where it came from, its minutes and what was said and done about it."""

    __tablename__ = "meetings_agenda_item"
    __label__ = _l("Agenda item")
    __table_args__ = (
        tenant_key(),
        within("meeting_id", "meetings_meeting", "CASCADE"),
        within("carried_from_id", "meetings_agenda_item"),
        # A line that was not reached can be carried over to only one later meeting.
        sa.UniqueConstraint("carried_from_id"),
        within("created_by_id", "coalitions_membership"),
        within("lead_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("minutes >= 0 AND minutes <= 600", name="minutes"),
    )

    meeting_id: Mapped[int] = mapped_column(index=True)
    position: Mapped[int]
    title: Mapped[str] = written(_l("Title"), Search.TITLE, longest=300, of="lead_id created_by_id")
    minutes: Mapped[int] = mapped_column(default=10)
    source: Mapped[Source] = mapped_column(default=Source.HAND)
    # The subject of the line as text, see `agenda.rules.about`: "action:14", "indicator:7:beds". Only routes
    # look it up, because a subject may belong to a higher feature.
    about: Mapped[str] = mapped_column(sa.String(120), default="", info=CODE)
    carried_from_id: Mapped[int | None]
    # What should be written down by the end of the line, such as "a mission in one sentence".
    output: Mapped[str] = written(
        _l("Text to remove"), Search.MEMBERS, longest=300, of="created_by_id", default=""
    )
    # The person who leads the line.
    lead_id: Mapped[int | None] = mapped_column(index=True, info=own_data("agenda_lines_led", "meeting_id"))
    created_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("agenda_lines_written", "meeting_id")
    )
    notes: Mapped[str] = written(lazy_pgettext("of a meeting", "Minutes"), Search.MEMBERS, default="")
    outcome: Mapped[Outcome] = mapped_column(default=Outcome.OPEN)
    # `version` is for the line itself, `recorded_version` for notes and outcome, so that recording a meeting
    # and editing its agenda do not block each other.
    version: Mapped[int] = mapped_column(default=1)
    recorded_version: Mapped[int] = mapped_column(default=1)


class Prepared(Tenant, Base):
    """A completed preparation for a meeting; `key` is that of the content's preparation."""

    __tablename__ = "meetings_prepared"
    __table_args__ = (
        within("meeting_id", "meetings_meeting", "CASCADE"),
        within("done_by_id", "coalitions_membership"),
        sa.UniqueConstraint("meeting_id", "key"),
    )

    meeting_id: Mapped[int] = mapped_column(index=True)
    key: Mapped[str] = mapped_column(sa.String(60), info=CODE)
    done_at: Mapped[datetime]
    done_by_id: Mapped[int] = mapped_column(
        index=True, info=own_data("meetings_prepared", "meeting_id key done_at")
    )


class Attendance(Tenant, Base):
    """The attendance, or excuse, of one of the coalition's people or of a guest by name."""

    __tablename__ = "meetings_attendance"
    __label__ = _l("Guest")
    __table_args__ = (
        within("meeting_id", "meetings_meeting", "CASCADE"),
        within("membership_id", "coalitions_membership"),
        within("organization_id", "partners_organization"),
        sa.UniqueConstraint("meeting_id", "membership_id"),
        sa.CheckConstraint("(membership_id IS NULL) = (guest <> '')", name="person_or_guest"),
    )

    meeting_id: Mapped[int] = mapped_column(index=True)
    membership_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("meetings_attended", "meeting_id mode")
    )
    guest: Mapped[str] = written(_l("Name"), Search.NO, longest=120, default="")
    # The organization that the person represented that day, and its sector then. Both may change later.
    organization_id: Mapped[int | None] = mapped_column(index=True)
    sector: Mapped[str] = mapped_column(sa.String(60), default="", info=CODE)
    mode: Mapped[Mode] = mapped_column(default=Mode.HERE)


class Reply(Tenant, Base):
    """A person's answer before a meeting: whether they come, and want a reminder the day before."""

    __tablename__ = "meetings_reply"
    __table_args__ = (
        within("meeting_id", "meetings_meeting", "CASCADE"),
        within("membership_id", "coalitions_membership"),
        sa.UniqueConstraint("meeting_id", "membership_id"),
        sa.CheckConstraint("remind_tries >= 0", name="remind_tries"),
    )

    meeting_id: Mapped[int] = mapped_column(index=True)
    membership_id: Mapped[int] = mapped_column(
        index=True, info=own_data("meetings_answered", "meeting_id answer answered_at wants_reminder")
    )
    answer: Mapped[Coming]
    # The start of the meeting when the person answered. If the meeting was moved since, they are asked again.
    answered_for: Mapped[datetime]
    answered_at: Mapped[datetime]
    wants_reminder: Mapped[bool] = mapped_column(default=False)
    # The start for which a reminder was sent, or claimed by a process that is about to send it. A reminder is
    # sent at most once.
    reminded_for: Mapped[datetime | None]
    remind_tries: Mapped[int] = mapped_column(default=0)


class Decision(Tenant, Base):
    """A decision of a meeting, its owner, and its review date. Decisions are numbered per coalition."""

    __tablename__ = "meetings_decision"
    __label__ = _l("Decision")
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
    text: Mapped[str] = written(_l("Text"), Search.TITLE, of="owner_id")
    owner_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("decisions_carried", "number review_on")
    )
    review_on: Mapped[date | None]
    decided_on: Mapped[date]
    # True if the meeting only noted or approved something, so that no action has to follow.
    no_action: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    version: Mapped[int] = mapped_column(default=1)
