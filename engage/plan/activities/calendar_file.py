"""Writes an event's file for a calendar, for someone who has a spot."""

from datetime import datetime

from engage.meetings.calendar_file import OPEN_EVENT, CalendarEntry, file_of, open_uid
from engage.plan.activities.models import Activity


def event_file(event: Activity, address: str, now: datetime, *, with_link: bool) -> str:
    """Returns the file; `address` is the page where people read about changes.

    Without `with_link` the online link is left out.
    """
    entry = CalendarEntry(
        open_uid(OPEN_EVENT, event.coalition_id, event.id, event.created_at),
        event.version - 1,
        event.title,
        address,
        event.starts_at or event.happened_on,
        event.minutes or 0,
        place=", ".join(part for part in (event.place, with_link and event.link) if part),
        about=event.about,
    )
    return file_of("Events", entry, now)
