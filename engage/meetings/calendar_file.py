"""A meeting as an iCalendar file (RFC 5545), for any calendar to take in.

Moments are written in UTC, which is right on both sides of a daylight-saving change without a table of zones.
"""

from datetime import UTC, datetime, timedelta

from engage.meetings.models import Meeting

_OCTETS = 75


def calendar_file(meeting: Meeting, address: str, now: datetime) -> str:
    """The file's text; `address` is the meeting's page. The same meeting keeps its UID, so that a calendar that
    takes in a later file moves the entry instead of adding one."""
    ends_at = meeting.starts_at + timedelta(minutes=meeting.minutes)
    place = ", ".join(part for part in (meeting.place, meeting.link) if part)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Engage//Meetings//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:engage-meeting-{meeting.coalition_id}-{meeting.id}-{_moment(meeting.created_at)}",
        f"SEQUENCE:{meeting.version - 1}",
        f"DTSTAMP:{_moment(now)}",
        f"DTSTART:{_moment(meeting.starts_at)}",
        f"DTEND:{_moment(ends_at)}",
        f"SUMMARY:{_text(meeting.title)}",
        f"LOCATION:{_text(place)}",
        f"DESCRIPTION:{_text(meeting.about)}",
        f"URL:{address}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r", "").replace("\n", "\\n")


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
