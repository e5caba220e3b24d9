"""Reads what a phone sends of the answers that waited on it, and decides which of them come too late."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import MsgspecError, Struct, json

# A phone keeps nothing longer; Safari deletes what a page stored after as many days without a visit.
WAITS = timedelta(days=7)
# Each phone and each cleared browser makes a key of its own.
MOST_KEYS = 20
# More than a round can ask. A sealed answer has about 1 KB.
MOST_AT_ONCE, LONGEST = 500, 2_000


class Standing(StrEnum):
    """What a phone is told of the response whose questions it keeps."""

    OPEN = "open"
    # The round is closed, or asks this person no more.
    CLOSED = "closed"
    # Another person uses the browser, or the answers were opened on another phone.
    OTHER = "other"
    SIGNED_OUT = "signed-out"


class Waiting(Struct, frozen=True):
    """A sealed answer: the phone's number for it, and how long it has waited by the phone's clock."""

    number: int
    age: timedelta
    sealed: str


class Opened(Struct, frozen=True):
    """What a phone sealed: the number of the answer, the question's key, and the values of the chosen options."""

    number: int
    question: str
    answer: list[str]


def waiting(fields: Iterable[str]) -> list[Waiting]:
    """Returns what was sent, in the order of answering; what cannot be read is left out."""
    found = []
    for each in fields:
        number, _space, rest = each.partition(" ")
        seconds, _space, sealed = rest.partition(" ")
        if all(part.isascii() and part.isdecimal() and len(part) <= 9 for part in (number, seconds)):
            found.append(Waiting(int(number), min(timedelta(seconds=int(seconds)), WAITS), sealed))
    return sorted(found, key=lambda waiting: waiting.number)


def opened(plain: bytes) -> Opened | None:
    try:
        return json.decode(plain, type=Opened)
    except MsgspecError:
        return None


def is_older(given: datetime, saved: datetime | None) -> bool:
    """Returns whether the answer that waited was given before the saved one, as on the person's other phone."""
    return saved is not None and given < saved
