"""Tables of the funder report: what is written about a period, the coalition's own order, copies of what was sent."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import CODE, Search, copies, own_data, written
from engage.database import Base, Tenant, tenant_key, within
from engage.i18n import lazy_gettext as _l
from engage.reports.funder.rules import Layout, Part


class FunderText(Tenant, Base):
    """What a person wrote about one section of one period. An empty text means that the section has no text."""

    __tablename__ = "reports_funder_text"
    __label__ = _l("Text of the funder report")
    __table_args__ = (
        within("written_by_id", "coalitions_membership"),
        sa.UniqueConstraint("coalition_id", "since", "until", "part"),
        sa.CheckConstraint("until >= since", name="period"),
    )

    since: Mapped[date]
    until: Mapped[date]
    part: Mapped[Part]
    text: Mapped[str] = written(_l("Text"), Search.NO, of="written_by_id", default="")
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("funder_texts", "since until part written_at")
    )
    version: Mapped[int] = mapped_column(default=1)


class FunderOrder(Tenant, Base):
    """The sections that the coalition wants, in its own order; one row for each coalition."""

    __tablename__ = "reports_funder_order"
    __table_args__ = (sa.UniqueConstraint("coalition_id"),)

    # These are keys of sections in the coalition's order.
    parts: Mapped[list[str]] = mapped_column(sa.JSON, info=CODE)
    version: Mapped[int] = mapped_column(default=1)


class FunderCopy(Tenant, Base):
    """A report as it was sent. It is never changed: its numbers stay, whatever is counted later."""

    __tablename__ = "reports_funder_copy"
    __label__ = _l("Saved funder report")
    __table_args__ = (
        tenant_key(),
        within("made_by_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("until >= since", name="period"),
    )

    # This says to whom the report was sent, and what for.
    title: Mapped[str] = written(_l("Title"), Search.NO, longest=120, of="made_by_id")
    since: Mapped[date]
    until: Mapped[date]
    layout: Mapped[Layout]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("funder_reports_saved", "since until made_at")
    )
    # This is the report as `rules.paper` stores it, without the texts. Queries for lists do not load it.
    paper: Mapped[dict[str, object]] = mapped_column(sa.JSON, deferred=True, info=copies())


class FunderCopyText(Tenant, Base):
    """A text about a section of the copy, stored apart from the numbers so that it can be removed for good."""

    __tablename__ = "reports_funder_copy_text"
    __label__ = _l("Text of a saved funder report")
    __table_args__ = (
        within("copy_id", "reports_funder_copy", "CASCADE"),
        sa.UniqueConstraint("copy_id", "part"),
    )

    copy_id: Mapped[int]
    part: Mapped[Part]
    text: Mapped[str] = written(_l("Text"), Search.NO)
