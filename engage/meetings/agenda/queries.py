"""Reads which lines of an agenda came from another meeting or were carried to one."""

from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased

from engage.database import along
from engage.extensions import db
from engage.meetings.models import AgendaItem, Meeting
from engage.meetings.words import titled


class Elsewhere(Struct, frozen=True):
    """The line of another meeting from which a line came, or to which it was carried."""

    item_id: int
    meeting_id: int
    meeting: str
    starts_at: datetime

    @property
    def words(self) -> str:
        return titled(self.meeting, self.starts_at)


# -- carrying over


OTHER_ITEM = aliased(AgendaItem)


def carried_to(meeting: Meeting) -> dict[int, Elsewhere]:
    """Returns the lines of this meeting that are on a later agenda, by id."""
    rows = (
        sa.select(OTHER_ITEM.carried_from_id, OTHER_ITEM.id, Meeting.id, Meeting.title, Meeting.starts_at)
        .join(Meeting, along(OTHER_ITEM.meeting_id, Meeting))
        .join(AgendaItem, along(OTHER_ITEM.carried_from_id, AgendaItem))
        .where(AgendaItem.coalition_id == meeting.coalition_id, AgendaItem.meeting_id == meeting.id)
    )
    return {row[0]: Elsewhere(*row[1:]) for row in db.session.execute(rows) if row[0] is not None}


def carried_from(meeting: Meeting) -> dict[int, Elsewhere]:
    """Returns, by the id of this meeting's lines, where each was not reached before."""
    rows = (
        sa.select(AgendaItem.id, OTHER_ITEM.id, Meeting.id, Meeting.title, Meeting.starts_at)
        .join(OTHER_ITEM, along(AgendaItem.carried_from_id, OTHER_ITEM))
        .join(Meeting, along(OTHER_ITEM.meeting_id, Meeting))
        .where(AgendaItem.coalition_id == meeting.coalition_id, AgendaItem.meeting_id == meeting.id)
    )
    return {row[0]: Elsewhere(*row[1:]) for row in db.session.execute(rows)}
