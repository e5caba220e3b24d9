"""Ends a meeting: carrying lines over, closing and reopening it, canceling it."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased

from engage import clock, history
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.service import Held
from engage.database import along
from engage.errors import WrongState
from engage.extensions import db
from engage.history import HistoryEntry
from engage.i18n import gettext as _
from engage.meetings import service
from engage.meetings.agenda.queries import OTHER_ITEM
from engage.meetings.agenda.rules.about import AboutKind, about
from engage.meetings.agenda.service import check_room
from engage.meetings.models import AgendaItem, Attendance, Decision, Meeting
from engage.meetings.rules import Outcome, Source, at_closing
from engage.snapshots import Snapshot


class Closing(Struct, frozen=True):
    """A closing or reopening of a meeting."""

    happened_at: datetime
    was_closed: bool
    actor: str


# The condition for lines that are not breaks.
_SAID = AgendaItem.about != AboutKind.BREAK.value


def not_reached(meeting: Meeting) -> list[AgendaItem]:
    """Returns the lines that were not reached and not carried over yet, without breaks."""
    there = sa.exists().where(OTHER_ITEM.carried_from_id == AgendaItem.id)
    rows = sa.select(AgendaItem).where(
        AgendaItem.coalition_id == meeting.coalition_id,
        AgendaItem.meeting_id == meeting.id,
        AgendaItem.outcome == Outcome.NOT_REACHED,
        _SAID,
        ~there,
    )
    return list(db.session.scalars(rows.order_by(AgendaItem.position, AgendaItem.id)))


def later_meetings(meeting: Meeting) -> list[Meeting]:
    """Returns later open meetings: first those of the same kind and group, then the others by date."""
    rows = sa.select(Meeting).where(
        Meeting.coalition_id == meeting.coalition_id,
        Meeting.closed_at.is_(None),
        Meeting.id != meeting.id,
        Meeting.starts_at >= meeting.starts_at,
    )
    alike = sa.and_(
        Meeting.kind == meeting.kind, sa.func.coalesce(Meeting.group_id, 0) == (meeting.group_id or 0)
    )
    rows = rows.order_by(sa.case((alike, 0), else_=1), Meeting.starts_at, Meeting.id).limit(50)
    return list(db.session.scalars(rows))


def carry_over(membership: Membership, meeting: Meeting, to: Meeting) -> int:
    """Copies the lines that were not reached to the end of a later agenda, each only once. Returns how many.

    Raises WrongState if that meeting is closed or its agenda is full.
    """
    # If two people carry the same lines over at once, to any meetings, the second waits and finds none left.
    lock(meeting.coalition_id)
    service.claim_open(to, alone=True)
    there, last = db.session.execute(
        sa.select(sa.func.count(AgendaItem.id), sa.func.coalesce(sa.func.max(AgendaItem.position), 0)).where(
            AgendaItem.meeting_id == to.id
        )
    ).one()
    lines = not_reached(meeting)
    check_room(there + len(lines))
    for position, item in enumerate(lines, last + 1):
        db.session.add(
            AgendaItem(
                coalition_id=to.coalition_id,
                meeting_id=to.id,
                position=position,
                title=item.title,
                minutes=item.minutes,
                source=Source.CARRIED_OVER,
                about=item.about or about(AboutKind.LINE, item.id),
                output=item.output,
                carried_from_id=item.id,
                created_by_id=membership.id,
            )
        )
        history.note(membership, item, "carried_over")
    return len(lines)


# -- closing


def _open_items(meeting: Meeting, acted: Collection[int]) -> list[tuple[AgendaItem, bool]]:
    """Returns the lines without an outcome, each with whether it has notes or a decision."""
    decided = sa.exists().where(Decision.item_id == AgendaItem.id)
    rows = sa.select(AgendaItem, sa.or_(AgendaItem.notes != "", decided)).where(
        AgendaItem.coalition_id == meeting.coalition_id,
        AgendaItem.meeting_id == meeting.id,
        AgendaItem.outcome == Outcome.OPEN,
    )
    return [(item, noted or item.id in acted) for item, noted in db.session.execute(rows)]


def open_lines(meeting: Meeting, acted: Collection[int]) -> int:
    """Counts the lines without any record: no outcome, note or decision, and not in `acted`."""
    found = _open_items(meeting, acted)
    return sum(not noted and item.about != AboutKind.BREAK for item, noted in found)


def close(membership: Membership, meeting: Meeting, acted: Collection[int] = ()) -> None:
    """Makes the meeting read-only. Open lines become done if anything was recorded, else not reached.

    `acted` are the ids of lines from which an action came. Raises WrongState.
    """
    service.claim_open(meeting, alone=True)
    now = clock.now()
    if meeting.starts_at > now:
        raise WrongState(_("This meeting has not begun. You can close it after it was held."))
    for item, noted in _open_items(meeting, acted):
        item.outcome = at_closing(item.outcome, is_noted=noted or item.about == AboutKind.BREAK)
        item.recorded_version += 1
    meeting.closed_at = now
    meeting.version += 1
    history.note(membership, meeting, "closed")


def reopen(membership: Membership, meeting: Meeting) -> None:
    """Reopens the meeting. The history records who did so and when. Raises WrongState if it is not closed."""
    if meeting.closed_at is None:
        raise WrongState(_("This meeting is already open."))
    meeting.closed_at = None
    meeting.version += 1
    history.note(membership, meeting, "reopened")


def closings_of(meeting: Meeting) -> list[Closing]:
    """Returns when the meeting was closed and reopened, and by whom, latest first."""
    rows = (
        sa.select(HistoryEntry.happened_at, HistoryEntry.field, sa.func.coalesce(Membership.name, ""))
        .outerjoin(Membership, along(HistoryEntry.actor_id, Membership))
        .where(
            HistoryEntry.coalition_id == meeting.coalition_id,
            HistoryEntry.thing == Meeting.__tablename__,
            HistoryEntry.thing_id == meeting.id,
            HistoryEntry.field.in_(("closed", "reopened")),
        )
        .order_by(HistoryEntry.happened_at.desc(), HistoryEntry.id.desc())
    )
    return [Closing(moment, field == "closed", actor) for moment, field, actor in db.session.execute(rows)]


# -- canceling


def has_records(meeting: Meeting) -> bool:
    """Returns whether there are records: attendance, a note, an outcome, a decision, or a carried line."""
    item = aliased(AgendaItem)
    carried = sa.exists().where(OTHER_ITEM.carried_from_id == item.id, item.meeting_id == meeting.id)
    said = sa.exists().where(
        AgendaItem.meeting_id == meeting.id,
        sa.or_(AgendaItem.notes != "", AgendaItem.outcome != Outcome.OPEN),
    )
    came = sa.exists().where(Attendance.meeting_id == meeting.id)
    decided = sa.exists().where(Decision.meeting_id == meeting.id)
    return bool(db.session.scalar(sa.select(sa.or_(came, said, decided, carried))))


def cancel(membership: Membership, meeting: Meeting) -> Snapshot:
    """Cancels the meeting: moves it to the trash with its agenda. Raises WrongState if it has records."""
    lock(membership.coalition_id)
    service.claim_open(meeting, alone=True)
    if has_records(meeting):
        raise WrongState(_("Something was recorded at this meeting. Close it instead: its minutes stay."))
    try:
        return trash_service.put(membership, meeting)
    except Held:
        # an action, a vote or an agreed value refers to the meeting
        raise WrongState(
            _("Other records refer to this meeting. Close it instead: it stays on record.")
        ) from None
