"""Writes documents: adding, changing, deleting, and what each is for."""

from datetime import date

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from msgspec import Struct

from engage import history
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.service import lock
from engage.coalitions.trash import kinds
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.kinds import Kind
from engage.documents import queries
from engage.documents.models import Document, DocumentUse
from engage.documents.rules import DocumentKind, Readers, Thing
from engage.extensions import db
from engage.kept import KeptCopy
from engage.versions import claim_version

TABLE = Document.__tablename__
# History keeps the old and new values of these, but never a text.
_TOLD = frozenset({"kind", "group_id", "readers", "owner_id", "looked_at_on"})


class Content(Struct, frozen=True):
    """The contents of the form; `group_id` None means no group."""

    title: str
    link: str
    kind: DocumentKind
    group_id: int | None
    readers: Readers
    owner_id: int | None
    looked_at_on: date | None


def may_edit(membership: Membership, document: Document) -> bool:
    """Returns whether this person may change it: coordinators, and its owner."""
    return may(membership.role, Permission.EDIT_DOCUMENTS) or (
        may(membership.role, Permission.WORK) and document.owner_id == membership.id
    )


def add(actor: Membership, content: Content) -> Document:
    """Adds a document."""
    made = Document(coalition_id=actor.coalition_id, **_values(content))
    db.session.add(made)
    db.session.flush()
    history.record(made.coalition_id, actor.id, TABLE, made.id, "added")
    return made


def change(document: Document, version: int, content: Content, actor: Membership) -> None:
    """Changes a document. Raises StaleVersion if someone saved it in between."""
    claim_version(document, version)
    if document.link != content.link:
        document.link_state = document.checked_at = None
    for field, new in _values(content).items():
        old = getattr(document, field)
        if old == new:
            continue
        setattr(document, field, new)
        told = {"old": old, "new": new} if field in _TOLD else {}
        history.record(document.coalition_id, actor.id, TABLE, document.id, field, **told)


def look_at(document: Document, actor: Membership, today: date) -> None:
    """Notes that someone read the document today and found it up to date."""
    if document.looked_at_on != today:
        history.record(
            document.coalition_id,
            actor.id,
            TABLE,
            document.id,
            "looked_at_on",
            old=document.looked_at_on,
            new=today,
        )
        document.looked_at_on = today
        document.version += 1


def delete(document: Document, actor: Membership) -> KeptCopy:
    """Moves the document to the trash, with its links to things; the file itself stays where it is."""
    lock(actor.coalition_id)
    return trash_service.put(actor, document)


def link_to(document: Document, thing: Thing, thing_id: int) -> None:
    """Adds a thing to what a document is for; doing so again changes nothing."""
    lock(document.coalition_id)
    column = getattr(DocumentUse, thing.column)
    there = sa.select(DocumentUse.id).where(DocumentUse.document_id == document.id, column == thing_id)
    if db.session.scalar(there) is None:
        use = {thing.column: thing_id}
        db.session.add(DocumentUse(coalition_id=document.coalition_id, document_id=document.id, **use))


def unlink(document: Document, thing: Thing, thing_id: int) -> None:
    """Removes a thing from what a document is for; the document stays."""
    rows = sa.delete(DocumentUse).where(
        DocumentUse.coalition_id == document.coalition_id,
        DocumentUse.document_id == document.id,
        getattr(DocumentUse, thing.column) == thing_id,
    )
    db.session.execute(rows.execution_options(synchronize_session=False))


def hand_over(from_: Membership, to: Membership | None, actor: Membership) -> int:
    """Gives the documents that this person looks after a new owner, or none; returns how many."""
    kept, new = queries.kept_by(from_), to.id if to else None
    for each in kept:
        history.record(each.coalition_id, actor.id, TABLE, each.id, "owner_id", old=from_.id, new=new)
        each.owner_id = new
        each.version += 1
    return len(kept)


def _values(content: Content) -> dict[str, object]:
    return {
        "title": content.title,
        "link": content.link,
        "kind": content.kind,
        "group_id": content.group_id,
        "readers": content.readers,
        "owner_id": content.owner_id,
        "looked_at_on": content.looked_at_on,
    }


kinds.register(
    Kind(
        table=TABLE,
        word=_l("Document"),
        back=lambda row: _("“%(title)s” is back.", title=row["title"]),
        address=lambda row: url_for("documents.document", document_id=row["id"]),
        permission=Permission.WORK,
        gone_words={
            "group_id": _l("the group"),
            "agreement_id": _l("the agreement"),
            "organization_id": _l("the organization"),
            "meeting_id": _l("the meeting"),
            "item_id": _l("the tip"),
            "action_id": _l("the action"),
        },
        led_by={TABLE: "owner_id"},
    )
)
