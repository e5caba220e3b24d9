"""Saves records of a running meeting. The caller locks the meeting first (`claim`)."""

import sqlalchemy as sa

from engage import history
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.extensions import db
from engage.history import Value
from engage.meetings.decisions import service as decisions_service
from engage.meetings.models import AgendaItem, Decision, Meeting
from engage.meetings.notes.rules import OpenedNotes, Said, merged
from engage.meetings.service import claim_open


def claim(meeting: Meeting) -> Meeting:
    """Returns the meeting, locked for this request until the commit. Raises WrongState if it is closed."""
    # Numbering decisions and actions locks the coalition; everyone locks it before the meeting.
    lock(meeting.coalition_id)
    return claim_open(meeting, alone=True)


def said_of(item: AgendaItem) -> Said:
    return Said(item.notes, item.outcome)


def note(membership: Membership, item: AgendaItem, typed: Said, opened: OpenedNotes) -> frozenset[str]:
    """Saves what was typed on a line. Returns the fields in which someone else saved another text."""
    saved = said_of(item)
    merge = merged(typed, saved, opened)
    changes: list[tuple[int, str, Value, Value]] = []
    if merge.said.notes != saved.notes:
        changes.append((item.id, "notes", None, None))
    if merge.said.outcome is not saved.outcome:
        changes.append((item.id, "outcome", saved.outcome, merge.said.outcome))
    if changes:
        item.notes, item.outcome = merge.said.notes, merge.said.outcome
        item.recorded_version += 1
        history.record_changes(item.coalition_id, membership.id, AgendaItem.__tablename__, changes)
    return merge.clashes


def decide(
    membership: Membership, meeting: Meeting, item_id: int | None, text: str, owner_id: int | None
) -> Decision:
    """Adds a decision, unless the same one was just added: after a lost connection a page sends again."""
    same = Decision.meeting_id == meeting.id, Decision.item_id == item_id, Decision.text == text
    there = db.session.scalar(sa.select(Decision).where(*same).order_by(Decision.number).limit(1))
    values = {"text": text, "item_id": item_id, "owner_id": owner_id, "review_on": None}
    return there or decisions_service.add_decision(membership, meeting, values)
