"""Reads the toolkit, within one coalition: who read the area pages, and the reading list.

`note_queries.py` reads notes.
"""

from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.database import along
from engage.extensions import db
from engage.history import given_since
from engage.i18n import gettext as _
from engage.toolkit.models import AreasRead, Note, Reader, Section
from engage.toolkit.rules import is_all_read, is_late


def has_read(membership: Membership) -> bool:
    """Returns whether this person ticked that they have read the area pages."""
    row = sa.select(AreasRead.id).where(
        AreasRead.coalition_id == membership.coalition_id, AreasRead.reader_id == membership.id
    )
    return db.session.scalar(row) is not None


def readers_of_areas(membership: Membership) -> int:
    """Returns how many people of the coalition ticked that they have read the area pages."""
    rows = sa.select(sa.func.count(AreasRead.id)).where(AreasRead.coalition_id == membership.coalition_id)
    return db.session.scalar(rows) or 0


class ReaderLine(Struct, frozen=True):
    """A person who reads a section; `id` is the membership's."""

    id: int
    name: str
    has_account: bool
    read_on: date | None


class SectionLine(Struct, frozen=True):
    """A section of the list with its readers; `place` says where to find it, such as the toolkit's pages."""

    key: str
    name: str
    place: str
    is_own: bool
    due_on: date | None
    readers: tuple[ReaderLine, ...]
    # The id is 0 for a section without a row.
    id: int = 0
    added_by_id: int | None = None
    version: int = 1

    @property
    def place_words(self) -> str:
        """Returns where to find it: "Official toolkit, p. 8", or the coalition's own words."""
        return self.place if self.is_own else _("Official toolkit, %(pages)s", pages=self.place)

    @property
    def is_read(self) -> bool:
        return is_all_read(each.read_on for each in self.readers)

    @property
    def read(self) -> int:
        """Returns how many of the section's readers have read it."""
        return sum(each.read_on is not None for each in self.readers)

    def is_late(self, today: date) -> bool:
        return is_late(self.due_on, [each.read_on for each in self.readers], today)

    def is_read_by(self, membership_id: int) -> bool:
        """Returns whether this person is one of the section's readers."""
        return any(each.id == membership_id for each in self.readers)


def sections_of(membership: Membership) -> list[SectionLine]:
    """Returns the reading list: the sections that ship with Engage, in order, then the coalition's own."""
    rows = {row.key: row for row in db.session.scalars(_sections(membership))}
    readers = _readers(membership)
    known = content().sections
    found = [_shipped(each.key, rows.get(each.key), readers) for each in known]
    own = sorted((row for row in rows.values() if row.title), key=lambda row: row.id)
    return found + [_own(row, readers) for row in own]


def section_of(membership: Membership, key: str) -> SectionLine | None:
    """Returns one section of the list; None for a key that is neither Engage's nor the coalition's own."""
    row = db.session.scalar(_sections(membership).where(Section.key == key))
    if row is not None and row.title:
        return _own(row, _readers(membership, row.id))
    if all(each.key != key for each in content().sections):
        return None
    return _shipped(key, row, _readers(membership, row.id) if row is not None else {})


def section_row(membership: Membership, key: str) -> Section | None:
    """Returns the coalition's row of a section, or None if it has none yet."""
    return db.session.scalar(_sections(membership).where(Section.key == key))


def _sections(membership: Membership) -> sa.Select[Section]:
    return sa.select(Section).where(Section.coalition_id == membership.coalition_id)


def _readers(membership: Membership, section_id: int | None = None) -> dict[int, tuple[ReaderLine, ...]]:
    rows = (
        sa.select(
            Reader.section_id,
            Reader.reader_id,
            Membership.name,
            Membership.user_id.is_not(None),
            Reader.read_on,
        )
        .join(Membership, along(Reader.reader_id, Membership))
        .where(Reader.coalition_id == membership.coalition_id)
        .order_by(Membership.sort_key, Membership.id)
    )
    if section_id is not None:
        rows = rows.where(Reader.section_id == section_id)
    found: dict[int, tuple[ReaderLine, ...]] = {}
    for key, reader_id, name, has_account, read_on in db.session.execute(rows):
        found[key] = (*found.get(key, ()), ReaderLine(reader_id, name, has_account, read_on))
    return found


def _shipped(key: str, row: Section | None, readers: Mapping[int, tuple[ReaderLine, ...]]) -> SectionLine:
    known = content().section(key)
    if row is None:
        return SectionLine(key, known.name, known.pages, False, None, ())
    mine = readers.get(row.id, ())
    return SectionLine(key, known.name, known.pages, False, row.due_on, mine, id=row.id, version=row.version)


def _own(row: Section, readers: Mapping[int, tuple[ReaderLine, ...]]) -> SectionLine:
    mine = readers.get(row.id, ())
    return SectionLine(
        row.key, row.title, row.place, True, row.due_on, mine, row.id, row.added_by_id, row.version
    )


class ReadingTask(Struct, frozen=True):
    """A section that a person has not read yet."""

    id: int
    key: str
    name: str
    due_on: date | None


# The statement is built once, because Home runs it.
_READING = (
    sa.select(Section.id, Section.key, Section.title, Section.due_on)
    .join(Reader, along(Reader.section_id, Section))
    .where(
        Reader.coalition_id == sa.bindparam("coalition_id"),
        Reader.reader_id == sa.bindparam("me"),
        Reader.read_on.is_(None),
    )
    .order_by(Section.due_on.is_(None), Section.due_on, Section.id)
)


def reading_of(membership: Membership) -> list[ReadingTask]:
    """Returns what this person still has to read, by due date; sections without one come last."""
    names = {each.key: each.name for each in content().sections}
    asked = {"coalition_id": membership.coalition_id, "me": membership.id}
    return [
        ReadingTask(id_, key, title or names[key], due_on)
        for id_, key, title, due_on in db.session.execute(_READING, asked)
        if title or key in names
    ]


def reading_of_everybody(membership: Membership) -> dict[int, list[ReadingTask]]:
    """Returns what everyone still has to read, by reader."""
    rows = (
        sa.select(Reader.reader_id, Section.id, Section.key, Section.title, Section.due_on)
        .join(Section, along(Reader.section_id, Section))
        .where(Reader.coalition_id == membership.coalition_id, Reader.read_on.is_(None))
        .order_by(Section.due_on.is_(None), Section.due_on, Section.id)
    )
    names = {each.key: each.name for each in content().sections}
    found: dict[int, list[ReadingTask]] = {}
    for reader_id, id_, key, title, due_on in db.session.execute(rows):
        if title or key in names:
            found.setdefault(reader_id, []).append(ReadingTask(id_, key, title or names[key], due_on))
    return found


def newly_to_read(membership: Membership, since: datetime) -> set[str]:
    """Returns the keys of the sections that someone else put on this person's list after this time."""
    rows = (
        sa.select(Section.key)
        .join(Reader, along(Reader.section_id, Section))
        .where(
            Reader.coalition_id == membership.coalition_id,
            Reader.reader_id == membership.id,
            Reader.read_on.is_(None),
            Section.id.in_(given_since(membership.coalition_id, membership.id, since, Section, "reader")),
        )
    )
    return set(db.session.scalars(rows))


class ToolkitStepCounts(Struct, frozen=True):
    """Counts for Getting Started.

    They count people who read the area pages, areas with a shared note, and sections with a reader and a
    shared note.
    """

    people_read: int
    areas_noted: int
    sections_noted: int


def step_counts(coalition_id: int) -> ToolkitStepCounts:
    """Counts people, areas and sections for Getting Started, in one query."""
    rows = sa.select(
        sa.select(sa.func.count(AreasRead.id))
        .where(AreasRead.coalition_id == coalition_id)
        .label("people_read"),
        sa.select(sa.func.count(Note.area.distinct()))
        .where(
            Note.coalition_id == coalition_id,
            Note.is_shared,
            Note.area.in_([area.key for area in content().areas]),
        )
        .label("areas_noted"),
        sa.select(sa.func.count(Section.id))
        .where(
            Section.coalition_id == coalition_id,
            sa.exists().where(Reader.section_id == Section.id),
            sa.exists().where(Note.section_id == Section.id, Note.is_shared),
        )
        .label("sections_noted"),
    )
    return ToolkitStepCounts(**db.session.execute(rows).one()._mapping)
