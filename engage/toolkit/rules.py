"""Marks of notes, when a section's reading is late, and the title a note takes along."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

TITLE_LONGEST = 300


class NoteMark(StrEnum):
    IDEA = "idea"
    QUESTION = "question"
    KEY_POINT = "key_point"


@dataclass(frozen=True, slots=True)
class NoteWords:
    """What a person writes: the text, what it is, and whether others see it."""

    text: str
    mark: NoteMark
    is_shared: bool


def title_of(text: str) -> str:
    """A note's first line as the title of what it becomes; one too long ends with the last word that fits."""
    first = text.strip().partition("\n")[0].strip()
    if len(first) <= TITLE_LONGEST:
        return first
    cut = first[: TITLE_LONGEST - 3]
    return (cut.rpartition(" ")[0] or cut) + "..."


def details_of(text: str) -> str:
    """The whole note where its title does not hold all of it, else nothing."""
    whole = text.strip()
    return "" if title_of(whole) == whole else whole


def is_all_read(read: Iterable[date | None]) -> bool:
    """Has everybody who reads the section read it? Nobody has where nobody reads it."""
    days = list(read)
    return bool(days) and all(day is not None for day in days)


def is_late(due_on: date | None, read: Iterable[date | None], today: date) -> bool:
    """Is the day over while a reader still reads? A section that nobody reads is not late, it is open."""
    days = list(read)
    return due_on is not None and due_on < today and any(day is None for day in days)
