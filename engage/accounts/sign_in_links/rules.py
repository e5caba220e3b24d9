"""Rules of links to sign in: how long one works, how many wrong codes it takes, how an address is masked."""

from datetime import datetime, timedelta
from enum import StrEnum

LINK_WORKS = timedelta(minutes=10)
# A clock that is set right by less than this does not end a link.
SLIP = timedelta(minutes=1)
WRONG_CODES_MOST = 5
DIGITS = 6


class Typed(StrEnum):
    """The outcomes of typing a code that did not sign anyone in."""

    WRONG = "wrong"
    OVER = "over"


def still_works(asked_at: datetime, now: datetime) -> bool:
    """Returns whether a link asked for at that time works; one from the future was asked for with a wrong clock."""
    return -SLIP <= now - asked_at < LINK_WORKS


def six_digits(mac: str) -> str:
    """Returns the code that a keyed hash stands for, written in hexadecimal digits."""
    return f"{int(mac, 16) % 10**DIGITS:0{DIGITS}d}"


def masked(address: str) -> str:
    """Returns an e-mail address that only its owner recognizes, such as "r…@e….org"."""
    name, _at, host = address.rpartition("@")
    labels = host.split(".")
    return f"{name[:1]}…@{host[:1]}….{labels[-1]}"
