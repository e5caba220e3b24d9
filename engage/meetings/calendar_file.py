"""Calendars as files (RFC 5545), for any calendar to take in: one meeting, or a person's feed.

Moments are written in UTC, which is right on both sides of a daylight-saving change without a table of zones.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from engage.meetings.models import Meeting

_OCTETS = 75


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: a moment with a length, or a whole day. The same thing keeps its `uid`, so that a calendar that takes
    in a later file moves the entry instead of adding one."""

    uid: str
    sequence: int
    title: str
    url: str
    starts: datetime | date
    minutes: int = 0
    place: str = ""
    about: str = ""


def calendar_file(meeting: Meeting, address: str, now: datetime) -> str:
    """A meeting's file; `address` is its page."""
    entry = Entry(
        meeting_uid(meeting.coalition_id, meeting.id, meeting.created_at),
        meeting.version - 1,
        meeting.title,
        address,
        meeting.starts_at,
        meeting.minutes,
        place=", ".join(part for part in (meeting.place, meeting.link) if part),
        about=meeting.about,
    )
    return _file([*_head("Meetings"), *_lines(entry, now), "END:VCALENDAR"])


def feed(entries: Iterable[Entry], name: str, now: datetime, hours: int) -> str:
    """A calendar to subscribe to, named; calendars look again after so many hours, where they ask."""
    lines = [
        *_head("Feed"),
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:PT{hours}H",
        f"X-PUBLISHED-TTL:PT{hours}H",
    ]
    for entry in entries:
        lines += _lines(entry, now)
    return _file([*lines, "END:VCALENDAR"])


def meeting_uid(coalition_id: int, meeting_id: int, created_at: datetime) -> str:
    """Alike in a meeting's own file and in a feed."""
    return f"engage-meeting-{coalition_id}-{meeting_id}-{_moment(created_at)}"


def _head(kind: str) -> list[str]:
    return [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Engage//{kind}//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]


def _lines(entry: Entry, now: datetime) -> list[str]:
    more = [f"LOCATION:{_text(entry.place)}"] if entry.place else []
    more += [f"DESCRIPTION:{_text(entry.about)}"] if entry.about else []
    return [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{_moment(now)}",
        *_when(entry),
        f"SUMMARY:{_text(entry.title)}",
        *more,
        f"URL:{entry.url}",
        "END:VEVENT",
    ]


def _when(entry: Entry) -> list[str]:
    if isinstance(entry.starts, datetime):
        ends = entry.starts + timedelta(minutes=entry.minutes)
        return [f"DTSTART:{_moment(entry.starts)}", f"DTEND:{_moment(ends)}"]
    ends_on = entry.starts + timedelta(days=1)
    # A due date takes up no time: nobody is busy all day.
    return [
        f"DTSTART;VALUE=DATE:{entry.starts:%Y%m%d}",
        f"DTEND;VALUE=DATE:{ends_on:%Y%m%d}",
        "TRANSP:TRANSPARENT",
    ]


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r", "").replace("\n", "\\n")


def _file(lines: Iterable[str]) -> str:
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _folded(line: str) -> str:
    """Lines of at most 75 octets, never cut inside a letter."""
    pieces, piece, room = [], "", _OCTETS
    for letter in line:
        size = len(letter.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", _OCTETS - 1  # the space that continues a line counts
        piece += letter
        room -= size
    return "\r\n ".join([*pieces, piece])
