"""Rules of accounts: how long a session lives, how tries are slowed, what a password must be."""

import string
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from engage.limits import Limits

PASSWORD_SHORTEST = 12
PASSWORD_LONGEST = 128
PASSWORD_LINK_LIFE = timedelta(hours=1)

SEEN_EVERY = timedelta(minutes=10)
# A sensitive change asks for the password again if it was given longer ago than this.
RECENTLY = timedelta(minutes=10)
# A time further ahead than this was written while the clock was wrong.
CLOCK_SLIP = timedelta(hours=1)


# These passwords are common, although the list of breaches (`common_passwords`) lacks them. People also reach
# for the product's own words.
ALSO_COMMON = frozenset(["qwertyuiopas", "correcthorsebatterystaple", "abcdefghijkl", "123456789012"])
OWN_WORDS = ("engage", "coalition", "trafficking", "toolkit", "freedom")


def session_is_over(created_at: datetime, last_seen_at: datetime, now: datetime, limits: Limits) -> bool:
    """Returns whether a signed-in browser must sign in again.

    A session that began in the future was made while the clock was wrong and would last too long. It is over,
    and the person can sign in again at once.
    """
    return now - last_seen_at > limits.idle or now - created_at > limits.life or created_at - now > CLOCK_SLIP


def is_to_be_noted(last_seen_at: datetime, now: datetime) -> bool:
    """Returns whether to record that the session was used, even if a wrong clock once wrote a time in the future."""
    return abs(now - last_seen_at) > SEEN_EVERY


def was_recently(proved_at: datetime | None, now: datetime) -> bool:
    """Returns whether a password given then still counts; one "given" in the future does not."""
    return proved_at is not None and timedelta() <= now - proved_at <= RECENTLY


class Bucket(Struct, frozen=True):
    """A bucket of tries that refills with time: it holds `capacity` tries, and gets one more every `refill`."""

    capacity: float
    refill: timedelta

    def filled(self, tokens: float, updated_at: datetime, now: datetime) -> float:
        """Returns the tries that are in the bucket now; a clock that went back adds none."""
        gained = max((now - updated_at) / self.refill, 0.0)
        return min(self.capacity, tokens + gained)

    def wait(self, tokens: float) -> timedelta:
        """Returns how long it takes until the bucket holds one try."""
        return self.refill * max(1.0 - tokens, 0.0)

    @property
    def full_after(self) -> timedelta:
        """Returns the time after which the bucket is full again, however empty it was."""
        return self.refill * self.capacity


class Dear(StrEnum):
    """The kinds of costly requests: searches, files of lists, PDF and zip reports, and links that let someone in."""

    SEARCH = "search"
    TABLE = "table"
    PAPER = "paper"
    LINK = "link"


# This many are allowed at once and in each minute: more than anyone does by hand, fewer than a program in a loop.
PACES = {
    Dear.SEARCH: Bucket(capacity=120, refill=timedelta(seconds=0.5)),
    Dear.TABLE: Bucket(capacity=40, refill=timedelta(seconds=1.5)),
    Dear.PAPER: Bucket(capacity=20, refill=timedelta(seconds=3)),
    Dear.LINK: Bucket(capacity=60, refill=timedelta(seconds=1)),
}
# This limits guesses at one account to one a minute; it never locks the account for good.
PER_ACCOUNT = Bucket(capacity=10, refill=timedelta(minutes=1))
# A code of two-step sign-in is one of a million. Someone who has the password gets about a hundred tries a day.
PER_CODE = Bucket(capacity=10, refill=timedelta(minutes=15))
# This counts tried addresses that belong to others, because the answer may reveal that such an account exists.
PER_GUESS = Bucket(capacity=10, refill=timedelta(minutes=6))
# One e-mail address gets at most this many password links, whoever asks for them.
PER_MAILED_LINK = Bucket(capacity=3, refill=timedelta(minutes=20))
# This many links may be requested from one network address: enough for a coalition's evening, not for a list
# of addresses.
PER_ASKER = Bucket(capacity=30, refill=timedelta(minutes=2))
# This many people may sign up, or sign in at the door, from one network address: enough for a full hall, not
# for a flood.
PER_SIGNUP = Bucket(capacity=300, refill=timedelta(seconds=12))
# This counts failures only. Forty phones may share a church's network address, but not 200 failures an hour.
PER_ADDRESS = Bucket(capacity=200, refill=timedelta(hours=1) / 200)


class Spent(StrEnum):
    """The outcomes of a code given for two-step sign-in."""

    CODE = "code"
    RECOVERY_CODE = "recovery_code"
    USED_BEFORE = "used_before"
    WRONG = "wrong"


class NoticeKind(StrEnum):
    """The kinds of events about which an account's person is told."""

    NEW_SIGN_IN = "new_sign_in"
    PASSWORD = "password"  # noqa: S105
    PASSWORD_LINK = "password_link"  # noqa: S105
    EMAIL = "email"
    # These two exist only as mails: the link that confirms a new address, and the link to choose a new password.
    CONFIRM_EMAIL = "confirm_email"
    LINK_ASKED = "link_asked"
    SECOND_FACTOR_ON = "second_factor_on"
    SECOND_FACTOR_OFF = "second_factor_off"
    RECOVERY_CODES = "recovery_codes"
    RECOVERY_CODE_USED = "recovery_code_used"


MAILS_ALONE = frozenset({NoticeKind.CONFIRM_EMAIL, NoticeKind.LINK_ASKED})


class LetterState(StrEnum):
    """The states of the mail about a notice."""

    NONE = "none"
    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"


LETTER_TRIES = 3
RECOVERY_CODES = 10
STEP_SECONDS = 30
# A right password stays valid this long while it waits for its code.
CODE_WAITS = timedelta(minutes=10)


def step_of(moment: datetime) -> int:
    """Returns the number of the current 30-second step (RFC 6238)."""
    return int(moment.timestamp()) // STEP_SECONDS


def steps_around(step: int, distance: int) -> Iterator[int]:
    """Yields this step, then the steps before and after it, the nearest first."""
    yield step
    for away in range(1, distance + 1):
        yield step - away
        yield step + away


def plain_code(typed: str) -> str:
    """Returns a code in the form in which codes are compared: people type spaces, hyphens and capitals."""
    return "".join(c for c in typed.casefold() if c.isascii() and c.isalnum())


def guessed_first(password: str) -> frozenset[str]:
    """Returns what a guesser would try for this password: the password itself and its parts.

    "Sunshine2024!" is sunshine with the usual end, "qwerty qwerty" is qwerty twice.
    """
    plain = password.casefold()
    found = set[str]()
    for text in (plain, plain.replace(" ", "")):
        core = text.strip(_ENDS)
        found |= {text, core, _repeated(text), _repeated(core)}
    return frozenset(found - {""})


_ENDS = string.digits + string.punctuation + " "


def _repeated(text: str) -> str:
    """Returns the part whose repetition makes the text; the text itself if nothing repeats."""
    return text[: (text + text).find(text, 1)] if text else ""


def weakness(password: str, is_common: Callable[[frozenset[str]], bool], *names: str) -> str | None:
    """Returns why a password is refused: "short", "long", "common", "own_words" or None.

    There are no rules on kinds of characters; the password is never trimmed or changed. `is_common` looks up
    the list of breaches.
    """
    if len(password) < PASSWORD_SHORTEST:
        return "short"
    if len(password) > PASSWORD_LONGEST:
        return "long"
    plain, guesses = password.casefold(), guessed_first(password)
    if len(set(plain)) < 4 or guesses & ALSO_COMMON or is_common(guesses):
        return "common"
    rest = plain
    for word in (*OWN_WORDS, *(part for name in names for part in name.casefold().split() if len(part) > 3)):
        rest = rest.replace(word, "")
    return "own_words" if len(rest) < 6 else None
