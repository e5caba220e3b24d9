"""Rules of meetings: their kinds and states, the sources of agenda lines, and their outcomes."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct


class MeetingKind(StrEnum):
    FIRST = "first"
    PLANNING_SESSION = "planning_session"
    GENERAL = "general"
    CORE_TEAM = "core_team"
    WORKGROUP = "workgroup"


class MeetingState(StrEnum):
    """The states, derived from times: planned until the start, then open for recording, then closed."""

    PLANNED = "planned"
    STARTED = "started"
    CLOSED = "closed"


class Source(StrEnum):
    """Where a line of an agenda came from."""

    HAND = "hand"
    TEMPLATE = "template"
    GAP = "gap"
    DISCUSSION = "talk"
    DISAGREEMENT = "disagreement"
    LATE_ACTION = "late_action"
    STUCK_ACTION = "stuck_action"
    AGREEMENT = "agreement"
    MISSING_SECTOR = "missing_sector"
    DECISION = "decision"
    CARRIED_OVER = "carried_over"
    TIP = "tip"


class Outcome(StrEnum):
    """The outcomes of a line of an agenda."""

    OPEN = "open"
    DONE = "done"
    NOT_REACHED = "not_reached"
    DROPPED = "dropped"


class Mode(StrEnum):
    HERE = "here"
    ONLINE = "online"
    EXCUSED = "excused"


class Coming(StrEnum):
    """A person's answer before a meeting."""

    YES = "yes"
    ONLINE = "online"
    PERHAPS = "perhaps"
    NO = "no"


def meeting_state(starts_at: datetime, closed_at: datetime | None, now: datetime) -> MeetingState:
    if closed_at is not None:
        return MeetingState.CLOSED
    return MeetingState.PLANNED if now < starts_at else MeetingState.STARTED


# Signing in starts this long before the meeting: some come early, but no one the day before.
COMES_EARLY = timedelta(hours=2)
# Some press the button on their way home, but much later it would be a mistake.
COMES_LATE = timedelta(days=1)


def may_sign_in(starts_at: datetime, closed_at: datetime | None, now: datetime) -> bool:
    """Returns whether people may sign in now: from two hours before it starts to a day after, unless it is closed."""
    return closed_at is None and starts_at - COMES_EARLY <= now <= starts_at + COMES_LATE


# The person who writes the minutes prepares them from the day before on.
WRITES_EARLY = timedelta(days=1)


def may_write_minutes(starts_at: datetime, now: datetime) -> bool:
    """Returns whether minutes may be written and read: from the day before the meeting on."""
    return now >= starts_at - WRITES_EARLY


def is_due(review_on: date | None, today: date) -> bool:
    """Returns whether a decision is due for review."""
    return review_on is not None and review_on <= today


class AttendanceChange(Struct, frozen=True):
    """A change on an attendance sheet: the mark when the page was opened, and the mark now."""

    was: Mode | None
    now: Mode | None


def collisions(changes: Mapping[str, AttendanceChange], saved: Mapping[str, Mode | None]) -> list[str]:
    """Returns the keys of marks that someone else has changed since the page was opened."""
    return [
        key
        for key, change in changes.items()
        if saved.get(key) is not change.was and saved.get(key) is not change.now
    ]


def at_closing(outcome: Outcome, *, is_noted: bool) -> Outcome:
    """Returns a line's outcome when the meeting closes. An open line is done if anything was recorded."""
    if outcome is not Outcome.OPEN:
        return outcome
    return Outcome.DONE if is_noted else Outcome.NOT_REACHED


class HeldSession(Struct, frozen=True):
    """A closed planning session: its day, the sectors of the people who came, and its number of decisions."""

    starts_at: datetime
    sectors: frozenset[str]
    decisions: int
