"""Reads of meetings, owner first."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engage.coalitions.models import Group, GroupMember, Membership
from engage.database import along
from engage.extensions import db
from engage.meetings.models import AgendaItem, Attendance, Decision, Meeting
from engage.meetings.rules import MeetingKind, Mode
from engage.web.lists import nearest_page

PAGE_ROWS = 200


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting in the list; `here` counts who came, in the room or online."""

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


@dataclass(frozen=True, slots=True)
class MeetingsPage:
    """A page of them: what comes, the next first, then what is past, the latest first."""

    lines: tuple[MeetingLine, ...]
    total: int
    page: int
    pages: int


def meeting_of(membership: Membership, meeting_id: int) -> Meeting | None:
    """One of the coalition's meetings."""
    return db.session.scalar(
        sa.select(Meeting).where(Meeting.coalition_id == membership.coalition_id, Meeting.id == meeting_id)
    )


def agenda_of(meeting: Meeting) -> list[AgendaItem]:
    """Its lines in their order."""
    rows = sa.select(AgendaItem).where(
        AgendaItem.coalition_id == meeting.coalition_id, AgendaItem.meeting_id == meeting.id
    )
    return list(db.session.scalars(rows.order_by(AgendaItem.position, AgendaItem.id)))


@dataclass(frozen=True, slots=True)
class Lead:
    """Who leads through a line of an agenda."""

    name: str
    left: bool


def leads_of(meeting: Meeting) -> dict[int, Lead]:
    """By the line's id; lines that nobody leads are left out."""
    rows = (
        sa.select(AgendaItem.id, Membership.name, Membership.left_on.is_not(None))
        .join(Membership, along(AgendaItem.lead_id, Membership))
        .where(AgendaItem.coalition_id == meeting.coalition_id, AgendaItem.meeting_id == meeting.id)
    )
    return {key: Lead(name, left) for key, name, left in db.session.execute(rows)}


def item_of(membership: Membership, meeting_id: int, item_id: int) -> AgendaItem | None:
    """One line of this meeting's agenda."""
    return db.session.scalar(
        sa.select(AgendaItem).where(
            AgendaItem.coalition_id == membership.coalition_id,
            AgendaItem.meeting_id == meeting_id,
            AgendaItem.id == item_id,
        )
    )


def group_name(meeting: Meeting) -> str:
    """The group that meets, where it is one's."""
    if meeting.group_id is None:
        return ""
    return db.session.scalar(sa.select(Group.name).where(Group.id == meeting.group_id)) or ""


_HERE: sa.BindParameter[int] = sa.bindparam("coalition_id")
_MIDNIGHT: sa.BindParameter[datetime] = sa.bindparam("midnight")


def _count(model: type[AgendaItem | Attendance | Decision], *more: sa.ColumnElement[bool]) -> sa.Subquery:
    return (
        sa.select(model.meeting_id, sa.func.count(model.id).label("n"))
        .where(model.coalition_id == _HERE, *more)
        .group_by(model.meeting_id)
        .subquery()
    )


_ITEMS, _CAME, _DECIDED = (
    _count(AgendaItem),
    _count(Attendance, Attendance.mode != Mode.EXCUSED),
    _count(Decision),
)
_COMES = sa.and_(Meeting.closed_at.is_(None), Meeting.starts_at >= _MIDNIGHT)
# Built once: building a statement takes longer than running it.
_LINES = (
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
        sa.func.coalesce(_ITEMS.c.n, 0).label("items"),
        sa.func.coalesce(_CAME.c.n, 0).label("here"),
        sa.func.coalesce(_DECIDED.c.n, 0).label("decisions"),
    )
    .outerjoin(Group, along(Meeting.group_id, Group))
    .outerjoin(_ITEMS, _ITEMS.c.meeting_id == Meeting.id)
    .outerjoin(_CAME, _CAME.c.meeting_id == Meeting.id)
    .outerjoin(_DECIDED, _DECIDED.c.meeting_id == Meeting.id)
    .where(Meeting.coalition_id == _HERE)
    .order_by(
        sa.case((_COMES, 0), else_=1),
        sa.case((_COMES, Meeting.starts_at), else_=None),
        Meeting.starts_at.desc(),
        Meeting.id.desc(),
    )
    .limit(PAGE_ROWS)
    .offset(sa.bindparam("skipped"))
)
_TOTAL = sa.select(sa.func.count()).select_from(Meeting).where(Meeting.coalition_id == _HERE)


def meetings_page(membership: Membership, midnight: datetime, page: int) -> MeetingsPage:
    """The page of the list, or the nearest there is. `midnight`: a meeting of today still counts as coming."""
    asked = {"coalition_id": membership.coalition_id}
    total = db.session.scalar(_TOTAL, asked) or 0
    page, pages = nearest_page(page, total, PAGE_ROWS)
    rows = db.session.execute(_LINES, {**asked, "midnight": midnight, "skipped": (page - 1) * PAGE_ROWS})
    return MeetingsPage(tuple(MeetingLine(*row) for row in rows), total, page, pages)


def meetings_of(membership: Membership, midnight: datetime) -> list[MeetingLine]:
    """All of them on one page; one query."""
    rows = _LINES.limit(None).offset(None)
    asked = {"coalition_id": membership.coalition_id, "midnight": midnight}
    return [MeetingLine(*row) for row in db.session.execute(rows, asked)]


@dataclass(frozen=True, slots=True)
class HeldSession:
    """A closed planning session: when it was, the sectors of who came, and how many decisions it made."""

    starts_at: datetime
    sectors: frozenset[str]
    decisions: int


_DECISIONS = sa.select(sa.func.count(Decision.id)).where(Decision.meeting_id == Meeting.id).correlate(Meeting)
_SESSIONS = (
    sa.select(Meeting.id, Meeting.starts_at, _DECISIONS.scalar_subquery(), Attendance.sector)
    .outerjoin(
        Attendance,
        sa.and_(
            along(Attendance.meeting_id, Meeting), Attendance.mode != Mode.EXCUSED, Attendance.sector != ""
        ),
    )
    .where(
        Meeting.coalition_id == _HERE,
        Meeting.kind == MeetingKind.PLANNING_SESSION,
        Meeting.closed_at.is_not(None),
    )
    .distinct()
    .order_by(Meeting.starts_at, Meeting.id)
)


def held_sessions(coalition_id: int) -> list[HeldSession]:
    """The coalition's closed planning sessions in the order of their dates; one query."""
    found: dict[int, HeldSession] = {}
    for key, starts_at, decisions, sector in db.session.execute(_SESSIONS, {"coalition_id": coalition_id}):
        before = found[key].sectors if key in found else frozenset()
        found[key] = HeldSession(starts_at, before | ({sector} if sector else set()), decisions)
    return list(found.values())


_NEXT = (
    sa.select(Meeting)
    .where(Meeting.coalition_id == _HERE, Meeting.closed_at.is_(None), Meeting.starts_at >= _MIDNIGHT)
    .order_by(Meeting.starts_at, Meeting.id)
    .limit(1)
)


def next_meeting(membership: Membership, midnight: datetime) -> Meeting | None:
    """The next open meeting; one of today counts until it is closed."""
    return db.session.scalar(_NEXT, {"coalition_id": membership.coalition_id, "midnight": midnight})


_CLOSED = (
    sa.select(Meeting.id, Meeting.title, Meeting.starts_at)
    .where(Meeting.coalition_id == _HERE, Meeting.closed_at.is_not(None))
    .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
)


def closed_meetings(membership: Membership, most: int) -> list[tuple[int, str, datetime]]:
    """The latest whose minutes stand, as id, title and start."""
    rows = db.session.execute(_CLOSED.limit(most), {"coalition_id": membership.coalition_id})
    return [(key, title, starts_at) for key, title, starts_at in rows]


@dataclass(frozen=True, slots=True)
class MyMeeting:
    """A meeting that a person is asked to: of everybody, or of a group of theirs."""

    id: int
    title: str
    starts_at: datetime
    minutes: int
    created_at: datetime
    created_by_id: int | None
    version: int


_MY_GROUPS = sa.select(GroupMember.group_id).where(GroupMember.membership_id == sa.bindparam("me"))
_MY_MEETINGS = (
    sa.select(
        Meeting.id,
        Meeting.title,
        Meeting.starts_at,
        Meeting.minutes,
        Meeting.created_at,
        Meeting.created_by_id,
        Meeting.version,
    )
    .where(
        Meeting.coalition_id == _HERE,
        Meeting.starts_at >= _MIDNIGHT,
        sa.or_(Meeting.group_id.is_(None), Meeting.group_id.in_(_MY_GROUPS)),
    )
    .order_by(Meeting.starts_at, Meeting.id)
)


def my_meetings(membership: Membership, midnight: datetime) -> list[MyMeeting]:
    """Those of this person from a moment on, the first first; one query."""
    asked = {"coalition_id": membership.coalition_id, "midnight": midnight, "me": membership.id}
    return [MyMeeting(*row) for row in db.session.execute(_MY_MEETINGS, asked)]
