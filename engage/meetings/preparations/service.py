"""Reads and marks the usual preparations for a kind of meeting."""

from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct

from engage import clock, history
from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.content.model import Preparation
from engage.database import along
from engage.extensions import db
from engage.meetings import service
from engage.meetings.models import Meeting, Prepared


class PreparationLine(Struct, frozen=True):
    """One preparation; `by` is the person who marked it as done, "" while it is open."""

    key: str
    text: str
    by: str
    done_at: datetime | None

    @property
    def is_done(self) -> bool:
        return self.done_at is not None


class Preparations(Struct, frozen=True):
    lines: tuple[PreparationLine, ...]

    @property
    def done(self) -> int:
        return sum(each.is_done for each in self.lines)

    @property
    def total(self) -> int:
        return len(self.lines)


def known(meeting: Meeting) -> dict[str, Preparation]:
    """Returns the content's preparations for this kind of meeting, by key."""
    return {each.key: each for each in content().agenda(meeting.kind.value).before}


def preparations_of(meeting: Meeting) -> Preparations:
    """Returns the meeting's preparations in order; empty for a kind of meeting without any."""
    wanted = known(meeting)
    if not wanted:
        return Preparations(())
    rows = (
        sa.select(Prepared.key, Membership.name, Prepared.done_at)
        .join(Membership, along(Prepared.done_by_id, Membership))
        .where(Prepared.coalition_id == meeting.coalition_id, Prepared.meeting_id == meeting.id)
    )
    done = {key: (name, moment) for key, name, moment in db.session.execute(rows)}
    return Preparations(
        tuple(PreparationLine(key, each.text, *done.get(key, ("", None))) for key, each in wanted.items())
    )


def tick(membership: Membership, meeting: Meeting, key: str, done: bool) -> None:
    """Marks a preparation as done, or as open. Raises WrongState if the meeting is closed.

    If two people mark it at once, both succeed.
    """
    service.claim_open(meeting, alone=True)
    row = db.session.scalar(
        sa.select(Prepared)
        .where(Prepared.meeting_id == meeting.id, Prepared.key == key)
        .execution_options(populate_existing=True)
    )
    if (row is not None) == done:
        return
    if row is None:
        row = Prepared(
            coalition_id=meeting.coalition_id,
            meeting_id=meeting.id,
            key=key,
            done_at=clock.now(),
            done_by_id=membership.id,
        )
        db.session.add(row)
        db.session.flush()
    else:
        db.session.delete(row)
    field = "done" if done else "open"
    history.note(membership, row, field)
