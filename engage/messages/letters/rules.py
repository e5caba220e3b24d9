"""Rules of letters: their states, their placeholders, and the limits of sending."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from engage.coalitions.rules import QUEUED_LONGEST

# Some mail programs accept no more addresses, and a mail to a hundred addresses is taken for spam.
PORTION = 40
# A letter that could not be sent for this long is out of date; a person decides whether to send it anyway.
TRIED_FOR = QUEUED_LONGEST
# If a server asks to try again later, Engage waits this long.
AGAIN_AFTER = timedelta(minutes=15)
# One coalition sends at most this many letters an hour; the next hourly `engage remind` continues. So a
# letter to a whole directory is sent within an evening, but a stolen account cannot use up the mail plan.
MOST_AN_HOUR = 500
# Sending one letter takes at most this long; after that its result is unknown.
SENDING_LONGEST = timedelta(minutes=5)
# Texts are deleted this long after they were written; the lists of recipients after a year.
TEXTS_KEPT = timedelta(days=30)
LETTERS_KEPT = timedelta(days=365)
TESTS_KEPT = timedelta(days=1)
# A coordinator may send this many tests in this time.
TESTS_MOST, TESTS_WITHIN = 10, timedelta(hours=1)
# Within this time, two coordinators may send the same letter without knowing of each other.
TWIN_WITHIN = timedelta(hours=1)
PREVIEWS = 3


class LetterKind(StrEnum):
    """The kinds of letters."""

    WRITTEN = "written"
    # A test, which goes only to its writer.
    TEST = "test"


class Way(StrEnum):
    """How a person gets a letter."""

    # This installation sends the letter.
    MAIL = "mail"
    # A coordinator sends the letter from their own mail program.
    PROGRAM = "program"
    # A coordinator sends the letter from a phone.
    PHONE = "phone"
    # The person does not get the letter; the state says why.
    NONE = "none"


class LetterState(StrEnum):
    """The states of a letter to one person."""

    WAITING = "waiting"
    # The letter is being sent, or was when the program stopped; it is never sent again automatically.
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    # The server stopped answering after it got the letter, which may have been sent.
    UNKNOWN = "unknown"
    NO_ADDRESS = "no_address"
    # The person asked for no more letters.
    STOPPED = "stopped"
    # A coordinator canceled the letters that were not sent yet.
    CANCELED = "canceled"


def is_lost(state: LetterState, claimed_at: datetime | None, now: datetime) -> bool:
    """Returns whether it is unknown if the letter was sent: its sender crashed, or the server fell silent."""
    if state is LetterState.UNKNOWN:
        return True
    return (
        state is LetterState.CLAIMED and claimed_at is not None and not 0 <= _age(claimed_at, now) < _LONGEST
    )


_LONGEST = SENDING_LONGEST.total_seconds()


def _age(moment: datetime, now: datetime) -> float:
    return (now - moment).total_seconds()


# -- placeholders

NAME, LINK = "[name]", "[link]"
_MERGED = re.compile(r"\[(name|link)\]", re.IGNORECASE)


def holds_merge_words(text: str) -> bool:
    return _MERGED.search(text) is not None


def pieces(text: str, name: str) -> Iterator[str | None]:
    """Yields the parts of the text, with None in place of the link.

    The text is searched only once, so that a name that contains a placeholder stays unchanged.
    """
    place = 0
    for found in _MERGED.finditer(text):
        yield text[place : found.start()]
        yield name if found[1].lower() == "name" else None
        place = found.end()
    yield text[place:]


def filled(text: str, name: str, link: str) -> str:
    return "".join(link if piece is None else piece for piece in pieces(text, name))


def paragraphs(text: str, name: str) -> list[list[list[str | None]]]:
    """Returns the text as paragraphs of lines of parts, with None in place of the link."""
    lines: list[list[str | None]] = [[]]
    for piece in pieces(text, name):
        if piece is None:
            lines[-1].append(None)
            continue
        first, *others = piece.split("\n")
        lines[-1].append(first)
        lines += [[other] for other in others]
    found: list[list[list[str | None]]] = [[]]
    for line in lines:
        if any(piece is None or piece.strip() for piece in line):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [each for each in found if each]


_HIDDEN = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")


def one_line(text: str) -> str:
    """Returns the text as one line for a mail header; characters that could start a new line become spaces.

    Characters such as "=?...?=" (RFC 2047) are separated, because mail programs decode them, perhaps to a
    line break.
    """
    return " ".join(_HIDDEN.sub(" ", text).replace("=?", "= ?").split())


# -- sending

_CODE = re.compile(r"(?:^|: )([245])\d\d\b")


def is_temporary(words: str) -> bool:
    """Returns whether the server refused the mail temporarily ("RCPT TO: 450 try again later")."""
    found = _CODE.search(words)
    return found is not None and found[1] == "4"


def pause(latest: datetime | None, now: datetime, per_minute: int) -> float:
    """Returns the seconds to wait until the next letter may go out; `per_minute` 0 never waits.

    A `latest` in the future comes from a wrong clock.
    """
    if latest is None or not per_minute or latest > now:
        return 0.0
    return max(0.0, 60 / per_minute - _age(latest, now))


# -- keys in query strings

_KEY = re.compile(r"([a-z_]{1,20})(?::([1-9][0-9]{0,8}))?")


def read_key(text: str) -> tuple[str, int]:
    """Returns the kind and the number of a key such as "meeting:4", 0 without a number; ("", 0) for an invalid key."""
    found = _KEY.fullmatch(text)
    return (found[1], int(found[2] or 0)) if found else ("", 0)
