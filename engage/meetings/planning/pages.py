"""Builds the pages of meetings, with their texts and URLs."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from flask import url_for
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.queries import may_there
from engage.content.loader import content
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.meetings import labels, moments, queries
from engage.meetings.attendance.service import Attended, Came, attended
from engage.meetings.attendance.sign_in import mode_of
from engage.meetings.models import Meeting
from engage.meetings.queries import MeetingLine, MeetingsPage
from engage.meetings.rules import MeetingState, Mode, may_sign_in, may_write_minutes, meeting_state
from engage.web.forms import ConfirmForm


class MeetingRow(Struct, frozen=True):
    id: int
    title: str
    # The title with the day, because most meetings have the same title.
    named: str
    when: str
    kind: str
    place: str
    state: str
    tag: str
    facts: str
    # Whether there are minutes to read.
    has_minutes: bool


class ListPage(Struct, frozen=True):
    coming: list[MeetingRow]
    past: list[MeetingRow]
    total: int
    page: int
    pages: int
    url_for: Callable[[int], str]
    # The start of the URL of a meeting's page; the meeting's id is appended.
    base: str


class MeetingSheet(Struct, frozen=True):
    """A meeting's page: its facts, its time, and what the reader may do."""

    day: str
    when: str
    kind: str
    state: MeetingState
    state_words: str
    state_tag: str
    twice: bool
    may_work: bool
    may_close: bool
    # Whether recording comes before *I'm here*: once the meeting has begun for those who may close it, and
    # for everyone after its planned end.
    records_first: bool
    # True from the day before the meeting on.
    has_minutes: bool

    @property
    def is_closed(self) -> bool:
        return self.state is MeetingState.CLOSED

    @property
    def has_begun(self) -> bool:
        return self.state is not MeetingState.PLANNED


def list_page(found: MeetingsPage, midnight: datetime, now: datetime) -> ListPage:
    coming = [each for each in found.lines if each.closed_at is None and each.starts_at >= midnight]
    past = [each for each in found.lines if each.closed_at is not None or each.starts_at < midnight]
    return ListPage(
        coming=_rows(coming, now),
        past=_rows(past, now),
        total=found.total,
        page=found.page,
        pages=found.pages,
        url_for=lambda n: url_for("meetings.index", page=n),
        base=url_for("meetings.index"),
    )


def _rows(lines: Sequence[MeetingLine], now: datetime) -> list[MeetingRow]:
    online = _("online")
    kinds = {kind: str(label) for kind, label in labels.KIND_LABELS.items()}
    states = {state: str(label) for state, label in labels.STATE_LABELS.items()}
    found = []
    for each in lines:
        state = meeting_state(each.starts_at, each.closed_at, now)
        found.append(
            MeetingRow(
                id=each.id,
                title=each.title,
                named=labels.titled(each.title, each.starts_at),
                when=labels.when(each.starts_at, each.minutes),
                kind=each.group or kinds[each.kind],
                place=each.place or (online if each.link else ""),
                state=states[state],
                tag=labels.STATE_TAGS[state],
                facts=_facts(each, state),
                has_minutes=state is MeetingState.CLOSED,
            )
        )
    return found


def _facts(line: MeetingLine, state: MeetingState) -> str:
    """Returns facts for the list: agenda items before the meeting, attendance and decisions after it."""
    if state is MeetingState.PLANNED:
        if not line.items:
            return _("no agenda yet")
        return ngettext("%(num)s agenda item", "%(num)s agenda items", line.items)
    came = ngettext("%(num)s person came", "%(num)s people came", line.here)
    decided = ngettext("%(num)s decision", "%(num)s decisions", line.decisions)
    return _("%(came)s, %(decided)s", came=came, decided=decided)


def sheet(membership: Membership, meeting: Meeting, now: datetime) -> MeetingSheet:
    state = meeting_state(meeting.starts_at, meeting.closed_at, now)
    group = queries.group_name(meeting)
    kind = str(labels.KIND_LABELS[meeting.kind])
    may_close = may_there(membership, Permission.CLOSE_MEETINGS, meeting.group_id)
    return MeetingSheet(
        day=labels.day(meeting.starts_at),
        when=labels.when(meeting.starts_at, meeting.minutes),
        kind=_("%(kind)s: %(group)s", kind=kind, group=group) if group else kind,
        state=state,
        state_words=str(labels.STATE_LABELS[state]),
        state_tag=labels.STATE_TAGS[state],
        twice=moments.comes_twice(meeting.starts_at, membership.coalition.time_zone),
        may_work=may(membership.role, Permission.WORK) and state is not MeetingState.CLOSED,
        may_close=may_close,
        records_first=now >= meeting.starts_at + timedelta(minutes=0 if may_close else meeting.minutes),
        has_minutes=may_write_minutes(meeting.starts_at, now),
    )


class MeetingHere(Struct, frozen=True):
    """The button *I'm here*, and how the person's attendance is recorded; "" if it is not."""

    mode: str
    form: ConfirmForm


def here(membership: Membership, meeting: Meeting, now: datetime) -> MeetingHere | None:
    """Returns the button; None if signing in is not possible now."""
    if not may_sign_in(meeting.starts_at, meeting.closed_at, now):
        return None
    mode = mode_of(membership, meeting)
    return MeetingHere(str(labels.MODE_LABELS[mode]) if mode is not None else "", ConfirmForm(formdata=None))


class AttendanceShown(Struct, frozen=True):
    """Attendance as text, by organization, and the counts by sector."""

    sentence: str
    organizations: list[tuple[str, str]]
    sectors: list[tuple[str, int]]
    excused: str


def attendance_shown(found: Attended) -> AttendanceShown:
    known = {sector.key: sector.name for sector in content().sectors}
    unsaid, themselves = _("Sector not given"), _("On their own")
    return AttendanceShown(
        sentence=_came(found),
        organizations=[
            (organization or themselves, ", ".join(_name(each) for each in people))
            for organization, people in found.organizations
        ],
        sectors=[(known.get(key, unsaid), count) for key, count in found.sectors],
        excused=", ".join(_name(each) for each in found.excused),
    )


def _came(found: Attended) -> str:
    if not found.lines:
        return ""
    present = ngettext("%(num)s person here", "%(num)s people here", found.count(Mode.HERE))
    said = [present]
    if online := found.count(Mode.ONLINE):
        said.append(ngettext("%(num)s online", "%(num)s online", online))
    if excused := found.count(Mode.EXCUSED):
        said.append(ngettext("%(num)s excused", "%(num)s excused", excused))
    return ", ".join(said)


def _name(came: Came) -> str:
    name = _("%(name)s (guest)", name=came.name) if came.is_guest else came.name
    return _("%(name)s (online)", name=name) if came.mode is Mode.ONLINE else name


def when_of(meeting: Meeting) -> str:
    return labels.when(meeting.starts_at, meeting.minutes)


def titled(meeting: Meeting) -> str:
    return labels.titled(meeting.title, meeting.starts_at)


def came_sentence(meeting: Meeting) -> str:
    """Returns words such as "9 people here, 2 online"; "" if no one's attendance is recorded."""
    return _came(attended(meeting))
