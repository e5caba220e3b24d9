"""Rules of accounts: how long a session lives, how tries are slowed, what a password must be."""

from dataclasses import dataclass
from datetime import datetime, timedelta

PASSWORD_SHORTEST = 12
PASSWORD_LONGEST = 128
PASSWORD_LINK_LIFE = timedelta(hours=1)

# A session ends after this long without use, and after this long in any case.
SESSION_IDLE = timedelta(days=14)
SESSION_LIFE = timedelta(days=60)
SEEN_EVERY = timedelta(minutes=10)

# Too common to protect anything; the product's own words are added because people reach for them.
COMMON = frozenset(
    [
        "123456789012",
        "1234567890123",
        "password1234",
        "passwordpassword",
        "qwertyuiopas",
        "qwertyuiop12",
        "letmeinletmein",
        "iloveyou1234",
        "adminadmin12",
        "administrator",
        "welcome12345",
        "changeme1234",
        "abcdefghijkl",
        "aaaaaaaaaaaa",
        "111111111111",
        "000000000000",
        "1q2w3e4r5t6y",
        "qwerty123456",
        "123456qwerty",
        "password123456",
        "monkey123456",
        "dragon123456",
        "football1234",
        "baseball1234",
        "sunshine1234",
        "princess1234",
        "trustno1trustno1",
        "correcthorsebatterystaple",
    ]
)
OWN_WORDS = ("engage", "coalition", "trafficking", "toolkit", "freedom")


def session_is_over(created_at: datetime, last_seen_at: datetime, now: datetime) -> bool:
    """Whether a signed-in browser must sign in again: idle for 14 days, or 60 days old."""
    return now - last_seen_at > SESSION_IDLE or now - created_at > SESSION_LIFE


@dataclass(frozen=True, slots=True)
class Bucket:
    """Tries that refill with time: `capacity` at once, one more every `refill`."""

    capacity: float
    refill: timedelta

    def filled(self, tokens: float, updated_at: datetime, now: datetime) -> float:
        """What is in the bucket now; a clock that went back adds nothing."""
        gained = max((now - updated_at) / self.refill, 0.0)
        return min(self.capacity, tokens + gained)

    def wait(self, tokens: float) -> timedelta:
        """How long until there is one try."""
        return self.refill * max(1.0 - tokens, 0.0)

    @property
    def full_after(self) -> timedelta:
        """Untouched for this long it is full again, whatever was in it."""
        return self.refill * self.capacity


# Slows guessing at one account to one try a minute; never locks it for good.
PER_ACCOUNT = Bucket(capacity=10, refill=timedelta(minutes=1))
# Counts failures only: forty phones share a church's address, 200 failures an hour do not.
PER_ADDRESS = Bucket(capacity=200, refill=timedelta(hours=1) / 200)


def weakness(password: str, *names: str) -> str | None:
    """Why a password is refused: "short", "long", "common", "own_words" or None.

    No rules on kinds of characters; the password is never trimmed or changed.
    """
    if len(password) < PASSWORD_SHORTEST:
        return "short"
    if len(password) > PASSWORD_LONGEST:
        return "long"
    plain = password.casefold()
    if plain in COMMON or len(set(plain)) < 4:
        return "common"
    rest = plain
    for word in (*OWN_WORDS, *(part for name in names for part in name.casefold().split() if len(part) > 3)):
        rest = rest.replace(word, "")
    return "own_words" if len(rest) < 6 else None
