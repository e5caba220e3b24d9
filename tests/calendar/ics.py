"""Reads a calendar file as strictly as calendars do (RFC 5545)."""

from dataclasses import dataclass, field


@dataclass
class Event:
    lines: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.lines[name]


@dataclass
class Calendar:
    head: dict[str, str]
    events: list[Event]

    def titles(self) -> list[str]:
        return [event["SUMMARY"] for event in self.events]


def read(text: str) -> Calendar:
    """Reads and checks it: lines end in CRLF and fit 75 octets, blocks are closed, required names are there."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    calendar, event = Calendar({}, []), None
    for line in lines[1:-1]:
        name, colon, value = line.partition(":")
        assert colon
        if line == "BEGIN:VEVENT":
            assert event is None
            event = Event()
        elif line == "END:VEVENT":
            assert event is not None
            assert {"UID", "DTSTAMP", "SUMMARY", "SEQUENCE"} <= event.lines.keys()
            assert any(name.startswith("DTSTART") for name in event.lines)
            calendar.events.append(event)
            event = None
        else:
            target = calendar.head if event is None else event.lines
            assert name not in target
            target[name] = value
    assert event is None
    assert calendar.head["VERSION"] == "2.0"
    assert len({each["UID"] for each in calendar.events}) == len(calendar.events)
    return calendar
