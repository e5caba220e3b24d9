"""Finds out whether the site does its work; to know whether it can write, it writes."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from engage.accounts.models import Throttle, User
from engage.accounts.rules import LetterState
from engage.database import insert, short_transaction
from engage.extensions import db, mail_server
from engage.messages.letters.models import LetterTo
from engage.messages.letters.rules import Way
from engage.messages.models import Mail
from engage.messages.rules import MailState
from engage.operations.models import Run
from engage.operations.ready import rules
from engage.operations.rules import RunKind

# This row is like those of tries, which the day's work removes when they are old.
_ROW = "ready"


def readiness(now: datetime) -> rules.Readiness:
    """Raises SQLAlchemyError if the database does not answer."""
    written = rules.Written(_writes(now))
    runs = {row.kind: row.ended_at for row in db.session.execute(sa.select(Run.kind, Run.ended_at))}
    first = db.session.scalar(sa.select(sa.func.min(User.created_at)))
    return rules.together(
        written,
        _mail(now),
        rules.backup_of(runs.get(RunKind.BACKUP), first, now),
        rules.daily_of(runs.get(RunKind.TICK), now),
    )


def _writes(now: datetime) -> bool:
    """Changes a row in a transaction of its own, as a person's press would. It waits as long as a press, too."""
    row = insert(Throttle, db.engine.dialect.name).values(key=_ROW, tokens=0, updated_at=now)
    changed = row.on_conflict_do_update(index_elements=["key"], set_={"updated_at": now})
    try:
        with short_transaction(db.engine) as session:
            session.execute(changed)
    except SQLAlchemyError:
        return False
    return True


def _mail(now: datetime) -> rules.MailGoesOut:
    if mail_server() is None:
        return rules.MailGoesOut(on=False)
    recent = (
        sa.select(Mail.state, sa.func.count().label("number"))
        .where(Mail.claimed_at > now - rules.MAIL_LOOKED_AT)
        .group_by(Mail.state)
    )
    mails = {row.state: int(row.number) for row in db.session.execute(recent)}
    waiting = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(LetterTo)
        .where(
            LetterTo.way == Way.MAIL,
            LetterTo.state == LetterState.WAITING,
            LetterTo.queued_at < now - rules.WAITS_MOST,
        )
    )
    return rules.mail_of(mails.get(MailState.SENT, 0), mails.get(MailState.FAILED, 0), int(waiting or 0))
