"""Rules of replies: until when people may answer, and when a reminder is due."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from engage.clock import local_day
from engage.meetings.rules import Coming, Mode

# The reminder is sent in the morning of the day before, in the coalition's time zone.
REMIND_AT = time(8)
# If the server refuses the address, the reminder is tried at most this often.
TRIES_MOST = 3


def may_reply(starts_at: datetime, minutes: int, closed_at: datetime | None, now: datetime) -> bool:
    """Returns whether people may still answer: until the meeting's planned end, or until it is closed."""
    return closed_at is None and now < starts_at + timedelta(minutes=minutes)


def offered(*, has_link: bool) -> tuple[Coming, ...]:
    """Returns the answers in the order of their buttons; *online* only if the meeting has an online link."""
    return tuple(each for each in Coming if each is not Coming.ONLINE or has_link)


def remind_at(starts_at: datetime, time_zone: str) -> datetime:
    """Returns the moment from which the reminder is due."""
    day = local_day(starts_at, time_zone) - timedelta(days=1)
    return datetime.combine(day, REMIND_AT, ZoneInfo(time_zone))


def is_due(starts_at: datetime, time_zone: str, answered_at: datetime, tries: int, now: datetime) -> bool:
    """Returns whether to send the reminder now. It is never sent to someone who answered after it was due."""
    due = remind_at(starts_at, time_zone)
    return tries < TRIES_MOST and answered_at < due <= now < starts_at


class Said(Struct, frozen=True):
    """One person's answer; `is_old` means that the meeting was moved since."""

    person_id: int
    answer: Coming
    wants_reminder: bool
    is_old: bool
    name: str


class ReplyTally(Struct, frozen=True):
    """The number of people by answer, and the number of invited people who have not answered."""

    numbers: dict[Coming, int]
    old: int
    silent: int


def tally(said: Iterable[Said], invited: int) -> ReplyTally:
    """Counts the answers; `invited` is the number of people who may come."""
    rows = list(said)
    numbers = {answer: sum(row.answer is answer for row in rows) for answer in Coming}
    return ReplyTally(numbers, sum(row.is_old for row in rows), max(0, invited - len(rows)))


# The attendance sheet may start with people's answers: each becomes this mark.
AS_ATTENDANCE = {Coming.YES: Mode.HERE, Coming.ONLINE: Mode.ONLINE}
