"""Sends the digests that are due, for `engage remind`. It may run at any time, even twice at once.

A mail is claimed before it is sent, with a row for the person and the day that the database accepts only
once. The run that inserted it sends the mail outside any transaction, and records the result. A crash in
between leaves the row claimed, and that day's mail is never sent, because two mails are worse than none.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app
from msgspec import Struct, field
from sqlalchemy.exc import IntegrityError

from engage import clock
from engage.accounts.models import User
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.queries import active
from engage.config import MailServer
from engage.database import short_transaction
from engage.extensions import db
from engage.languages import first_known
from engage.messages.digest import pages as digest_pages
from engage.messages.digest import service as digest_service
from engage.messages.digest.pages import Reader
from engage.messages.mail.post import NoServer, NotSent, Post, Unknown
from engage.messages.models import Mail, MailSetting
from engage.messages.rules import FIRST_HOUR, Frequency, MailState, PastMail, is_due, week_of
from engage.web.answers import trace_of

KEPT_DAYS = 90
KEPT_EACH = 10


class Sent(Struct):
    """The result of a run; `words` are the server's, each of them once, without addresses."""

    due: int = 0
    sent: int = 0
    nothing_to_say: int = 0
    failed: int = 0
    unknown: int = 0
    words: list[str] = field(default_factory=list)

    def note(self, words: str) -> None:
        if words not in self.words:
            self.words.append(words)


class _Due(Struct, frozen=True):
    reader: Reader
    day: date


def run(server: MailServer, *, dry: bool = False) -> Sent:
    """Sends everything that is due now. With `dry` it only counts: nothing is claimed or sent."""
    done = Sent()
    with Post(server, digest_pages.hello()) as post:
        for due in _due():
            done.due += 1
            try:
                message = _mail(due.reader, server)
            except Exception as error:  # whatever fails for one person, the others get theirs
                current_app.logger.error("a digest could not be made:\n%s", "\n".join(trace_of(error)))
                done.failed += 1
                done.note(type(error).__name__)
                continue
            if message is None:
                done.nothing_to_say += 1
            elif dry or (claimed := _claim(due)) is None:
                continue
            elif not _sent(post, message, due.reader.address, claimed, done):
                break
    if not dry:
        _forget()
    return done


def _mail(reader: Reader, server: MailServer) -> EmailMessage | None:
    """Returns the mail; None if it would be empty."""
    made = digest_pages.compose(reader, clock.now())
    return digest_pages.mail(made, reader, server, clock.now()) if made is not None else None


def _sent(post: Post, message: EmailMessage, address: str, claimed: int, done: Sent) -> bool:
    """Sends one mail and records the result.

    Returns False if the server no longer answers; then the other mails wait for the next run.
    """
    try:
        post.send(message, address)
    except NotSent as error:
        words = error.words.replace(address, "…")
        done.note(words)
        is_unknown = isinstance(error, Unknown)
        if is_unknown:
            done.unknown += 1
        else:
            done.failed += 1
        _settle(claimed, MailState.UNKNOWN if is_unknown else MailState.FAILED, words)
        return not isinstance(error, Unknown | NoServer)
    done.sent += 1
    _settle(claimed, MailState.SENT, "")
    return True


def _due() -> Iterator[_Due]:
    """Yields each person whose digest is due; no transaction is open in between."""
    for user_id in _subscribers():
        due = _due_of(user_id)
        if due is not None:
            yield due


def _subscribers() -> list[int]:
    rows = sa.select(MailSetting.user_id).where(MailSetting.frequency != Frequency.OFF)
    with short_transaction(db.engine) as session:
        return list(session.scalars(rows.order_by(MailSetting.user_id)))


def _due_of(user_id: int) -> _Due | None:
    """Returns what is due. It is read again for each person, who may have ended it while other mails were sent."""
    with short_transaction(db.engine) as session:
        setting = session.execute(
            sa.select(
                User.email,
                MailSetting.frequency,
                User.language,
                MailSetting.nonce,
                MailSetting.changed_at,
            )
            .join(User, User.id == MailSetting.user_id)
            .where(MailSetting.user_id == user_id, User.disabled_at.is_(None))
        ).one_or_none()
        place = session.execute(
            sa.select(Coalition.time_zone, Coalition.language)
            .join(Membership, Membership.coalition_id == Coalition.id)
            .where(Membership.user_id == user_id, *active())
            .order_by(Membership.id)
            .limit(1)
        ).one_or_none()
        if setting is None or place is None:
            return None
        zone = place.time_zone
        if clock.now().astimezone(ZoneInfo(zone)).hour < FIRST_HOUR:
            return None
        today = clock.today(zone)
        rows = sa.select(Mail.day, Mail.state, Mail.tries).where(
            Mail.user_id == user_id, Mail.day >= week_of(today)
        )
        past = [PastMail(*row) for row in session.execute(rows)]
        wanted_on = clock.local_day(setting.changed_at, zone)
        if not is_due(setting.frequency, today, past, wanted_on):
            return None
        told_at = session.scalar(
            sa.select(sa.func.max(Mail.claimed_at)).where(
                Mail.user_id == user_id, Mail.state == MailState.SENT
            )
        )
        language = first_known(setting.language, place.language)
        reader = Reader(user_id, setting.email, setting.frequency, language, setting.nonce, told_at)
        return _Due(reader, today)


def _claim(due: _Due) -> int | None:
    """Returns the row's id; None if another run has it. The claim is committed before anything is sent."""
    now = clock.now()
    try:
        with short_transaction(db.engine) as session:
            row = Mail(user_id=due.reader.user_id, day=due.day, state=MailState.CLAIMED, claimed_at=now)
            session.add(row)
            session.flush()
            session.execute(digest_service.renewed(due.reader.user_id, due.reader.nonce))
            return row.id
    except IntegrityError:
        return _claim_again(due, now)


def _claim_again(due: _Due, now: datetime) -> int | None:
    """Claims a digest that failed today for this run alone; the same statement compares the state."""
    again = (
        sa.update(Mail)
        .where(Mail.user_id == due.reader.user_id, Mail.day == due.day, Mail.state == MailState.FAILED)
        .values(state=MailState.CLAIMED, tries=Mail.tries + 1, claimed_at=now, words="")
        .returning(Mail.id)
    )
    with short_transaction(db.engine) as session:
        return session.scalar(again)


def _settle(claimed: int, state: MailState, words: str) -> None:
    with short_transaction(db.engine) as session:
        session.execute(sa.update(Mail).where(Mail.id == claimed).values(state=state, words=words))


def _forget() -> None:
    """Deletes old records.

    Each person's latest stays, so that a clock that was briefly wrong does not cause a second mail.
    """
    newest_first = sa.func.row_number().over(partition_by=Mail.user_id, order_by=Mail.id.desc())
    placed = sa.select(Mail.id, newest_first.label("place")).subquery()
    latest = sa.select(placed.c.id).where(placed.c.place <= KEPT_EACH)
    old = sa.delete(Mail).where(
        Mail.claimed_at < clock.now() - timedelta(days=KEPT_DAYS), Mail.id.not_in(latest)
    )
    with short_transaction(db.engine) as session:
        session.execute(old)
