"""Rules of sign-ups: places, the waiting list, how long names are kept, and when people may sign in."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

# Names and contact data are deleted this long after the event, or after the planned day if it was called off.
KEPT: Final = timedelta(days=30)
SEATS_MOST: Final = 10_000
# At most this many people can sign up, so that automated sign-ups cannot fill the database.
SIGNUPS_MOST: Final = 3000
# People may sign in this long before the event.
HERE_BEFORE: Final = timedelta(hours=2)


class SignupState(StrEnum):
    COMING = "coming"
    WAITING = "waiting"


def places_left(seats: int | None, coming: int) -> int | None:
    """Returns how many more people may come; None without a limit. Lowering a limit sends no one away."""
    return None if seats is None else max(0, seats - coming)


def may_sign_in(day: date, starts_at: datetime | None, today: date, now: datetime) -> bool:
    """Returns whether people may sign in: from two hours before the event begins until its day is over."""
    if today != day and not (starts_at is not None and now < starts_at + timedelta(hours=12)):
        return False
    return starts_at is None or now >= starts_at - HERE_BEFORE


def doubles(came: Iterable[tuple[int, str, bool]]) -> dict[int, int]:
    """Returns who is likely the same person as someone who came earlier, by their ids.

    `came` are ids, folded names, and whether an organizer said that this is someone else, in the order in
    which they signed up. People who are likely the same count once until an organizer decides.
    """
    first: dict[str, int] = {}
    found = {}
    for key, name, is_namesake in came:
        if name not in first:
            first[name] = key
        elif not is_namesake:
            found[key] = first[name]
    return found
