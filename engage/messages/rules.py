"""Rules of messages: what is late, due this week or new; when a digest is due; when a test mail has ended."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

# A week is today and the next six days, so that on a Friday the list includes Monday.
WEEK_DAYS = 7
# For a person who has not looked for a long time, only things of this many days are new.
NEW_DAYS = 30


class Dated(Protocol):
    """An item of the lists; `key` identifies it, "" if it is never shown as new. `comes_first` heads its list."""

    @property
    def due_on(self) -> date | None: ...

    @property
    def key(self) -> str: ...

    @property
    def comes_first(self) -> bool: ...


Thing = TypeVar("Thing", bound=Dated)


class Lists(Struct, Generic[Thing], frozen=True):
    """Four lists; each item is in one of them. Being late or due this week outranks being new."""

    late: list[Thing]
    this_week: list[Thing]
    new: list[Thing]
    later: list[Thing]

    @property
    def is_empty(self) -> bool:
        return not (self.late or self.this_week or self.new or self.later)


def lists(things: Iterable[Thing], new: Collection[str], today: date) -> Lists[Thing]:
    """Returns the four lists, each by due date. Items without a due date are sorted as if due today."""
    found: Lists[Thing] = Lists([], [], [], [])
    ends = today + timedelta(days=WEEK_DAYS)
    for thing in things:
        if thing.due_on is not None and thing.due_on < today:
            found.late.append(thing)
        elif thing.due_on is not None and thing.due_on < ends:
            found.this_week.append(thing)
        else:
            (found.new if thing.key in new else found.later).append(thing)
    for each in (found.late, found.this_week, found.new, found.later):
        each.sort(key=lambda thing: (not thing.comes_first, thing.due_on or today))
    return found


def new_since(looked_at: datetime | None, here_since: datetime, now: datetime) -> datetime:
    """Returns the time since when things are new: the last look, or joining, but at most a month ago."""
    return max(looked_at or here_since, now - timedelta(days=NEW_DAYS))


# -- the digest


class Frequency(StrEnum):
    """How often a person gets the digest; the default is never."""

    OFF = "off"
    DAILY = "daily"
    WEEKLY = "weekly"


class MailState(StrEnum):
    """The states of a digest's row."""

    # A run claimed the mail and may have crashed while sending it; the mail is never sent again.
    CLAIMED = "claimed"
    SENT = "sent"
    # The mail failed before the server got it, so the next run tries again.
    FAILED = "failed"
    # The server stopped answering after it got the mail, which may have been sent, so it is not sent again.
    UNKNOWN = "unknown"


# What is late for longer brings a digest only on Mondays, because no one reads the same line every day.
OLD_DAYS = 30


def is_worth_a_mail(frequency: Frequency, found: Lists[Thing], today: date) -> bool:
    """Returns whether these lists justify a mail on this day."""
    if found.this_week or found.new:
        return True
    weekly = frequency is Frequency.WEEKLY or today == week_of(today)
    since = date.min if weekly else today - timedelta(days=OLD_DAYS)
    return any(thing.due_on is not None and thing.due_on >= since for thing in found.late)


# `engage remind` runs every hour, but digests are sent only from this hour of the day on.
FIRST_HOUR = 6

# A mail that the server refuses is tried at most this often; a digest, this often a day.
TRIES_MOST = 3


class PastMail(Struct, frozen=True):
    """A digest of this week."""

    day: date
    state: MailState
    tries: int

    @property
    def may_be_sent_again(self) -> bool:
        return self.state is MailState.FAILED and self.tries < TRIES_MOST


def week_of(day: date) -> date:
    """Returns the Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def is_due(frequency: Frequency, today: date, past: Iterable[PastMail], wanted_on: date) -> bool:
    """Returns whether a digest is due.

    Daily means once a day; weekly means once a week, on Monday or, if that was missed, later. The first
    weekly digest is due on the first Monday from `wanted_on` on. A failed digest is tried again a few times a
    day.
    """
    mails = list(past)
    of_today = next((mail for mail in mails if mail.day == today), None)
    if frequency is Frequency.OFF or (of_today is not None and not of_today.may_be_sent_again):
        return False
    if frequency is Frequency.DAILY:
        return True
    if week_of(today) < wanted_on:
        return False
    return not any(mail.day >= week_of(today) and mail.state is not MailState.FAILED for mail in mails)


# -- the test mail

TRIAL_SECONDS = 60
TRIAL_AGAIN_SECONDS = 10
# The wait after a test that was sent: no one has confirmed the address, so it must not be flooded.
TRIAL_SENT_SECONDS = 600


class TrialState(StrEnum):
    """The states of a test mail."""

    RUNNING = "running"
    SENT = "sent"
    FAILED = "failed"
    # No result within a minute: the process stopped, or still waits.
    NO_ANSWER = "no_answer"


def state_of_test(asked_at: datetime, finished_at: datetime | None, words: str, now: datetime) -> TrialState:
    """Returns the state, derived from times, so that a test whose thread died does not run forever."""
    if finished_at is not None:
        return TrialState.FAILED if words else TrialState.SENT
    return TrialState.RUNNING if now - asked_at < timedelta(seconds=TRIAL_SECONDS) else TrialState.NO_ANSWER


def may_test_again(asked_at: datetime, finished_at: datetime | None, words: str, now: datetime) -> bool:
    """Returns whether another test may start: not while one runs, and not within a while after the last one."""
    state = state_of_test(asked_at, finished_at, words, now)
    if state is TrialState.RUNNING:
        return False
    wait = TRIAL_SENT_SECONDS if state is TrialState.SENT else TRIAL_AGAIN_SECONDS
    return now - asked_at >= timedelta(seconds=wait)
