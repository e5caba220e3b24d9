"""Rules of the toolkit: marks of notes, when reading is late, and the title made from a note."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from msgspec import Struct

TITLE_LONGEST = 300


class NoteMark(StrEnum):
    IDEA = "idea"
    QUESTION = "question"
    KEY_POINT = "key_point"


class IdeaStanding(StrEnum):
    """What the coalition decided about a shared idea; an open one has none."""

    KEPT = "kept"
    PARKED = "parked"
    SET_ASIDE = "set_aside"


class NoteWords(Struct, frozen=True):
    """The parts of a note: the text, what it is, and whether others see it."""

    text: str
    mark: NoteMark
    is_shared: bool


def title_of(text: str) -> str:
    """Returns a note's first line as the title of what is made from it, cut at the last word that fits."""
    first = text.strip().partition("\n")[0].strip()
    if len(first) <= TITLE_LONGEST:
        return first
    cut = first[: TITLE_LONGEST - 3]
    return (cut.rpartition(" ")[0] or cut) + "..."


def details_of(text: str) -> str:
    """Returns the whole note if its title does not contain all of it, else ""."""
    whole = text.strip()
    return "" if title_of(whole) == whole else whole


def is_all_read(read: Iterable[date | None]) -> bool:
    """Returns whether everyone who reads the section has read it; False if no one reads it."""
    days = list(read)
    return bool(days) and all(day is not None for day in days)


def is_late(due_on: date | None, read: Iterable[date | None], today: date) -> bool:
    """Returns whether the due day is over and a reader has not finished.

    A section without readers is never late.
    """
    days = list(read)
    return due_on is not None and due_on < today and any(day is None for day in days)
