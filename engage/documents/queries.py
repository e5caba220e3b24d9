"""Reads documents, within one coalition, and only those that the reader may see."""

from datetime import date, datetime

import sqlalchemy as sa
from msgspec import Struct

from engage.coalitions.models import Group, GroupMember, Membership
from engage.coalitions.permissions import Permission, may
from engage.database import along
from engage.documents.labels import KIND_LABELS, READERS_LABELS, STATE_LABELS, STATE_TAGS
from engage.documents.models import Document, DocumentUse
from engage.documents.rules import DEAD, DocumentKind, LinkState, Readers, TargetKind
from engage.documents.targets import for_it
from engage.extensions import db
from engage.i18n import gettext as _


class DocumentLine(Struct, frozen=True):
    """A document as lists show it; `group` and `owner` may be empty."""

    id: int
    title: str
    link: str
    kind: DocumentKind
    group_id: int | None
    group: str
    readers: Readers
    owner_id: int | None
    owner: str
    looked_at_on: date | None
    link_state: LinkState | None
    checked_at: datetime | None

    @property
    def kind_words(self) -> str:
        return str(KIND_LABELS[self.kind])

    @property
    def readers_words(self) -> str:
        return str(READERS_LABELS[self.readers])

    @property
    def state_words(self) -> str:
        return str(STATE_LABELS[self.link_state]) if self.link_state else ""

    @property
    def state_tag(self) -> str:
        return STATE_TAGS[self.link_state] if self.link_state else ""

    @property
    def is_dead(self) -> bool:
        return self.link_state in DEAD

    def quiet(self, names: bool) -> str:
        """Returns the small text below the title of the document; `names` says whether it names the owner."""
        parts = [
            self.group,
            self.readers_words if self.readers is not Readers.EVERYONE else "",
            _("Owner: %(name)s", name=self.owner) if names and self.owner else "",
        ]
        return " · ".join(filter(None, parts))


def seen_by(membership: Membership) -> sa.ColumnElement[bool]:
    """Returns the condition for the documents that a person may see. Every query of documents uses it."""
    here = Document.coalition_id == membership.coalition_id
    if may(membership.role, Permission.EDIT_DOCUMENTS):
        return here
    seen = [Document.readers == Readers.EVERYONE, Document.owner_id == membership.id]
    if may(membership.role, Permission.SEE_ALL):
        in_group = sa.exists().where(
            GroupMember.coalition_id == Document.coalition_id,
            GroupMember.group_id == Document.group_id,
            GroupMember.membership_id == membership.id,
        )
        seen += [
            Document.readers == Readers.MEMBERS,
            sa.and_(Document.readers == Readers.GROUP, in_group),
        ]
    return sa.and_(here, sa.or_(*seen))


def document_of(membership: Membership, document_id: int) -> Document | None:
    """Returns a document that this person may see."""
    return db.session.scalar(sa.select(Document).where(seen_by(membership), Document.id == document_id))


def documents(membership: Membership, *where: sa.ColumnElement[bool]) -> list[DocumentLine]:
    """Returns the documents that this person may see, by title, in one query."""
    rows = (
        sa.select(
            Document.id,
            Document.title,
            Document.link,
            Document.kind,
            Document.group_id,
            sa.func.coalesce(Group.name, "").label("group"),
            Document.readers,
            Document.owner_id,
            sa.func.coalesce(Membership.name, "").label("owner"),
            Document.looked_at_on,
            Document.link_state,
            Document.checked_at,
        )
        .outerjoin(Group, along(Document.group_id, Group))
        .outerjoin(Membership, along(Document.owner_id, Membership))
        .where(seen_by(membership), *where)
        .order_by(sa.func.lower(Document.title), Document.id)
    )
    return [DocumentLine(**row._mapping) for row in db.session.execute(rows)]


def kept_by(person: Membership) -> list[Document]:
    """Returns the documents that this person is responsible for, by title."""
    own = sa.and_(Document.coalition_id == person.coalition_id, Document.owner_id == person.id)
    return list(db.session.scalars(sa.select(Document).where(own).order_by(Document.title, Document.id)))


def documents_of_group(membership: Membership, group_id: int) -> list[DocumentLine]:
    """Returns a group's documents that this person may see."""
    return documents(membership, Document.group_id == group_id)


def documents_of(membership: Membership, thing: TargetKind, key: str | int) -> list[DocumentLine]:
    """Returns the documents of one thing that this person may see; `key` is an item's key, else a row's id."""
    key = str(key) if thing is TargetKind.ITEM else int(key)
    used = sa.select(DocumentUse.document_id).where(for_it(membership, thing, key))
    return documents(membership, Document.id.in_(used))
