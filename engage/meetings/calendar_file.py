"""Writes calendar files (RFC 5545) for any calendar: one meeting, or a person's feed.

Times are written in UTC, which is right on both sides of a daylight-saving change without a table of zones.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from engage.meetings.models import Meeting

if TYPE_CHECKING:
    import icalendar


class Entry(Struct, frozen=True):
    """An entry: a time with a length, or a whole day.

    The same thing keeps its `uid`, so that a calendar that reads a later file moves the entry instead of
    adding one.
    """

    uid: str
    sequence: int
    title: str
    url: str
    starts: datetime | date
    minutes: int = 0
    place: str = ""
    about: str = ""


def calendar_file(meeting: Meeting, address: str, now: datetime, *, with_link: bool = True) -> str:
    """Returns a meeting's file; `address` is its page. Without `with_link` the online link is left out."""
    entry = Entry(
        meeting_uid(meeting.coalition_id, meeting.id, meeting.created_at),
        meeting.version - 1,
        meeting.title,
        address,
        meeting.starts_at,
        meeting.minutes,
        place=", ".join(part for part in (meeting.place, with_link and meeting.link) if part),
        about=meeting.about,
    )
    return _calendar("Meetings", [entry], now).to_ical().decode()


def feed(entries: Iterable[Entry], name: str, now: datetime, hours: int) -> str:
    """Returns a named calendar to subscribe to, which asks calendars to check again after this many hours."""
    calendar = _calendar("Feed", entries, now)
    calendar.calendar_name = name
    # RFC 7986 requires the kind of value, which the library's own property leaves out.
    calendar.add("REFRESH-INTERVAL", timedelta(hours=hours), {"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", f"PT{hours}H")
    return calendar.to_ical().decode()


def meeting_uid(coalition_id: int, meeting_id: int, created_at: datetime) -> str:
    """Returns the same id in a meeting's own file and in a feed."""
    return f"engage-meeting-{coalition_id}-{meeting_id}-{created_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _calendar(kind: str, entries: Iterable[Entry], now: datetime) -> "icalendar.Calendar":
    from icalendar import Calendar  # importing takes a fifth of a second, and few processes write calendars

    calendar = Calendar()  # `new` would give the calendar another UID at each request
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", f"-//Engage//{kind}//EN")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    for entry in entries:
        calendar.add_component(_event(entry, now))
    return calendar


def _event(entry: Entry, now: datetime) -> "icalendar.Event":
    from icalendar import TRANSP, Event

    if isinstance(entry.starts, datetime):
        starts: date = entry.starts.astimezone(UTC)
        ends, transparency = starts + timedelta(minutes=entry.minutes), None
    else:
        # A due date takes no time, so no one is shown as busy all day.
        starts, ends, transparency = entry.starts, entry.starts + timedelta(days=1), TRANSP.TRANSPARENT
    return Event.new(
        uid=entry.uid,
        sequence=entry.sequence,
        stamp=now,
        start=starts,
        end=ends,
        transparency=transparency,
        summary=entry.title,
        location=entry.place or None,
        description=entry.about or None,
        url=entry.url,
    )
