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
# If the password was given longer ago than this, a sensitive change asks for it again.
RECENTLY = timedelta(minutes=10)
# A time further ahead than this was written while the clock was wrong.
CLOCK_SLIP = timedelta(hours=1)


# These passwords are common, although the list of leaked passwords (`common_passwords`) lacks them. People
# also use words of the product.
ALSO_COMMON = frozenset(["qwertyuiopas", "correcthorsebatterystaple", "abcdefghijkl", "123456789012"])
OWN_WORDS = ("engage", "coalition", "trafficking", "toolkit", "freedom")


def session_is_over(created_at: datetime, last_seen_at: datetime, now: datetime, limits: Limits) -> bool:
    """Returns whether a signed-in browser must sign in again.

    A session that began in the future was made while the clock was wrong and would last too long. It is over,
    and the person can sign in again at once.
    """
    return now - last_seen_at > limits.idle or now - created_at > limits.life or created_at - now > CLOCK_SLIP


def is_to_be_noted(last_seen_at: datetime, now: datetime) -> bool:
    """Returns whether to record that the session was used; also true if a wrong clock recorded a time in the future."""
    return abs(now - last_seen_at) > SEEN_EVERY


def was_recently(proved_at: datetime | None, now: datetime) -> bool:
    """Returns whether a password given at that time still counts; a time in the future does not."""
    return proved_at is not None and timedelta() <= now - proved_at <= RECENTLY


class Bucket(Struct, frozen=True):
    """A bucket of tries that refills with time: it holds `capacity` tries, and gets one more every `refill`."""

    capacity: float
    refill: timedelta

    def filled(self, tokens: float, updated_at: datetime, now: datetime) -> float:
        """Returns the number of tries in the bucket now; a clock that was set back adds none."""
        gained = max((now - updated_at) / self.refill, 0.0)
        return min(self.capacity, tokens + gained)

    def wait(self, tokens: float) -> timedelta:
        """Returns how long it takes until the bucket holds one try."""
        return self.refill * max(1.0 - tokens, 0.0)

    @property
    def full_after(self) -> timedelta:
        """Returns the time after which an empty bucket is full again."""
        return self.refill * self.capacity


class Dear(StrEnum):
    """The kinds of costly requests: searches, files of lists, PDF and zip reports, and links that give access."""

    SEARCH = "search"
    TABLE = "table"
    PAPER = "paper"
    LINK = "link"


# How many requests are allowed at once and in each minute: more than anyone makes by hand, fewer than a
# program in a loop.
PACES = {
    Dear.SEARCH: Bucket(capacity=120, refill=timedelta(seconds=0.5)),
    Dear.TABLE: Bucket(capacity=40, refill=timedelta(seconds=1.5)),
    Dear.PAPER: Bucket(capacity=20, refill=timedelta(seconds=3)),
    Dear.LINK: Bucket(capacity=60, refill=timedelta(seconds=1)),
}
# Guesses at one account are limited to one a minute; the account is never locked for good.
PER_ACCOUNT = Bucket(capacity=10, refill=timedelta(minutes=1))
# There are a million codes of two-step sign-in. Someone who has the password gets about a hundred tries a
# day.
PER_CODE = Bucket(capacity=10, refill=timedelta(minutes=15))
# Counts tried e-mail addresses that belong to others, because the response may reveal that such an account
# exists.
PER_GUESS = Bucket(capacity=10, refill=timedelta(minutes=6))
# One e-mail address gets at most this many password links, whoever asks for them.
PER_MAILED_LINK = Bucket(capacity=3, refill=timedelta(minutes=20))
# One e-mail address gets at most this many links to sign in from browsers that are new to it, and as many from
# each browser in which the person signed in before.
PER_SIGN_IN_LINK = Bucket(capacity=5, refill=timedelta(minutes=20))
# How many links may be requested from one network address: enough for an evening meeting of a coalition, too
# few to try a list of addresses.
PER_ASKER = Bucket(capacity=30, refill=timedelta(minutes=2))
# How many mails may ask people who signed up to confirm their address, for one event and for all events of
# one coalition: enough for the evening on which an event is announced. Anyone can enter anyone's address
# there.
PER_EVENT_MAIL = Bucket(capacity=30, refill=timedelta(minutes=2))
PER_COALITION_MAIL = Bucket(capacity=60, refill=timedelta(minutes=1))
# How many people may sign up, or sign in at an event's entrance, from one network address: enough for a full
# hall, too few for a flood.
PER_SIGNUP = Bucket(capacity=300, refill=timedelta(seconds=12))
# Counts failures only. Forty phones may share one network address, as in a church, but not 200 failures an
# hour.
PER_ADDRESS = Bucket(capacity=200, refill=timedelta(hours=1) / 200)


class Spent(StrEnum):
    """The outcomes of giving a code for two-step sign-in."""

    CODE = "code"
    RECOVERY_CODE = "recovery_code"
    USED_BEFORE = "used_before"
    WRONG = "wrong"


class NoticeKind(StrEnum):
    """The kinds of events of which an account's person is notified."""

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
    # These notify others in a coalition of what an admin did.
    LINK_FOR_SOMEONE = "link_for_someone"
    SECOND_FACTOR_OFF_FOR_SOMEONE = "second_factor_off_for_someone"
    COORDINATOR_LINK = "coordinator_link"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    PASSWORD_REMOVED = "password_removed"  # noqa: S105
    # These two, too, exist only as mails: the link to sign in, and the one that connects a provider's account.
    SIGN_IN_LINK = "sign_in_link"
    PROVIDER_ASKED = "provider_asked"
    PROVIDER_TIED = "provider_tied"
    PROVIDER_UNTIED = "provider_untied"


MAILS_ALONE = frozenset(
    {NoticeKind.CONFIRM_EMAIL, NoticeKind.LINK_ASKED, NoticeKind.SIGN_IN_LINK, NoticeKind.PROVIDER_ASKED}
)
ABOUT_OTHERS = frozenset(
    {
        NoticeKind.LINK_FOR_SOMEONE,
        NoticeKind.SECOND_FACTOR_OFF_FOR_SOMEONE,
        NoticeKind.COORDINATOR_LINK,
    }
)


def is_own_way(user_id: int, made_by_id: int | None, *, is_mailed: bool, mail_is_own: bool) -> bool:
    """Returns whether only the person could get this password link: requested by mail, or made by themselves.

    A link from the command on the server has no maker, and was not mailed. An address that was changed after
    someone else got access may be that other person's, so a mail to it proves nothing.
    """
    return mail_is_own if is_mailed else made_by_id == user_id


class LetterState(StrEnum):
    """The states of a single mail: about a notice or an approval, or one that asks to confirm an address."""

    NONE = "none"
    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"


RECOVERY_CODES = 10
STEP_SECONDS = 30
# How long a person may take to enter the code after the right password.
CODE_WAITS = timedelta(minutes=10)


def step_of(moment: datetime) -> int:
    """Returns the number of the current 30-second step (RFC 6238)."""
    return int(moment.timestamp()) // STEP_SECONDS


def steps_around(step: int, distance: int) -> Iterator[int]:
    """Yields this step, then the steps before and after it, nearest first."""
    yield step
    for away in range(1, distance + 1):
        yield step - away
        yield step + away


def plain_code(typed: str) -> str:
    """Returns a typed code in the form in which codes are compared: without spaces, hyphens and capitals."""
    return "".join(c for c in typed.casefold() if c.isascii() and c.isalnum())


def guessed_first(password: str) -> frozenset[str]:
    """Returns what an attacker would try early for this password: the password itself and its parts.

    "Sunshine2024!" is sunshine with a usual ending, "qwerty qwerty" is qwerty twice.
    """
    plain = password.casefold()
    found = set[str]()
    for text in (plain, plain.replace(" ", "")):
        core = text.strip(_ENDS)
        found |= {text, core, _repeated(text), _repeated(core)}
    return frozenset(found - {""})


_ENDS = string.digits + string.punctuation + " "


def _repeated(text: str) -> str:
    """Returns the shortest part that makes the text when repeated; the text itself if nothing repeats."""
    return text[: (text + text).find(text, 1)] if text else ""


def weakness(password: str, is_common: Callable[[frozenset[str]], bool], *names: str) -> str | None:
    """Returns why a password is refused: "short", "long", "common", "own_words", or None if it is accepted.

    There are no rules about kinds of characters; the password is never trimmed or changed. `is_common` looks
    it up in the list of leaked passwords.
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


class Browser(Struct, frozen=True):
    """A browser such as "Firefox" on "Windows"; a field is empty if the User-Agent header does not name it."""

    name: str = ""
    system: str = ""


# The order matters: most of these browsers also name those further down the list.
_NAMES = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def browser_of(user_agent: str) -> Browser:
    """Returns the browser that the User-Agent header names; the header itself is never stored."""

    def first(words: tuple[tuple[str, str], ...]) -> str:
        return next((name for word, name in words if word in user_agent), "")

    return Browser(first(_NAMES), first(_SYSTEMS))
