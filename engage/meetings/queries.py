"""Reads meetings, within one coalition."""

from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct

from engage.coalitions.models import Group, GroupMember, Membership
from engage.coalitions.rules import GroupKind
from engage.database import Selection, along
from engage.extensions import db
from engage.meetings.models import AgendaItem, Attendance, Decision, Meeting, Reply
from engage.meetings.rules import Coming, HeldSession, MeetingKind, Mode
from engage.web.lists import nearest_page

PAGE_ROWS = 200


class MeetingLine(Struct, frozen=True):
    """A meeting in the list; `here` is the number of people who came, in the room or online."""

    id: int
    kind: MeetingKind
    title: str
    group: str
    starts_at: datetime
    minutes: int
    place: str
    link: str
    closed_at: datetime | None
    items: int
    here: int
    decisions: int


class MeetingsPage(Struct, frozen=True):
    """A page of meetings: future ones, the next first, then past ones, the latest first."""

    lines: tuple[MeetingLine, ...]
    total: int
    page: int
    pages: int


def meeting_of(membership: Membership, meeting_id: int) -> Meeting | None:
    """Returns one of the coalition's meetings."""
    return db.session.scalar(
        sa.select(Meeting).where(Meeting.coalition_id == membership.coalition_id, Meeting.id == meeting_id)
    )


def group_of_meeting(membership: Membership, meeting_id: int) -> int | None:
    """Returns the group whose lead runs the meeting; None if there is no group or no such meeting."""
    return db.session.scalar(
        sa.select(Meeting.group_id).where(
            Meeting.coalition_id == membership.coalition_id, Meeting.id == meeting_id
        )
    )


def agenda_of(meeting: Meeting) -> list[AgendaItem]:
    """Returns the meeting's lines in order."""
    rows = sa.select(AgendaItem).where(
        AgendaItem.coalition_id == meeting.coalition_id, AgendaItem.meeting_id == meeting.id
    )
    return list(db.session.scalars(rows.order_by(AgendaItem.position, AgendaItem.id)))


class Lead(Struct, frozen=True):
    """The person who leads an agenda item."""

    name: str
    left: bool


def leads_of(meeting: Meeting) -> dict[int, Lead]:
    """Returns leaders by the item's id, without items that have none."""
    rows = (
        sa.select(AgendaItem.id, Membership.name, Membership.left_on.is_not(None))
        .join(Membership, along(AgendaItem.lead_id, Membership))
        .where(AgendaItem.coalition_id == meeting.coalition_id, AgendaItem.meeting_id == meeting.id)
    )
    return {key: Lead(name, left) for key, name, left in db.session.execute(rows)}


def item_of(membership: Membership, meeting_id: int, item_id: int) -> AgendaItem | None:
    """Returns one line of this meeting's agenda."""
    return db.session.scalar(
        sa.select(AgendaItem).where(
            AgendaItem.coalition_id == membership.coalition_id,
            AgendaItem.meeting_id == meeting_id,
            AgendaItem.id == item_id,
        )
    )


def group_name(meeting: Meeting) -> str:
    """Returns the name of the meeting's group; None if it has none."""
    if meeting.group_id is None:
        return ""
    return db.session.scalar(sa.select(Group.name).where(Group.id == meeting.group_id)) or ""


def _count(
    coalition_id: int, model: type[AgendaItem | Attendance | Decision], *more: sa.ColumnElement[bool]
) -> sa.Subquery:
    return (
        sa.select(model.meeting_id, sa.func.count(model.id).label("n"))
        .where(model.coalition_id == coalition_id, *more)
        .group_by(model.meeting_id)
        .subquery()
    )


def _lines(coalition_id: int, midnight: datetime) -> Selection:
    items = _count(coalition_id, AgendaItem)
    came = _count(coalition_id, Attendance, Attendance.mode != Mode.EXCUSED)
    decided = _count(coalition_id, Decision)
    comes = sa.and_(Meeting.closed_at.is_(None), Meeting.starts_at >= midnight)
    return (
        sa.select(
            Meeting.id,
            Meeting.kind,
            Meeting.title,
            sa.func.coalesce(Group.name, "").label("group"),
            Meeting.starts_at,
            Meeting.minutes,
            Meeting.place,
            Meeting.link,
            Meeting.closed_at,
            sa.func.coalesce(items.c.n, 0).label("items"),
            sa.func.coalesce(came.c.n, 0).label("here"),
            sa.func.coalesce(decided.c.n, 0).label("decisions"),
        )
        .outerjoin(Group, along(Meeting.group_id, Group))
        .outerjoin(items, items.c.meeting_id == Meeting.id)
        .outerjoin(came, came.c.meeting_id == Meeting.id)
        .outerjoin(decided, decided.c.meeting_id == Meeting.id)
        .where(Meeting.coalition_id == coalition_id)
        .order_by(
            sa.case((comes, 0), else_=1),
            sa.case((comes, Meeting.starts_at), else_=None),
            Meeting.starts_at.desc(),
            Meeting.id.desc(),
        )
    )


def meetings_page(membership: Membership, midnight: datetime, page: int) -> MeetingsPage:
    """Returns this page of the list, or the nearest page that exists.

    Meetings from `midnight` on, so all of today's, count as future ones.
    """
    here = Meeting.coalition_id == membership.coalition_id
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Meeting).where(here)) or 0
    page, pages = nearest_page(page, total, PAGE_ROWS)
    rows = _lines(membership.coalition_id, midnight).limit(PAGE_ROWS).offset((page - 1) * PAGE_ROWS)
    return MeetingsPage(
        tuple(MeetingLine(**row._mapping) for row in db.session.execute(rows)), total, page, pages
    )


def meetings_of(membership: Membership, midnight: datetime) -> list[MeetingLine]:
    """Returns all meetings on one page, in one query."""
    rows = _lines(membership.coalition_id, midnight)
    return [MeetingLine(**row._mapping) for row in db.session.execute(rows)]


def meetings_of_group(membership: Membership, group: Group, midnight: datetime, most: int) -> MeetingsPage:
    """Returns up to `most` meetings of a group. The core team's meetings are also found by their kind."""
    its = Meeting.group_id == group.id
    if group.kind is GroupKind.CORE_TEAM:
        its = sa.or_(its, Meeting.kind == MeetingKind.CORE_TEAM)
    rows = _lines(membership.coalition_id, midnight).where(its).limit(most)
    lines = tuple(MeetingLine(**row._mapping) for row in db.session.execute(rows))
    return MeetingsPage(lines, len(lines), 1, 1)


def held_sessions(coalition_id: int) -> list[HeldSession]:
    """Returns the coalition's closed planning sessions by date, in one query."""
    decided = sa.select(sa.func.count(Decision.id)).where(Decision.meeting_id == Meeting.id)
    came = sa.and_(
        along(Attendance.meeting_id, Meeting), Attendance.mode != Mode.EXCUSED, Attendance.sector != ""
    )
    rows = (
        sa.select(
            Meeting.id, Meeting.starts_at, decided.correlate(Meeting).scalar_subquery(), Attendance.sector
        )
        .outerjoin(Attendance, came)
        .where(
            Meeting.coalition_id == coalition_id,
            Meeting.kind == MeetingKind.PLANNING_SESSION,
            Meeting.closed_at.is_not(None),
        )
        .distinct()
        .order_by(Meeting.starts_at, Meeting.id)
    )
    found: dict[int, HeldSession] = {}
    for key, starts_at, decisions, sector in db.session.execute(rows):
        before = found[key].sectors if key in found else frozenset()
        found[key] = HeldSession(starts_at, before | ({sector} if sector else set()), decisions)
    return list(found.values())


# The statement is built once, because every Home page runs it.
_COMING = (
    sa.select(Meeting)
    .where(
        Meeting.coalition_id == sa.bindparam("coalition_id"),
        Meeting.closed_at.is_(None),
        Meeting.starts_at >= sa.bindparam("midnight"),
    )
    .order_by(Meeting.starts_at, Meeting.id)
    .limit(1)
)


def next_meeting(membership: Membership, midnight: datetime) -> Meeting | None:
    """Returns the next open meeting. A meeting of today counts until it is closed."""
    return db.session.scalar(_COMING, {"coalition_id": membership.coalition_id, "midnight": midnight})


def closed_meetings(membership: Membership, most: int) -> list[tuple[int, str, datetime]]:
    """Returns the latest closed meetings, whose minutes are final, as id, title and start."""
    rows = (
        sa.select(Meeting.id, Meeting.title, Meeting.starts_at)
        .where(Meeting.coalition_id == membership.coalition_id, Meeting.closed_at.is_not(None))
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(most)
    )
    return [(key, title, starts_at) for key, title, starts_at in db.session.execute(rows)]


class MyMeeting(Struct, frozen=True):
    """A meeting for this person: for everyone, or for one of their groups."""

    id: int
    title: str
    starts_at: datetime
    minutes: int
    created_at: datetime
    created_by_id: int | None
    version: int
    # The person's answer; None if there is none yet.
    answer: Coming | None
    answered_for: datetime | None
    wants_reminder: bool

    @property
    def was_moved(self) -> bool:
        """Returns whether the meeting's time has changed since the person answered."""
        return self.answered_for is not None and self.answered_for != self.starts_at


def my_meetings(membership: Membership, midnight: datetime) -> list[MyMeeting]:
    """Returns this person's meetings from a given time on, soonest first, in one query."""
    groups = sa.select(GroupMember.group_id).where(GroupMember.membership_id == membership.id)
    mine = Reply.membership_id == membership.id
    rows: Selection = (
        sa.select(
            Meeting.id,
            Meeting.title,
            Meeting.starts_at,
            Meeting.minutes,
            Meeting.created_at,
            Meeting.created_by_id,
            Meeting.version,
            Reply.answer,
            Reply.answered_for,
            sa.func.coalesce(Reply.wants_reminder, sa.false()).label("wants_reminder"),
        )
        .outerjoin(Reply, sa.and_(along(Reply.meeting_id, Meeting), mine))
        .where(
            Meeting.coalition_id == membership.coalition_id,
            Meeting.starts_at >= midnight,
            sa.or_(Meeting.group_id.is_(None), Meeting.group_id.in_(groups)),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return [MyMeeting(**row._mapping) for row in db.session.execute(rows)]
