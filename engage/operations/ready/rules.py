"""Says when a part of the site's work counts as done. It names no one and quotes nothing."""

from datetime import datetime, timedelta

from msgspec import Struct

from engage.operations.rules import BACKUP_AGE

# The day's work is done once a day, and a day may begin late.
DAILY_AGE = timedelta(days=2)
# Mail that has waited for longer than two runs of the hourly job does not go out.
WAITS_MOST = timedelta(hours=2)
# Failures of the last days count, unless some mail went out then: an address may be wrong.
MAIL_LOOKED_AT = timedelta(days=2)


class Written(Struct, frozen=True):
    """Whether a change reaches the database's disk."""

    ok: bool


class MailGoesOut(Struct, frozen=True):
    """Mail of the last days; `waiting` are letters that should have gone out by now."""

    on: bool
    sent: int = 0
    failed: int = 0
    waiting: int = 0
    ok: bool = True


class Last(Struct, frozen=True):
    """When a job was last done, if ever."""

    at: datetime | None
    ok: bool


class Readiness(Struct, frozen=True):
    """The whole answer; `ready` says whether each part is ok."""

    ready: bool
    write: Written
    mail: MailGoesOut
    backup: Last
    daily: Last


def mail_of(sent: int, failed: int, waiting: int) -> MailGoesOut:
    return MailGoesOut(True, sent, failed, waiting, ok=not waiting and not (failed and not sent))


def backup_of(at: datetime | None, first_account: datetime | None, now: datetime) -> Last:
    """Before the first backup, a new installation has as long as a later one."""
    since = at or first_account or now
    return Last(at, ok=timedelta() <= now - since <= BACKUP_AGE)


def daily_of(at: datetime | None, now: datetime) -> Last:
    """The server does the day's work when it starts, so that even a new one has done it."""
    return Last(at, ok=at is not None and timedelta() <= now - at <= DAILY_AGE)


def together(write: Written, mail: MailGoesOut, backup: Last, daily: Last) -> Readiness:
    return Readiness(write.ok and mail.ok and backup.ok and daily.ok, write, mail, backup, daily)
