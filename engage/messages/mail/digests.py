"""Sends the digests that are due. Claiming a digest inserts a row for its person and day.

If a run is killed while sending, that digest is not sent any more that day: two mails are worse than none.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import Session

from engage import clock
from engage.accounts.models import User
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.queries import active
from engage.database import insert, short_transaction
from engage.extensions import db
from engage.languages import first_known
from engage.messages.action_links import service as action_links
from engage.messages.action_links.service import AskedAction
from engage.messages.digest import pages as digest_pages
from engage.messages.digest import service as digest_service
from engage.messages.digest.pages import Reader
from engage.messages.mail.queue import Queue, Result, Sent
from engage.messages.models import Mail, MailSetting
from engage.messages.rules import FIRST_HOUR, Frequency, MailState, PastMail, is_due, week_of

KEPT_DAYS = 90
KEPT_EACH = 10


class _Due(Struct, frozen=True):
    reader: Reader
    day: date
    message: EmailMessage
    asked: list[AskedAction]


class Digests(Queue[_Due]):
    """The queue of digests, of all people who want one; each person gets at most one a day."""

    def run(self, *, dry: bool = False) -> Sent:
        super().run(dry=dry)
        if not dry:
            _forget()
        return self.done

    def due(self) -> Iterator[_Due]:
        for user_id in _subscribers():
            if (found := _due_of(user_id)) is None:
                continue
            reader, day = found
            try:
                made = digest_pages.compose(reader, clock.now())
                message = (
                    digest_pages.mail(made, reader, self.server, clock.now()) if made is not None else None
                )
            except Exception as error:  # so that an error for one person does not stop the others' digests
                self.done.due += 1
                self.done.note(Result.NOT_MADE, self.not_made(error))
                continue
            if made is None or message is None:
                self.done.due += 1
                self.done.nothing_to_say += 1
            else:
                yield _Due(reader, day, message, made.asked)

    def claim(self, session: Session, key: _Due) -> bool:
        """Inserts the day's row, which a constraint allows only once, or claims a failed one again."""
        values = {"state": MailState.CLAIMED, "claimed_at": clock.now(), "words": ""}
        row = insert(Mail, db.engine.dialect.name).values(user_id=key.reader.user_id, day=key.day, **values)
        claim = row.on_conflict_do_update(
            index_elements=["user_id", "day"],
            set_={**values, "tries": Mail.tries + 1},
            where=Mail.state == MailState.FAILED,
        )
        if session.scalar(claim.returning(Mail.id)) is None:
            return False
        session.execute(digest_service.renewed(key.reader.user_id, key.reader.nonce))
        action_links.keep(session, key.asked, key.reader.address)
        return True

    def mail(self, key: _Due) -> EmailMessage | None:
        return key.message

    def settle(self, session: Session, key: _Due, result: Result, words: str) -> None:
        states = {Result.SENT: MailState.SENT, Result.UNKNOWN: MailState.UNKNOWN}
        mine = Mail.user_id == key.reader.user_id, Mail.day == key.day, Mail.state == MailState.CLAIMED
        state = states.get(result, MailState.FAILED)
        session.execute(sa.update(Mail).where(*mine).values(state=state, words=words))


def _subscribers() -> list[int]:
    rows = sa.select(MailSetting.user_id).where(MailSetting.frequency != Frequency.OFF)
    with short_transaction(db.engine) as session:
        return list(session.scalars(rows.order_by(MailSetting.user_id)))


def _due_of(user_id: int) -> tuple[Reader, date] | None:
    """Returns this account's reader and the day, if a digest is due.

    Each account is read just before its mail, because the person may have ended the digest meanwhile.
    """
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
        past = [PastMail(**row._mapping) for row in session.execute(rows)]
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
        return reader, today


def _forget() -> None:
    """Deletes old records.

    Each person's latest stays, so that a clock that was wrong for a while does not cause a second mail.
    """
    newest_first = sa.func.row_number().over(partition_by=Mail.user_id, order_by=Mail.id.desc())
    placed = sa.select(Mail.id, newest_first.label("place")).subquery()
    latest = sa.select(placed.c.id).where(placed.c.place <= KEPT_EACH)
    old = sa.delete(Mail).where(
        Mail.claimed_at < clock.now() - timedelta(days=KEPT_DAYS), Mail.id.not_in(latest)
    )
    with short_transaction(db.engine) as session:
        session.execute(old)
