"""Writes the toolkit's data: ticks, the reading list, notes."""

from collections.abc import Collection, Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engage import clock, history
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.coalitions.service import lock
from engage.coalitions.trash import service as trash_service
from engage.content.model import OWN_SECTION
from engage.errors import FieldRefused, WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.snapshots import Snapshot
from engage.strengths import service as strengths
from engage.strengths.models import Need, Strength
from engage.toolkit import note_queries, queries
from engage.toolkit.models import AreasRead, Note, NoteReply, Outcome, Reader, Section
from engage.toolkit.queries import SectionLine
from engage.toolkit.rules import IdeaStanding, NoteMark, NoteWords, details_of, title_of
from engage.versions import claim_version

# A need made from an idea gets this gap (1 to 4).
STATED_GAP = 2

# -- the area pages


def mark_areas_read(membership: Membership) -> None:
    """Records that the person has read the area pages; ticking twice changes nothing."""
    if queries.has_read(membership):
        return
    try:
        with db.session.begin_nested():
            db.session.add(
                AreasRead(coalition_id=membership.coalition_id, reader_id=membership.id, read_at=clock.now())
            )
    except IntegrityError:
        return  # the same tick was saved from another window a moment earlier


def mark_areas_unread(membership: Membership) -> None:
    """Removes the record that the person has read the area pages."""
    db.session.execute(
        sa.delete(AreasRead).where(
            AreasRead.coalition_id == membership.coalition_id, AreasRead.reader_id == membership.id
        )
    )


# -- the reading list


def section_for(membership: Membership, line: SectionLine) -> Section:
    """Returns the coalition's row of a section on its list; makes the row if needed."""
    row = queries.section_row(membership, line.key)
    if row is not None:
        return row
    row = Section(coalition_id=membership.coalition_id, key=line.key, created_at=clock.now())
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        # Someone else made the row at the same moment, so that row is used.
        row = queries.section_row(membership, line.key)
        assert row is not None
    return row


def add_section(
    membership: Membership, *, title: str, place: str = "", due_on: date | None = None, readers: Iterable[int]
) -> Section:
    """Adds a section of the coalition's own, with its readers by membership."""
    coalition_id = membership.coalition_id
    lock(coalition_id)
    section = Section(
        coalition_id=coalition_id,
        key=free_key(coalition_id),
        title=title,
        place=place,
        due_on=due_on,
        added_by_id=membership.id,
        created_at=clock.now(),
    )
    db.session.add(section)
    db.session.flush()
    _set_readers(membership, section, set(readers))
    return section


def free_key(coalition_id: int) -> str:
    """Returns the key of the next section of the coalition's own."""
    keys = db.session.scalars(
        sa.select(Section.key).where(Section.coalition_id == coalition_id, Section.title != "")
    )
    highest = max((int(key.removeprefix(OWN_SECTION)) for key in keys), default=0)
    return f"{OWN_SECTION}{highest + 1}"


def edit_section(
    membership: Membership,
    section: Section,
    version: int,
    *,
    due_on: date | None,
    readers: Iterable[int],
    title: str = "",
    place: str = "",
) -> None:
    """Sets new values; `title` and `place` only for the coalition's own. Raises StaleVersion."""
    claim_version(section, version)
    if section.title:
        section.title, section.place = title, place
    if section.due_on != due_on:
        history.note(membership, section, "due_on", section.due_on, due_on)
        section.due_on = due_on
    _set_readers(membership, section, set(readers))


def _set_readers(membership: Membership, section: Section, ids: set[int]) -> None:
    """Replaces the readers by these people; readers who stay keep the day on which they finished."""
    rows = {row.reader_id: row for row in _readers_of(section)}
    for gone in rows.keys() - ids:
        db.session.delete(rows[gone])
        history.note(membership, section, "reader", gone, None)
    for key in sorted(ids - rows.keys()):
        db.session.add(Reader(coalition_id=section.coalition_id, section_id=section.id, reader_id=key))
        history.note(membership, section, "reader", None, key)


def _readers_of(section: Section) -> list[Reader]:
    return list(db.session.scalars(sa.select(Reader).where(Reader.section_id == section.id)))


def take(membership: Membership, section: Section) -> None:
    """Adds this person to the readers; pressing twice changes nothing."""
    try:
        with db.session.begin_nested():
            db.session.add(
                Reader(coalition_id=section.coalition_id, section_id=section.id, reader_id=membership.id)
            )
    except IntegrityError:
        return
    history.note(membership, section, "reader", None, membership.id)
    # A new version, because a form opened earlier does not contain this reader and would remove them again.
    section.version = Section.version + 1


def may_tick(membership: Membership, reader: queries.ReaderLine) -> bool:
    """Returns whether the person may tick that the reader has finished.

    Readers tick for themselves; for a reader without an account, anyone may tick.
    """
    return reader.id == membership.id or not reader.has_account


def set_read(section: Section, reader_id: int, day: date | None) -> None:
    """Records the day on which the reader finished the section; None removes it."""
    db.session.execute(
        sa.update(Reader)
        .where(Reader.section_id == section.id, Reader.reader_id == reader_id)
        .values(read_on=day)
    )


def may_remove(membership: Membership, line: SectionLine) -> bool:
    """Returns whether the person may remove the section.

    Only the coalition's own can be removed: by coordinators, or by the person who added it.
    """
    return line.is_own and (membership.role is Role.COORDINATOR or line.added_by_id == membership.id)


def remove_section(membership: Membership, section: Section) -> Snapshot:
    """Moves a section to the trash with its readers. Raises WrongState if it has notes."""
    if db.session.scalar(sa.select(Note.id).where(Note.section_id == section.id).limit(1)) is not None:
        raise WrongState(
            _("Someone has written a note on this section, which would be lost. It stays on the list.")
        )
    return trash_service.put(membership, section)


def hand_over(from_: Membership, to: Membership, actor: Membership, only: Collection[int]) -> int:
    """Gives those of the sections `only` that one person has not read to another; returns how many sections."""
    unread = sa.select(Reader).where(
        Reader.coalition_id == from_.coalition_id,
        Reader.reader_id == from_.id,
        Reader.read_on.is_(None),
    )
    rows = [each for each in db.session.scalars(unread) if each.section_id in only]
    for row in rows:
        section = db.session.get_one(Section, row.section_id)
        ids = {each.reader_id for each in _readers_of(section)} - {from_.id}
        _set_readers(actor, section, ids | {to.id})
        section.version = Section.version + 1
    return len(rows)


# -- notes


def write_note(
    membership: Membership, words: NoteWords, *, area: str = "", section: Section | None = None
) -> Note:
    """Adds a note on a focus area or on a section."""
    note = Note(
        coalition_id=membership.coalition_id,
        author_id=membership.id,
        area=area,
        section_id=section.id if section is not None else None,
        mark=words.mark,
        text=words.text,
        is_shared=words.is_shared,
        written_at=clock.now(),
    )
    db.session.add(note)
    db.session.flush()
    return note


def edit_note(note: Note, version: int, words: NoteWords) -> None:
    """Saves the author's new words.

    Raises StaleVersion, and FieldRefused if the note would no longer be shared although others have replied.
    """
    lock(note.coalition_id)
    if not words.is_shared and note_queries.has_replies(note):
        raise FieldRefused("seen_by", _("Others have replied to it, so all members still see it."))
    claim_version(note, version)
    note.text, note.mark, note.is_shared = words.text, words.mark, words.is_shared
    if not may_become(note):
        note.standing = None


def share_note(note: Note) -> None:
    """Shares the note with everyone who sees notes."""
    if not note.is_shared:
        note.is_shared = True
        note.version = Note.version + 1


def hold_idea(note: Note) -> None:
    """Locks the note until the commit, so that two people who press at once make only one thing from it.

    Raises WrongState unless it is a shared idea.
    """
    lock(note.coalition_id)
    db.session.refresh(note)
    if not may_become(note):
        raise WrongState(_("Only a shared idea can become a need, a strength, or an action. Share it first."))


def may_become(note: Note | note_queries.NoteLine) -> bool:
    """Returns whether a need, a strength or an action can be made from the note."""
    return note.is_shared and note.mark is NoteMark.IDEA


def decide(membership: Membership, note: Note, standing: IdeaStanding | None) -> None:
    """Sets what the coalition decided about an idea; None opens it again. Raises WrongState unless it is shared."""
    if not may_become(note):
        raise WrongState(_("Only a shared idea can be kept, parked, or set aside. Share it first."))
    if note.standing is not standing:
        history.note(membership, note, "standing", old=note.standing, new=standing)
        note.standing = standing


def become_need(membership: Membership, note: Note) -> Need:
    """Makes a need by hand in the note's words and area; its gap is the middle one until it is changed."""
    need = strengths.create_need(
        membership,
        title=title_of(note.text),
        details=details_of(note.text),
        area=note.area,
        stated_gap=STATED_GAP,
    )
    db.session.add(Outcome(coalition_id=note.coalition_id, note_id=note.id, need_id=need.id))
    return need


def become_strength(membership: Membership, note: Note) -> Strength:
    """Makes a strength in the note's words and area; its page asks who gives it."""
    strength = strengths.add_strength(
        membership,
        title=title_of(note.text),
        limits=details_of(note.text),
        areas=[note.area] if note.area else [],
    )
    db.session.add(Outcome(coalition_id=note.coalition_id, note_id=note.id, strength_id=strength.id))
    return strength


def may_delete_note(membership: Membership, note: Note | note_queries.NoteLine) -> bool:
    """Returns whether the person may delete the note: its author, or a coordinator if it is shared.

    Coordinators have to remove what should not be in Engage.
    """
    return note.author_id == membership.id or (note.is_shared and membership.role is Role.COORDINATOR)


def delete_note(membership: Membership, note: Note) -> Snapshot:
    """Moves the note to the trash; a note that was not shared is shown there only to its author."""
    lock(membership.coalition_id)
    if note.author_id != membership.id:
        history.note(membership, note, "deleted")
    return trash_service.put(membership, note, is_private=not note.is_shared)


# -- replies


def reply(membership: Membership, note: Note, text: str) -> NoteReply:
    """Adds a reply. Raises WrongState unless the note is shared."""
    lock(note.coalition_id)
    db.session.refresh(note)
    if not note.is_shared:
        raise WrongState(_("Only a note that all members see can be replied to. Share it first."))
    made = NoteReply(
        coalition_id=note.coalition_id,
        note_id=note.id,
        author_id=membership.id,
        text=text,
        written_at=clock.now(),
    )
    db.session.add(made)
    return made


def may_delete_reply(membership: Membership, line: note_queries.ReplyLine) -> bool:
    """Returns whether the person may delete the reply: its author, or a coordinator."""
    return line.author_id == membership.id or membership.role is Role.COORDINATOR


def delete_reply(membership: Membership, row: NoteReply) -> Snapshot:
    """Moves the reply to the trash."""
    lock(membership.coalition_id)
    return trash_service.put(membership, row)
