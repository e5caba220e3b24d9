"""What is late, what is for this week, what is new; when a digest is due; when a test of mail is over."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, Protocol, TypeVar

# Today and the six days after it: on a Friday, too, the Monday is seen.
WEEK_DAYS = 7
# Whoever never looked, or not for long, is not shown all that ever happened.
NEW_DAYS = 30
CALENDAR_PAST_DAYS = 31
# Dates of what repeats are in it so far ahead: one that comes each year is among them.
CALENDAR_AHEAD_DAYS = 366


class Dated(Protocol):
    """What the lists are made of; `key` says what it is, "" for what is never new."""

    @property
    def due_on(self) -> date | None: ...

    @property
    def key(self) -> str: ...


Thing = TypeVar("Thing", bound=Dated)


@dataclass(frozen=True, slots=True)
class Lists(Generic[Thing]):
    """Each thing stands in one of them: late and this week say more than new."""

    late: list[Thing]
    this_week: list[Thing]
    new: list[Thing]
    later: list[Thing]

    @property
    def is_empty(self) -> bool:
        return not (self.late or self.this_week or self.new or self.later)


def lists(things: Iterable[Thing], new: Collection[str], today: date) -> Lists[Thing]:
    """Late and this week by their days, the others as they come."""
    found: Lists[Thing] = Lists([], [], [], [])
    ends = today + timedelta(days=WEEK_DAYS)
    for thing in things:
        if thing.due_on is not None and thing.due_on < today:
            found.late.append(thing)
        elif thing.due_on is not None and thing.due_on < ends:
            found.this_week.append(thing)
        else:
            (found.new if thing.key in new else found.later).append(thing)
    for dated in (found.late, found.this_week):
        dated.sort(key=lambda thing: thing.due_on or today)
    return found


def new_since(looked_at: datetime | None, here_since: datetime, now: datetime) -> datetime:
    """From when on something is new for a person: the last look, else since they are here; a month back at most."""
    return max(looked_at or here_since, now - timedelta(days=NEW_DAYS))
