"""Rules of sign-ups: places, the waiting list, how long names are kept, and when one may sign in."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

# Names and contacts go so long after the event, or after the planned day of one that was called off.
KEPT: Final = timedelta(days=30)
SEATS_MOST: Final = 10_000
# The one mail about an address is tried so often.
MAIL_TRIES: Final = 3
# More than these no one reads; a flood ends here.
SIGNUPS_MOST: Final = 3000
# Who comes early signs in.
HERE_BEFORE: Final = timedelta(hours=2)


class SignupState(StrEnum):
    COMING = "coming"
    WAITING = "waiting"


class MailState(StrEnum):
    """What became of the one mail that asks whether an address is right."""

    NONE = "none"
    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"


def places_left(seats: int | None, coming: int) -> int | None:
    """Returns how many may still come; None without a limit. A limit that was lowered sends no one away."""
    return None if seats is None else max(0, seats - coming)


def may_sign_in(day: date, starts_at: datetime | None, today: date, now: datetime) -> bool:
    """Returns whether people may sign in: from two hours before it begins until its day is over."""
    if today != day and not (starts_at is not None and now < starts_at + timedelta(hours=12)):
        return False
    return starts_at is None or now >= starts_at - HERE_BEFORE
