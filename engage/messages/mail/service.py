"""Says whether this installation sends mail, and tells its admins about the results."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from msgspec import Struct

from engage.config import MailServer
from engage.extensions import db
from engage.messages.models import Mail, MailTest
from engage.messages.rules import MailState


class LastWeek(Struct, frozen=True):
    """The results of last week's mails; `words` are those of the latest failure."""

    sent: int
    failed: int
    unknown: int
    words: str


def standing(now: datetime) -> LastWeek:
    """Reads the results for the whole installation, as counts only."""
    week = Mail.claimed_at >= now - timedelta(days=7)
    counts = sa.select(Mail.state, sa.func.count()).where(week).group_by(Mail.state)
    found = {row[0]: int(row[1]) for row in db.session.execute(counts)}
    words = db.session.scalar(
        sa.select(Mail.words)
        .where(week, Mail.words != "")
        .order_by(Mail.claimed_at.desc(), Mail.id.desc())
        .limit(1)
    )
    unknown = found.get(MailState.UNKNOWN, 0) + found.get(MailState.CLAIMED, 0)
    return LastWeek(found.get(MailState.SENT, 0), found.get(MailState.FAILED, 0), unknown, words or "")


def prune(before: datetime) -> int:
    """Deletes records of mails and test mails from before that time. Returns the number of deleted digests.

    A person's last digest stays, because new things are counted from its time.
    """
    last = sa.select(sa.func.max(Mail.id)).where(Mail.state == MailState.SENT).group_by(Mail.user_id)
    mails = sa.delete(Mail).where(Mail.claimed_at < before, Mail.id.not_in(last))
    tests = sa.delete(MailTest).where(MailTest.asked_at < before)
    db.session.execute(tests.execution_options(synchronize_session=False))
    gone = db.session.execute(mails.execution_options(synchronize_session=False))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def server() -> MailServer | None:
    """Returns the mail server of this installation; None if it sends no mail."""
    found: MailServer | None = current_app.config["MAIL"]
    return found
