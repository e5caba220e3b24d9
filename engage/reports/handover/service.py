"""Handles the changes that the outgoing coordinator suggests: one text for each coalition, with its day."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from engage import clock, history
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.database import along
from engage.extensions import db
from engage.reports.models import HandoverNote
from engage.versions import claim_version


class Written(NamedTuple):
    """The outgoing coordinator's text for readers; `writer` is empty if the person's account is gone."""

    text: str
    written_at: datetime
    writer: str


def note_of(membership: Membership) -> HandoverNote | None:
    return db.session.scalar(
        sa.select(HandoverNote).where(HandoverNote.coalition_id == membership.coalition_id)
    )


def written(membership: Membership) -> Written | None:
    """Returns the outgoing coordinator's text; None if it is missing or empty."""
    rows = (
        sa.select(
            HandoverNote.text, HandoverNote.written_at, sa.func.coalesce(Membership.name, "").label("writer")
        )
        .outerjoin(Membership, along(HandoverNote.written_by_id, Membership))
        .where(HandoverNote.coalition_id == membership.coalition_id, HandoverNote.text != "")
    )
    row = db.session.execute(rows).first()
    return Written(**row._mapping) if row is not None else None


def save(membership: Membership, version: int, text: str) -> None:
    """Saves the outgoing coordinator's text; `version` is 0 if there was none yet. Raises StaleVersion."""
    lock(membership.coalition_id)
    note = note_of(membership)
    if note is None:
        note = HandoverNote(coalition_id=membership.coalition_id, text="", written_at=clock.now())
        db.session.add(note)
        db.session.flush()
    else:
        claim_version(note, version)
    if note.text == text:
        return
    note.text, note.written_at, note.written_by_id = text, clock.now(), membership.id
    history.note(membership, note, "text")
