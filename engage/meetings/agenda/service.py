"""Writes the lines of an agenda: adding, editing, moving, dropping, spreading the minutes, drafting."""

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from engage import history, versions
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission
from engage.coalitions.queries import may_there
from engage.coalitions.service import lock
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.service import Held
from engage.database import along
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings.agenda.rules.about import AboutKind
from engage.meetings.agenda.rules.draft import MINUTES, USUAL, Proposal, merged
from engage.meetings.agenda.rules.minutes import MinutesSpread, Wish, short, spread
from engage.meetings.models import AgendaItem, Meeting
from engage.meetings.rules import Outcome, Source
from engage.meetings.service import claim_open
from engage.snapshots import Snapshot

# The history stores the old and new values of these fields. Of other fields it stores only that they changed.
_KEPT = frozenset({"minutes", "lead_id"})
# The most lines of an agenda. The limit keeps anyone from filling the database.
LINES_MOST = 100


def add_line(membership: Membership, meeting: Meeting, values: Mapping[str, object]) -> AgendaItem:
    """Adds a line at the end. Raises WrongState if the meeting is closed or the agenda is full."""
    lines = _held(meeting)
    check_room(len(lines) + 1)
    item = AgendaItem(
        coalition_id=meeting.coalition_id,
        meeting_id=meeting.id,
        position=max((each.position for each in lines), default=0) + 1,
        source=Source.HAND,
        created_by_id=membership.id,
        **values,
    )
    return history.add(membership, item, new=Source.HAND)


def edit_line(
    membership: Membership, meeting: Meeting, item: AgendaItem, version: int, values: Mapping[str, object]
) -> None:
    """Sets new values of fields by name. Raises StaleVersion, and WrongState if the meeting is closed."""
    claim_open(meeting)
    versions.change(membership, item, version, values, _KEPT)


def move(meeting: Meeting, item: AgendaItem, before_id: int) -> None:
    """Moves the line before the other line `before_id`, or to the end (0).

    Naming the other line, instead of a number of steps, makes two people who press at once get what they
    meant. Raises WrongState if the meeting is closed or that line is gone.
    """
    lines = [each for each in _held(meeting) if each.id != item.id]
    place = next((at for at, each in enumerate(lines) if each.id == before_id), None)
    if before_id and place is None:
        raise WrongState(_("The item it should come before is gone. Check the agenda and move it again."))
    lines.insert(len(lines) if place is None else place, item)
    _number(lines)


def drop(membership: Membership, meeting: Meeting, item: AgendaItem) -> None:
    """Takes the line off the agenda and lists it below. Raises WrongState if the meeting is closed."""
    _turn(membership, meeting, item, Outcome.DROPPED)


def keep(membership: Membership, meeting: Meeting, item: AgendaItem) -> None:
    """Puts a dropped line back in its old position. Raises WrongState if the meeting is closed."""
    if item.outcome is Outcome.DROPPED:
        _turn(membership, meeting, item, Outcome.OPEN)


def _turn(membership: Membership, meeting: Meeting, item: AgendaItem, to: Outcome) -> None:
    claim_open(meeting)
    if item.outcome is not to:
        history.note(membership, item, "outcome", old=item.outcome, new=to)
        item.outcome = to
        item.recorded_version += 1


def may_delete(membership: Membership, item: AgendaItem, *, runs_it: bool) -> bool:
    """Returns whether the person may delete a dropped line: their own, or any line of a meeting that they run."""
    return (runs_it or item.created_by_id == membership.id) and item.outcome is Outcome.DROPPED


def delete_line(membership: Membership, meeting: Meeting, item: AgendaItem) -> Snapshot:
    """Moves the line to the trash. Raises WrongState if the meeting is closed, or something depends on it."""
    lock(membership.coalition_id)
    claim_open(meeting)
    runs_it = may_there(membership, Permission.CLOSE_MEETINGS, meeting.group_id)
    if not may_delete(membership, item, runs_it=runs_it):
        raise WrongState(
            _("Only a dropped item can be deleted, by the person who added it or a coordinator.")
        )
    try:
        return trash_service.put(membership, item)
    except Held:
        raise WrongState(
            _("Something was decided or carried over from this item. It stays on record as dropped.")
        ) from None


def spread_minutes(membership: Membership, meeting: Meeting) -> MinutesSpread:
    """Changes the minutes of every line in proportion, so that the lines fill the meeting."""
    lines = [each for each in _held(meeting) if each.outcome is not Outcome.DROPPED]
    found = spread([wish_of(each) for each in lines], meeting.minutes)
    for item, minutes in zip(lines, found.minutes, strict=True):
        if item.minutes != minutes:
            history.note(membership, item, "minutes", old=item.minutes, new=minutes)
            item.minutes = minutes
            item.version += 1
    return found


def wish_of(item: AgendaItem) -> Wish:
    """Returns what a line asks for: its current minutes, or at least about half of the usual ones."""
    usual = MINUTES.get(item.source, USUAL)
    return Wish(item.minutes, short(min(usual, item.minutes)), item.about == AboutKind.BREAK)


def add_drafted(
    membership: Membership,
    meeting: Meeting,
    proposals: Sequence[Proposal],
    ranks: Mapping[int, float],
) -> MinutesSpread:
    """Adds the chosen lines of a draft, each at its position among the existing ones.

    `ranks` are the frame positions of existing lines, by id. Existing lines keep their minutes; the new ones
    share the remaining time. Raises WrongState if the meeting is closed, the agenda is full, or someone else
    added the same draft meanwhile.
    """
    lines = _held(meeting)
    if {each.id for each in lines} != set(ranks):
        raise WrongState(_("Someone changed the agenda in the meantime. Check it, then draft again."))
    check_room(len(lines) + len(proposals))
    used = sum(each.minutes for each in lines if each.outcome is not Outcome.DROPPED)
    found = spread([each.wish for each in proposals], max(meeting.minutes - used, 0))
    made = [
        AgendaItem(
            coalition_id=meeting.coalition_id,
            meeting_id=meeting.id,
            position=0,
            title=each.title,
            minutes=minutes,
            source=each.source,
            about=each.about,
            output=each.output,
            carried_from_id=each.carried_from,
            created_by_id=membership.id,
        )
        for each, minutes in zip(proposals, found.minutes, strict=True)
    ]
    order = merged([ranks[each.id] for each in lines], [each.rank for each in proposals])
    _number([made[index] if is_new else lines[index] for is_new, index in order])
    db.session.add_all(made)
    db.session.flush()
    for item in made:
        history.note(membership, item, "added", new=item.source)
    return found


def led_by(person: Membership) -> list[AgendaItem]:
    """Returns the lines that this person leads at open meetings, for handing them over."""
    rows = (
        sa.select(AgendaItem)
        .join(Meeting, along(AgendaItem.meeting_id, Meeting))
        .where(
            AgendaItem.coalition_id == person.coalition_id,
            AgendaItem.lead_id == person.id,
            Meeting.closed_at.is_(None),
        )
        .order_by(Meeting.starts_at, AgendaItem.position, AgendaItem.id)
    )
    return list(db.session.scalars(rows))


def hand_over(from_: Membership, to: Membership, actor: Membership, only: Collection[int]) -> int:
    """Gives those of the lines `only` that this person leads to another leader. Returns how many."""
    lines = [each for each in led_by(from_) if each.id in only]
    for item in lines:
        history.note(actor, item, "lead_id", old=item.lead_id, new=to.id)
        item.lead_id = to.id
        item.version += 1
    return len(lines)


def _held(meeting: Meeting) -> list[AgendaItem]:
    """Returns the lines on the agenda in order, locked until the commit."""
    lock(meeting.coalition_id)
    claim_open(meeting)
    rows = sa.select(AgendaItem).where(
        AgendaItem.coalition_id == meeting.coalition_id, AgendaItem.meeting_id == meeting.id
    )
    fresh = rows.order_by(AgendaItem.position, AgendaItem.id).execution_options(populate_existing=True)
    return list(db.session.scalars(fresh))


def check_room(lines: int) -> None:
    """Raises WrongState if an agenda cannot hold this many more lines."""
    if lines > LINES_MOST:
        raise WrongState(_("An agenda has at most %(most)s items. Delete some first.", most=LINES_MOST))


def _number(lines: Sequence[AgendaItem]) -> None:
    for place, each in enumerate(lines, start=1):
        if each.position != place:
            each.position = place
