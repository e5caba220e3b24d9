"""Tells the rows of a file of answers apart, so that each person's answers count once."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

_AFTERNOON: Final = re.compile(r"\bp\.?\s?m\b")
_MORNING: Final = re.compile(r"\ba\.?\s?m\b")
_ZONE: Final = re.compile(r"\b(?:gmt|utc)\s*[+-]?\s*[\d:]*|\bz\b")
_NAME_OF_ZONE: Final = re.compile(r"\b[ecmp][sd]?t$|\b[a-z]{4}$")
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


def moment(text: str) -> str:
    """Returns a time in a form that is the same in a CSV file and in a workbook, whatever order the date has.

    "10/23/2025 2:05:09 PM" and "2025-10-23 14:05:09" are the same.
    """
    said = _ZONE.sub("", text.lower())
    match = _CLOCK.search(said)
    if match is None:
        return said.strip()
    hour = int(match[1])
    if _AFTERNOON.search(said) and hour < 12:
        hour += 12
    if _MORNING.search(said) and hour == 12:
        hour = 0
    days = sorted(
        int(each) % 2000 for each in re.findall(r"\d+", said[: match.start()] + said[match.end() :])
    )
    return " ".join(map(str, (*days, hour, int(match[2]), int(match[3] or 0))))


def without_clock(text: str) -> str:
    """Returns the text of a time without its time of day."""
    said = _ZONE.sub("", text.lower())
    for pattern in (_CLOCK, _AFTERNOON, _MORNING, _NAME_OF_ZONE):
        said = pattern.sub("", said)
    return said.strip(" ,t")


class FileRow(Struct, frozen=True):
    """What tells a row from others: the id and the time that the file gives it, and else its answers."""

    number: int
    id: str
    time: str
    answers: str


class Told(Struct, frozen=True):
    """How a row is told from others. `replaced_by` is a later row with an edited answer of the same person.

    `doubted` is a row with the same id at another time: it may be another person.
    """

    name: str
    replaced_by: int | None = None
    doubted: int | None = None


def told_apart(rows: Sequence[FileRow]) -> dict[int, Told]:
    """Returns how each row is told from others, by its number."""
    by_id: dict[str, list[FileRow]] = {}
    for row in rows:
        if row.id:
            by_id.setdefault(row.id, []).append(row)
    found: dict[int, Told] = {}
    seen: Counter[str] = Counter()
    for row in rows:
        if row.id:
            same = by_id[row.id]
            other = next((each for each in same if each.time != row.time), None)
            later = [each.number for each in same if each.number > row.number]
            found[row.number] = Told(
                f"id {row.id} {row.time}",
                later[-1] if later and other is None else None,
                other.number if other is not None else None,
            )
            continue
        name = f"time {row.time}" if row.time else f"answers {row.answers}"
        seen[name] += 1
        found[row.number] = Told(f"{name} {seen[name]}")
    return found
