"""Tells the rows of a file of answers apart, so that each person's answers count once."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from dateutil import parser
from msgspec import Struct

# What a time leaves out is the same in each row.
_BEGINS = datetime(2000, 1, 1)  # noqa: DTZ001 - makers write times without a zone, or each with its own


def time_in(text: str) -> datetime | None:
    """Returns the time that a text means, with the month before the day where either could be; None if it is none."""
    try:
        return parser.parse(text, default=_BEGINS, ignoretz=True)
    except (parser.ParserError, OverflowError):
        return None


def moment(text: str) -> str:
    """Returns a time in a form that is the same in a CSV file and in a workbook, whatever order the date has.

    "10/23/2025 2:05:09 PM" and "2025-10-23 14:05:09" are the same.
    """
    found = time_in(text)
    if found is None:
        return text.casefold().strip()
    days = sorted((found.year, found.month, found.day))
    return " ".join(map(str, (*days, found.hour, found.minute, found.second)))


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
