"""Tables of the toolkit: sections to read, who reads them, notes, and who has read the area pages."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import CODE, Search, own_data, written
from engage.content.model import OWN_SECTION
from engage.database import Base, Tenant, tenant_key, within
from engage.i18n import lazy_gettext as _l
from engage.toolkit.rules import IdeaStanding, NoteMark


class Section(Tenant, Base):
    """A section on the coalition's reading list.

    A section that ships with Engage gets a row when someone first changes it; its name and pages stay in the
    content.
    """

    __tablename__ = "toolkit_section"
    __label__ = _l("Section")
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("coalition_id", "key"),
        within("added_by_id", "coalitions_membership"),
        sa.CheckConstraint(
            f"(substr(key, 1, {len(OWN_SECTION)}) = '{OWN_SECTION}') = (title <> '')", name="own_has_title"
        ),
    )

    # This is a key in the content, or, such as "own-3", of a section that the coalition added.
    key: Mapped[str] = mapped_column(sa.String(60), info=CODE)
    title: Mapped[str] = written(_l("Title"), Search.NO, longest=300, of="added_by_id", default="")
    # This says where to find the section: pages, a link, or who has the book.
    place: Mapped[str] = written(_l("Where it is"), Search.NO, longest=300, of="added_by_id", default="")
    due_on: Mapped[date | None]
    added_by_id: Mapped[int | None] = mapped_column(index=True, info=own_data("sections_added", "created_at"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Reader(Tenant, Base):
    """A person who reads a section, with the day on which they finished it."""

    __tablename__ = "toolkit_reader"
    __table_args__ = (
        within("section_id", "toolkit_section", "CASCADE"),
        within("reader_id", "coalitions_membership"),
        sa.UniqueConstraint("section_id", "reader_id"),
    )

    section_id: Mapped[int]
    reader_id: Mapped[int] = mapped_column(index=True, info=own_data("to_read", "section_id read_on"))
    read_on: Mapped[date | None]


class Note(Tenant, Base):
    """A note on a focus area or on a section. Only its author sees it unless it is shared."""

    __tablename__ = "toolkit_note"
    __label__ = _l("Note")
    __table_args__ = (
        tenant_key(),
        within("author_id", "coalitions_membership"),
        within("section_id", "toolkit_section"),
        sa.CheckConstraint("text <> ''", name="text"),
        sa.CheckConstraint("(area = '') = (section_id IS NOT NULL)", name="area_or_section"),
        sa.Index("ix_toolkit_note_coalition_area", "coalition_id", "area"),
    )

    author_id: Mapped[int] = mapped_column(
        index=True, info=own_data("notes", "area section_id mark is_shared written_at")
    )
    # This is a focus area's key in the content; it is empty for a note on a section.
    area: Mapped[str] = mapped_column(sa.String(40), default="", info=CODE)
    section_id: Mapped[int | None] = mapped_column(index=True)
    mark: Mapped[NoteMark]
    text: Mapped[str] = written(_l("Text"), Search.MEMBERS, of="author_id")
    is_shared: Mapped[bool]
    # The coalition decided this about a shared idea; None while the idea is open.
    standing: Mapped[IdeaStanding | None]
    written_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class NoteReply(Tenant, Base):
    """A short reply to a shared note, seen by everyone who sees notes."""

    __tablename__ = "toolkit_reply"
    __label__ = _l("Reply")
    __table_args__ = (
        within("note_id", "toolkit_note", "CASCADE"),
        within("author_id", "coalitions_membership"),
        sa.CheckConstraint("text <> ''", name="text"),
    )

    note_id: Mapped[int] = mapped_column(index=True)
    author_id: Mapped[int] = mapped_column(index=True, info=own_data("note_replies", "written_at"))
    text: Mapped[str] = written(_l("Text"), Search.MEMBERS, of="author_id")
    written_at: Mapped[datetime]


class Outcome(Tenant, Base):
    """The need or strength that was made from a shared idea.

    The plan stores actions that were made from ideas. The row is deleted with either side, so that after
    deleting the need another thing can be made from the idea.
    """

    __tablename__ = "toolkit_outcome"
    __table_args__ = (
        within("note_id", "toolkit_note", "CASCADE"),
        within("need_id", "strengths_need", "CASCADE"),
        within("strength_id", "strengths_strength", "CASCADE"),
        sa.UniqueConstraint("note_id"),
        sa.CheckConstraint("(need_id IS NULL) <> (strength_id IS NULL)", name="need_or_strength"),
    )

    note_id: Mapped[int]
    need_id: Mapped[int | None] = mapped_column(index=True)
    strength_id: Mapped[int | None] = mapped_column(index=True)


class AreasRead(Tenant, Base):
    """A person's tick that they have read the pages on the focus areas."""

    __tablename__ = "toolkit_areas_read"
    __table_args__ = (
        within("reader_id", "coalitions_membership", "CASCADE"),
        sa.UniqueConstraint("reader_id"),
    )

    reader_id: Mapped[int] = mapped_column(info=own_data("areas_read", "read_at"))
    read_at: Mapped[datetime]
