"""Tables of documents: the links, and the things that each document is for."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.coalitions.rules import ComesUp
from engage.columns import Search, own_data, written
from engage.database import Base, Tenant, tenant_key, within
from engage.documents.rules import LINK_LONGEST, TITLE_LONGEST, DocumentKind, LinkState, Readers
from engage.i18n import lazy_gettext as _l


class Document(Tenant, Base):
    """A link to a document that the coalition keeps elsewhere."""

    __tablename__ = "documents_document"
    __label__ = _l("Document")
    comes_up = (ComesUp.DOCUMENTS,)
    __table_args__ = (
        tenant_key(),
        within("group_id", "coalitions_group"),
        within("owner_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
    )

    title: Mapped[str] = written(_l("Title"), Search.TITLE, longest=TITLE_LONGEST, of="owner_id")
    # An http(s) address; empty after someone removed it for good.
    link: Mapped[str] = written(_l("Link"), Search.NO, longest=LINK_LONGEST, of="owner_id", address=True)
    kind: Mapped[DocumentKind]
    # None if the document belongs to no group, or if its group was deleted.
    group_id: Mapped[int | None] = mapped_column(index=True)
    readers: Mapped[Readers]
    owner_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("documents_kept", "kind group_id looked_at_on")
    )
    # The day on which someone last read the document and found it up to date.
    looked_at_on: Mapped[date | None]
    # None if the link was never checked, or was changed since the last check.
    link_state: Mapped[LinkState | None]
    checked_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


_THINGS = {
    "agreement_id": "partners_agreement",
    "organization_id": "partners_organization",
    "meeting_id": "meetings_meeting",
    "item_id": "checklist_item",
    "action_id": "plan_action",
}


class DocumentUse(Tenant, Base):
    """One thing that a document is for; the row is deleted with either side.

    After a merge of two organizations there may be two equal rows; the page shows one.
    """

    __tablename__ = "documents_use"
    __table_args__ = (
        within("document_id", "documents_document", "CASCADE"),
        *(within(column, table, "CASCADE") for column, table in _THINGS.items()),
        sa.CheckConstraint(
            " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in _THINGS) + " = 1",
            name="one_thing",
        ),
    )

    document_id: Mapped[int] = mapped_column(index=True)
    agreement_id: Mapped[int | None] = mapped_column(index=True)
    organization_id: Mapped[int | None] = mapped_column(index=True)
    meeting_id: Mapped[int | None] = mapped_column(index=True)
    # The item of Tips for Success for which the document is the proof.
    item_id: Mapped[int | None] = mapped_column(index=True)
    action_id: Mapped[int | None] = mapped_column(index=True)
