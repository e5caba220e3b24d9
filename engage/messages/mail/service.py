"""Shows the installation's admins the results of its mail, and deletes old records."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from msgspec import Struct

from engage.extensions import db
from engage.messages.models import ApprovalMail, Mail, MailTest
from engage.messages.rules import MailState


class LastWeek(Struct, frozen=True):
    """The results of last week's mail; `words` is the server's answer to the latest failure."""

    sent: int
    failed: int
    unknown: int
    words: str


def last_week(now: datetime) -> LastWeek:
    """Returns the results of the whole installation, as counts only."""
    week = Mail.claimed_at >= now - timedelta(days=7)
    counts = sa.select(Mail.state, sa.func.count().label("number")).where(week).group_by(Mail.state)
    found = {row.state: int(row.number) for row in db.session.execute(counts)}
    words = db.session.scalar(
        sa.select(Mail.words)
        .where(week, Mail.words != "")
        .order_by(Mail.claimed_at.desc(), Mail.id.desc())
        .limit(1)
    )
    unknown = found.get(MailState.UNKNOWN, 0) + found.get(MailState.CLAIMED, 0)
    return LastWeek(found.get(MailState.SENT, 0), found.get(MailState.FAILED, 0), unknown, words or "")


def prune(before: datetime) -> int:
    """Deletes older records of mails, tests, and mails about approvals. Returns the number of deleted digests.

    A person's last digest stays, because the next one lists what is new since then.
    """
    last = sa.select(sa.func.max(Mail.id)).where(Mail.state == MailState.SENT).group_by(Mail.user_id)
    mails = sa.delete(Mail).where(Mail.claimed_at < before, Mail.id.not_in(last))
    tests = sa.delete(MailTest).where(MailTest.asked_at < before)
    approvals = sa.delete(ApprovalMail).where(ApprovalMail.queued_at < before)
    for rows in (tests, approvals):
        db.session.execute(rows.execution_options(synchronize_session=False))
    gone = db.session.execute(mails.execution_options(synchronize_session=False))
    return int(gone.rowcount)  # type: ignore[attr-defined]
