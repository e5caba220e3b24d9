"""Writes the lines of an agenda: adding, editing, moving, dropping, spreading the minutes, drafting."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from flask_babel import gettext as _

from engage import history
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission
from engage.coalitions.queries import may_there
from engage.coalitions.service import lock
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.service import Held
from engage.database import along
from engage.errors import WrongState
from engage.extensions import db
from engage.history import Value
from engage.kept import KeptCopy
from engage.meetings.agenda.rules.about import AboutKind
from engage.meetings.agenda.rules.draft import MINUTES, USUAL, Proposal, merged
from engage.meetings.agenda.rules.minutes import Spread, Wish, short, spread
from engage.meetings.models import AgendaItem, Meeting
from engage.meetings.rules import Outcome, Source
from engage.meetings.service import claim_open
from engage.versions import claim_version

# History keeps the old and new values of these fields. For other fields it only notes that they changed.
_KEPT = frozenset({"minutes", "lead_id"})
# No agenda needs more lines, and the limit keeps anyone from filling the database.
LINES_MOST = 100


def add_line(
    membership: Membership,
    meeting: Meeting,
    *,
    title: str,
    minutes: int,
    output: str = "",
    lead_id: int | None = None,
    about: str = "",
    source: Source = Source.HAND,
) -> AgendaItem:
    """Adds a line at the end. Raises WrongState if the meeting is closed or the agenda is full."""
    lines = _held(meeting)
    check_room(len(lines) + 1)
    item = AgendaItem(
        coalition_id=meeting.coalition_id,
        meeting_id=meeting.id,
        position=max((each.position for each in lines), default=0) + 1,
        title=title,
        minutes=minutes,
        output=output,
        lead_id=lead_id,
        about=about,
        source=source,
        created_by_id=membership.id,
    )
    db.session.add(item)
    db.session.flush()
    _note(membership, item, "added", new=source)
    return item


def edit_line(
    membership: Membership, meeting: Meeting, item: AgendaItem, version: int, values: Mapping[str, object]
) -> None:
    """Sets new values of fields by name. Raises StaleVersion, and WrongState if the meeting is closed."""
    claim_open(meeting)
    claim_version(item, version)
    for field, value in values.items():
        old = getattr(item, field)
        if old == value:
            continue
        kept: dict[str, Value] = {"old": old, "new": value} if field in _KEPT else {}  # type: ignore[dict-item]
        _note(membership, item, field, **kept)
        setattr(item, field, value)


def move(meeting: Meeting, item: AgendaItem, before_id: int) -> None:
    """Puts the line before another one, or at the end (0).

    It names the other line instead of a number of positions, so that two people who press at once get what
    they both mean. Raises WrongState if the meeting is closed or that line is gone.
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
    """Puts the line back on the agenda, in its old position. Raises WrongState if the meeting is closed."""
    if item.outcome is Outcome.DROPPED:
        _turn(membership, meeting, item, Outcome.OPEN)


def _turn(membership: Membership, meeting: Meeting, item: AgendaItem, to: Outcome) -> None:
    claim_open(meeting)
    if item.outcome is not to:
        _note(membership, item, "outcome", old=item.outcome, new=to)
        item.outcome = to
        item.recorded_version += 1


def may_delete(membership: Membership, item: AgendaItem, *, runs_it: bool) -> bool:
    """Returns whether the person may delete a dropped line: their own, or any line of a meeting that they run."""
    return (runs_it or item.created_by_id == membership.id) and item.outcome is Outcome.DROPPED


def delete_line(membership: Membership, meeting: Meeting, item: AgendaItem) -> KeptCopy:
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


def spread_minutes(membership: Membership, meeting: Meeting) -> Spread:
    """Changes every line's minutes, in proportion to what they are now, to fill the meeting."""
    lines = [each for each in _held(meeting) if each.outcome is not Outcome.DROPPED]
    found = spread([wish_of(each) for each in lines], meeting.minutes)
    for item, minutes in zip(lines, found.minutes, strict=True):
        if item.minutes != minutes:
            _note(membership, item, "minutes", old=item.minutes, new=minutes)
            item.minutes = minutes
            item.version += 1
    return found


def wish_of(item: AgendaItem) -> Wish:
    """Returns what a line asks for when minutes are spread: its minutes, and at least half of the usual ones."""
    usual = MINUTES.get(item.source, USUAL)
    return Wish(item.minutes, short(min(usual, item.minutes)), item.about == AboutKind.BREAK)


def add_drafted(
    membership: Membership,
    meeting: Meeting,
    proposals: Sequence[Proposal],
    ranks: Mapping[int, float],
) -> Spread:
    """Adds the chosen lines of a draft, each in its position among the existing ones.

    `ranks` are the frame positions of existing lines, by id. These keep their minutes; the new ones share the
    rest. Raises WrongState if the meeting is closed, the agenda is full, or someone else drafted the same in
    between.
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
        _note(membership, item, "added", new=item.source)
    return found


def led_by(person: Membership) -> list[AgendaItem]:
    """Returns the lines that this person leads at open meetings, which they hand over when they leave."""
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


def hand_over(from_: Membership, to: Membership | None, actor: Membership) -> int:
    """Gives these lines another leader, or none. Returns how many."""
    lines = led_by(from_)
    for item in lines:
        new = to.id if to is not None else None
        _note(actor, item, "lead_id", old=item.lead_id, new=new)
        item.lead_id = new
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
    """Raises WrongState if an agenda cannot hold this many lines."""
    if lines > LINES_MOST:
        raise WrongState(_("An agenda has at most %(most)s items. Delete some first.", most=LINES_MOST))


def _number(lines: Sequence[AgendaItem]) -> None:
    for place, each in enumerate(lines, start=1):
        if each.position != place:
            each.position = place


def _note(
    membership: Membership, item: AgendaItem, field: str, *, old: Value = None, new: Value = None
) -> None:
    history.record(
        item.coalition_id, membership.id, AgendaItem.__tablename__, item.id, field, old=old, new=new
    )
