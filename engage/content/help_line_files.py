"""Reads the help lines that a coalition may choose, each with its source page and the day it was checked."""

from datetime import date

from engage.content.model import OfferedLine
from engage.content.nodes import Keys, Value


def help_lines(document: Value) -> tuple[OfferedLine, ...]:
    keys = Keys("help line", {})

    def line(row: Value) -> OfferedLine:
        field = row.fields("key name website for_whom hours source read", optional="phone")
        return OfferedLine(
            key=keys.claim(field["key"]),
            name=field["name"].text(120),
            phone=field["phone"].text(40) if "phone" in field else "",
            website=field["website"].text(300),
            for_whom=field["for_whom"].text(200),
            hours=field["hours"].text(120),
            source=field["source"].text(),
            read=_day(field["read"]),
        )

    return tuple(map(line, document.items()))


def _day(value: Value) -> date:
    try:
        return date.fromisoformat(value.text())
    except ValueError:
        raise value.error("expected a day here, such as 2026-03-15, in quotes") from None
