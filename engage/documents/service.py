"""Writes documents: adding, changing, deleting, and what each is for."""

from collections.abc import Collection, Mapping
from datetime import date

import sqlalchemy as sa
from flask import url_for

from engage import history
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.service import lock
from engage.coalitions.trash import kinds
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.kinds import Kind
from engage.documents import queries
from engage.documents.models import Document, DocumentUse
from engage.documents.rules import TargetKind
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.snapshots import Snapshot
from engage.versions import claim_version

TABLE = Document.__tablename__
# The history stores the old and new values of these columns. None of them is a text.
_KEPT = frozenset({"kind", "group_id", "readers", "owner_id", "looked_at_on"})


def may_edit(membership: Membership, document: Document) -> bool:
    """Returns whether this person may change the document: coordinators and its owner may."""
    return may(membership.role, Permission.EDIT_DOCUMENTS) or (
        may(membership.role, Permission.WORK) and document.owner_id == membership.id
    )


def add(actor: Membership, values: Mapping[str, object]) -> Document:
    """Adds a document."""
    return history.add(actor, Document(coalition_id=actor.coalition_id, **values))


def change(document: Document, version: int, values: Mapping[str, object], actor: Membership) -> None:
    """Changes a document. Raises StaleVersion if someone saved it in between."""
    claim_version(document, version)
    if document.link != values["link"]:
        document.link_state = document.checked_at = None
    history.set_fields(actor, document, values, _KEPT)


def look_at(document: Document, actor: Membership, today: date) -> None:
    """Records that someone read the document today and found it up to date."""
    if document.looked_at_on != today:
        history.note(actor, document, "looked_at_on", old=document.looked_at_on, new=today)
        document.looked_at_on = today
        document.version += 1


def delete(document: Document, actor: Membership) -> Snapshot:
    """Moves the document to the trash, with its links to things; the file itself stays where it is."""
    lock(actor.coalition_id)
    return trash_service.put(actor, document)


def link_to(document: Document, thing: TargetKind, thing_id: int) -> None:
    """Adds a thing to the things that a document is for; doing so again changes nothing."""
    lock(document.coalition_id)
    column = getattr(DocumentUse, thing.column)
    there = sa.select(DocumentUse.id).where(DocumentUse.document_id == document.id, column == thing_id)
    if db.session.scalar(there) is None:
        use = {thing.column: thing_id}
        db.session.add(DocumentUse(coalition_id=document.coalition_id, document_id=document.id, **use))


def unlink(document: Document, thing: TargetKind, thing_id: int) -> None:
    """Removes a thing from the things that a document is for; the document stays."""
    rows = sa.delete(DocumentUse).where(
        DocumentUse.coalition_id == document.coalition_id,
        DocumentUse.document_id == document.id,
        getattr(DocumentUse, thing.column) == thing_id,
    )
    db.session.execute(rows.execution_options(synchronize_session=False))


def hand_over(from_: Membership, to: Membership, actor: Membership, only: Collection[int]) -> int:
    """Gives those of the documents `only` that this owner has to a new owner; returns how many."""
    kept = [each for each in queries.kept_by(from_) if each.id in only]
    for each in kept:
        history.note(actor, each, "owner_id", old=from_.id, new=to.id)
        each.owner_id = to.id
        each.version += 1
    return len(kept)


kinds.register(
    Kind(
        table=TABLE,
        word=_l("Document"),
        back=lambda row: _("“%(title)s” is back.", title=row["title"]),
        address=lambda row: url_for("documents.document", document_id=row["id"]),
        permission=Permission.WORK,
        gone_words={"item_id": _l("the tip")},
        led_by={TABLE: "owner_id"},
    )
)
