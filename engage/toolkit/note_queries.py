"""Reads notes, within one coalition. Only the author can read a note that is not shared."""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.database import Selection, along
from engage.extensions import db
from engage.strengths.models import Need, Strength
from engage.toolkit import labels
from engage.toolkit.models import Note, NoteReply, Outcome, Section
from engage.toolkit.rules import IdeaStanding, NoteMark
from engage.web.lists import ListFilters, enum_asked, flag_asked, nearest_page


class NoteLine(Struct, frozen=True):
    """A note with its author's name; `section` is the section's key, empty for a note on an area."""

    id: int
    author_id: int
    author: str
    area: str
    section: str
    section_title: str
    mark: NoteMark
    text: str
    is_shared: bool
    standing: IdeaStanding | None
    written_at: datetime

    @property
    def mark_words(self) -> str:
        return str(labels.MARK_LABELS[self.mark])

    @property
    def tag(self) -> str:
        return labels.MARK_TAGS[self.mark]

    @property
    def standing_words(self) -> str:
        return str(labels.STANDING_LABELS[self.standing]) if self.standing else ""

    @property
    def standing_tag(self) -> str:
        return labels.STANDING_TAGS[self.standing] if self.standing else ""

    @property
    def place(self) -> str:
        """Returns the name of the note's area or section; empty for one that the content no longer has."""
        if self.section_title:
            return self.section_title
        rows = content().sections if self.section else content().areas
        return next((each.name for each in rows if each.key == (self.section or self.area)), "")

    @property
    def place_url(self) -> str:
        return labels.place_url(self.area, self.section, self.id)


NOTES_MOST = 200


def seen_by(membership: Membership) -> sa.ColumnElement[bool]:
    """Returns the condition for notes that a person may see, shared or their own; every query uses it."""
    return sa.and_(
        Note.coalition_id == membership.coalition_id,
        sa.or_(Note.is_shared, Note.author_id == membership.id),
    )


def _notes(
    membership: Membership, *where: sa.ColumnElement[bool], most: int = NOTES_MOST, skip: int = 0
) -> list[NoteLine]:
    """Returns the notes that this person sees, newest first."""
    rows = (
        sa.select(
            Note.id,
            Note.author_id,
            Membership.name.label("author"),
            Note.area,
            sa.func.coalesce(Section.key, "").label("section"),
            sa.func.coalesce(Section.title, "").label("section_title"),
            Note.mark,
            Note.text,
            Note.is_shared,
            Note.standing,
            Note.written_at,
        )
        .join(Membership, along(Note.author_id, Membership))
        .outerjoin(Section, along(Note.section_id, Section))
        .where(seen_by(membership), *where)
        .order_by(Note.written_at.desc(), Note.id.desc())
        .limit(most)
        .offset(skip)
    )
    return [NoteLine(**row._mapping) for row in db.session.execute(rows)]


def notes_on_area(membership: Membership, area: str) -> list[NoteLine]:
    """Returns the notes on the area that this person sees, newest first, at most NOTES_MOST."""
    return _notes(membership, Note.area == area)


def notes_on_section(membership: Membership, section_id: int) -> list[NoteLine]:
    """Returns the notes on the section that this person sees, newest first, at most NOTES_MOST."""
    return _notes(membership, Note.section_id == section_id)


class NotePage(Struct, frozen=True):
    """A page of notes on everything, and how many pages there are."""

    notes: list[NoteLine]
    page: int
    pages: int


class NoteFilters(ListFilters, frozen=True):
    """The filters in the address; invalid values are ignored."""

    mark: NoteMark | None = enum_asked(NoteMark)
    standing: IdeaStanding | None = enum_asked(IdeaStanding)
    mine: bool = flag_asked()


def notes_page(membership: Membership, filters: NoteFilters, page: int) -> NotePage:
    """Returns what this person sees of all notes, newest first: by mark, by what was decided, or only their own."""
    where = [Note.mark == filters.mark] if filters.mark is not None else []
    if filters.standing is not None:
        where.append(Note.standing == filters.standing)
    if filters.mine:
        where.append(Note.author_id == membership.id)
    total = db.session.scalar(sa.select(sa.func.count(Note.id)).where(seen_by(membership), *where)) or 0
    page, pages = nearest_page(page, total, NOTES_MOST)
    return NotePage(_notes(membership, *where, skip=(page - 1) * NOTES_MOST), page, pages)


def shared_by_mark(membership: Membership) -> dict[NoteMark, int]:
    """Returns how many notes of each mark are shared."""
    rows = (
        sa.select(Note.mark, sa.func.count(Note.id).label("number"))
        .where(Note.coalition_id == membership.coalition_id, Note.is_shared)
        .group_by(Note.mark)
    )
    return {row.mark: row.number for row in db.session.execute(rows)}


class NoteCounts(Struct, frozen=True):
    """Counts of shared notes by area and by section's id; private ones are never counted."""

    areas: Mapping[str, int]
    sections: Mapping[int, int]


def note_counts(membership: Membership) -> NoteCounts:
    """Counts notes in one query; areas and sections without shared notes are missing."""
    rows = (
        sa.select(Note.area, Note.section_id, sa.func.count(Note.id))
        .where(Note.coalition_id == membership.coalition_id, Note.is_shared)
        .group_by(Note.area, Note.section_id)
    )
    areas: dict[str, int] = {}
    sections: dict[int, int] = {}
    for area, section_id, count in db.session.execute(rows):
        if section_id is None:
            areas[area] = count
        else:
            sections[section_id] = count
    return NoteCounts(areas, sections)


def note_line(membership: Membership, note_id: int) -> NoteLine | None:
    """Returns one note that this person sees, as lists show it."""
    return next(iter(_notes(membership, Note.id == note_id)), None)


def note_of(membership: Membership, note_id: int) -> Note | None:
    """Returns a note this person sees."""
    return db.session.scalar(sa.select(Note).where(seen_by(membership), Note.id == note_id))


def own_note(membership: Membership, note_id: int) -> Note | None:
    """Returns a note this person wrote."""
    row = sa.select(Note).where(
        Note.coalition_id == membership.coalition_id,
        Note.author_id == membership.id,
        Note.id == note_id,
    )
    return db.session.scalar(row)


class OutcomeRef(Struct, frozen=True):
    """The need (by its number) or the strength (by its id) that was made from a note."""

    need: int | None
    strength: int | None
    title: str


def outcomes_of(membership: Membership, note_ids: Collection[int]) -> dict[int, OutcomeRef]:
    """Returns needs and strengths made from notes, by note; other notes are missing."""
    if not note_ids:
        return {}
    rows = (
        sa.select(
            Outcome.note_id, Need.number, Outcome.strength_id, sa.func.coalesce(Need.title, Strength.title)
        )
        .outerjoin(Need, along(Outcome.need_id, Need))
        .outerjoin(Strength, along(Outcome.strength_id, Strength))
        .where(Outcome.coalition_id == membership.coalition_id, Outcome.note_id.in_(note_ids))
    )
    return {
        note_id: OutcomeRef(need, strength, title)
        for note_id, need, strength, title in db.session.execute(rows)
    }


class ReplyLine(Struct, frozen=True):
    """A reply with its author's name."""

    id: int
    note_id: int
    author_id: int
    author: str
    text: str
    written_at: datetime


def replies_to(membership: Membership, note_ids: Collection[int]) -> dict[int, list[ReplyLine]]:
    """Returns replies by note, oldest first; notes without any are missing."""
    found: dict[int, list[ReplyLine]] = {}
    if note_ids:
        rows = _replies(membership).where(NoteReply.note_id.in_(note_ids))
        for row in db.session.execute(rows.order_by(NoteReply.written_at, NoteReply.id)):
            found.setdefault(row.note_id, []).append(ReplyLine(**row._mapping))
    return found


def reply_line(membership: Membership, note_id: int, reply_id: int) -> ReplyLine | None:
    """Returns one reply to a note that this person sees."""
    row = db.session.execute(
        _replies(membership).where(NoteReply.note_id == note_id, NoteReply.id == reply_id)
    ).one_or_none()
    return ReplyLine(**row._mapping) if row is not None else None


def reply_of(membership: Membership, reply_id: int) -> NoteReply | None:
    """Returns the reply's row."""
    own = NoteReply.coalition_id == membership.coalition_id
    return db.session.scalar(sa.select(NoteReply).where(own, NoteReply.id == reply_id))


def has_replies(note: Note) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(NoteReply.note_id == note.id))))


def _replies(membership: Membership) -> Selection:
    return (
        sa.select(
            NoteReply.id,
            NoteReply.note_id,
            NoteReply.author_id,
            Membership.name.label("author"),
            NoteReply.text,
            NoteReply.written_at,
        )
        .join(Note, along(NoteReply.note_id, Note))
        .join(Membership, along(NoteReply.author_id, Membership))
        .where(seen_by(membership))
    )
