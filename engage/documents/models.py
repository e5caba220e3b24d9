"""Tables of documents: the links, and what each is for."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, tenant_key, within
from engage.documents.rules import LINK_LONGEST, TITLE_LONGEST, DocumentKind, LinkState, Readers


class Document(Tenant, Base):
    """A link to a document that the coalition keeps elsewhere."""

    __tablename__ = "documents_document"
    __table_args__ = (
        tenant_key(),
        within("group_id", "coalitions_group"),
        within("owner_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
    )

    title: Mapped[str] = mapped_column(sa.String(TITLE_LONGEST))
    # This is an http(s) address; it is empty after someone removed it for good.
    link: Mapped[str] = mapped_column(sa.String(LINK_LONGEST))
    kind: Mapped[DocumentKind]
    # None means that it belongs to no group, or that its group was deleted.
    group_id: Mapped[int | None] = mapped_column(index=True)
    readers: Mapped[Readers]
    owner_id: Mapped[int | None] = mapped_column(index=True)
    # On this day someone read it and found it up to date.
    looked_at_on: Mapped[date | None]
    # None means that the link was never checked, or that it was changed since.
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
    # This is an item of Tips for Success for which the document is the proof.
    item_id: Mapped[int | None] = mapped_column(index=True)
    action_id: Mapped[int | None] = mapped_column(index=True)
