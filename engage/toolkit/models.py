"""Tables of the toolkit: sections to read, who reads them, notes, and who has read the area pages."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.content.model import OWN_SECTION
from engage.database import Base, Tenant, tenant_key, within
from engage.toolkit.rules import IdeaStanding, NoteMark


class Section(Tenant, Base):
    """A section on the coalition's reading list.

    One that ships with Engage gets a row when someone first changes it; its name and pages stay in the
    content.
    """

    __tablename__ = "toolkit_section"
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("coalition_id", "key"),
        within("added_by_id", "coalitions_membership"),
        sa.CheckConstraint(
            f"(substr(key, 1, {len(OWN_SECTION)}) = '{OWN_SECTION}') = (title <> '')", name="own_has_title"
        ),
    )

    # This is a key of the content, or "own-3" for one that the coalition added.
    key: Mapped[str] = mapped_column(sa.String(60))
    title: Mapped[str] = mapped_column(sa.String(300), default="")
    # This says where to find it: pages, a link, whose shelf.
    place: Mapped[str] = mapped_column(sa.String(300), default="")
    due_on: Mapped[date | None]
    added_by_id: Mapped[int | None] = mapped_column(index=True)
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
    reader_id: Mapped[int] = mapped_column(index=True)
    read_on: Mapped[date | None]


class Note(Tenant, Base):
    """A note on a focus area or on a section. Only its author sees it unless it is shared."""

    __tablename__ = "toolkit_note"
    __table_args__ = (
        tenant_key(),
        within("author_id", "coalitions_membership"),
        within("section_id", "toolkit_section"),
        sa.CheckConstraint("text <> ''", name="text"),
        sa.CheckConstraint("(area = '') = (section_id IS NOT NULL)", name="area_or_section"),
        sa.Index("ix_toolkit_note_coalition_area", "coalition_id", "area"),
    )

    author_id: Mapped[int] = mapped_column(index=True)
    # This is a focus area's key of the content; it is empty for a note on a section.
    area: Mapped[str] = mapped_column(sa.String(40), default="")
    section_id: Mapped[int | None] = mapped_column(index=True)
    mark: Mapped[NoteMark]
    text: Mapped[str] = mapped_column(sa.Text)
    is_shared: Mapped[bool]
    # This is what the coalition decided about a shared idea; None while it is open.
    standing: Mapped[IdeaStanding | None]
    written_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class NoteReply(Tenant, Base):
    """A short reply to a shared note, seen by everyone who sees notes."""

    __tablename__ = "toolkit_reply"
    __table_args__ = (
        within("note_id", "toolkit_note", "CASCADE"),
        within("author_id", "coalitions_membership"),
        sa.CheckConstraint("text <> ''", name="text"),
    )

    note_id: Mapped[int] = mapped_column(index=True)
    author_id: Mapped[int] = mapped_column(index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime]


class Outcome(Tenant, Base):
    """The need or strength that was made from a shared idea. The plan stores an action made from one.

    The row is deleted with either side, so that after deleting the need the idea can become something again.
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

    reader_id: Mapped[int]
    read_at: Mapped[datetime]
