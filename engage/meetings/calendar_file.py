"""Writes calendar files (RFC 5545): one meeting or event, or a person's feed.

Times are in UTC, which needs no time zone definitions and stays correct when daylight-saving time changes.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from flask import current_app
from msgspec import Struct

from engage import tokens
from engage.meetings.models import Meeting

if TYPE_CHECKING:
    import icalendar

# Ids of open meetings and events are derived with these, alike for single files and the public feed.
OPEN_MEETING, OPEN_EVENT = "open meeting", "open event"
# How long feeds keep past entries, so that nothing vanishes from a calendar as soon as it ends.
PAST_DAYS = 31
# How often calendar programs should read a feed again, in hours.
LOOK_AGAIN_HOURS = 12


class CalendarEntry(Struct, frozen=True):
    """A calendar entry: a time with a length, or a whole day.

    The same meeting or event keeps its `uid`, so that a calendar that reads a later file moves the entry
    instead of adding one.
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
    """Returns a meeting's file; `address` is the meeting's page. The online link is optional."""
    entry = CalendarEntry(
        meeting_uid(meeting.coalition_id, meeting.id, meeting.created_at),
        meeting.version - 1,
        meeting.title,
        address,
        meeting.starts_at,
        meeting.minutes,
        place=", ".join(part for part in (meeting.place, with_link and meeting.link) if part),
        about=meeting.about,
    )
    return file_of("Meetings", entry, now)


def file_of(kind: str, entry: CalendarEntry, now: datetime) -> str:
    """Returns a file of this entry alone."""
    return _calendar(kind, [entry], now).to_ical().decode()


def feed(entries: Iterable[CalendarEntry], name: str, now: datetime, hours: int) -> str:
    """Returns a named calendar to subscribe to, which asks calendars to check again after this many hours."""
    calendar = _calendar("Feed", entries, now)
    calendar.calendar_name = name
    # RFC 7986 requires the value's type, which the library's own property omits.
    calendar.add("REFRESH-INTERVAL", timedelta(hours=hours), {"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", f"PT{hours}H")
    return calendar.to_ical().decode()


def meeting_uid(coalition_id: int, meeting_id: int, created_at: datetime) -> str:
    """Returns a meeting's id, the same in its own file and in a feed."""
    return f"engage-meeting-{coalition_id}-{meeting_id}-{created_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def open_uid(purpose: str, coalition_id: int, number: int, created_at: datetime) -> str:
    """Returns an id for the public, which reveals neither the number of meetings nor their age."""
    which = f"{coalition_id}|{number}|{created_at.isoformat()}"
    return tokens.derived(current_app.config["SECRET_KEY"], purpose, which)


def _calendar(kind: str, entries: Iterable[CalendarEntry], now: datetime) -> "icalendar.Calendar":
    from icalendar import Calendar  # loads slowly, and few processes write calendars

    calendar = Calendar()  # `new` would make a different UID at each request
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", f"-//Engage//{kind}//EN")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    for entry in entries:
        calendar.add_component(_event(entry, now))
    return calendar


def _event(entry: CalendarEntry, now: datetime) -> "icalendar.Event":
    from icalendar import TRANSP, Event

    if isinstance(entry.starts, datetime):
        starts: date = entry.starts.astimezone(UTC)
        ends, transparency = starts + timedelta(minutes=entry.minutes), None
    else:
        # A due date takes no time, so the calendar does not show the person as busy all day.
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
