"""Reads which lines of an agenda came from another meeting, or were carried over to another one."""

from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased

from engage.database import Selection, along
from engage.extensions import db
from engage.meetings.labels import titled
from engage.meetings.models import AgendaItem, Meeting


class AgendaElsewhere(Struct, frozen=True):
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
_COLUMNS: tuple[object, ...] = (
    OTHER_ITEM.id.label("item_id"),
    Meeting.id.label("meeting_id"),
    Meeting.title.label("meeting"),
    Meeting.starts_at,
)


def carried_to(meeting: Meeting) -> dict[int, AgendaElsewhere]:
    """Returns the later lines that continue this meeting's lines, by the id of this meeting's line."""
    rows = (
        sa.select(OTHER_ITEM.carried_from_id.label("key"), *_COLUMNS)
        .join(Meeting, along(OTHER_ITEM.meeting_id, Meeting))
        .join(AgendaItem, along(OTHER_ITEM.carried_from_id, AgendaItem))
        .where(AgendaItem.coalition_id == meeting.coalition_id, AgendaItem.meeting_id == meeting.id)
    )
    return _by_key(rows)


def carried_from(meeting: Meeting) -> dict[int, AgendaElsewhere]:
    """Returns the earlier lines that this meeting's lines continue, by the id of this meeting's line."""
    rows = (
        sa.select(AgendaItem.id.label("key"), *_COLUMNS)
        .join(OTHER_ITEM, along(AgendaItem.carried_from_id, OTHER_ITEM))
        .join(Meeting, along(OTHER_ITEM.meeting_id, Meeting))
        .where(AgendaItem.coalition_id == meeting.coalition_id, AgendaItem.meeting_id == meeting.id)
    )
    return _by_key(rows)


def _by_key(rows: Selection) -> dict[int, AgendaElsewhere]:
    found = [dict(row._mapping) for row in db.session.execute(rows)]
    return {each.pop("key"): AgendaElsewhere(**each) for each in found}
