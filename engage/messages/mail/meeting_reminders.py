"""Sends reminders the day before a meeting to people who asked for one with their answer.

Claiming stores the meeting's start with the answer, so that each start has at most one reminder.
"""

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import sqlalchemy as sa
from flask import g
from sqlalchemy.orm import Session

from engage import clock
from engage.accounts.models import User
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.queries import active
from engage.coalitions.rules import first_name
from engage.config import MailServer
from engage.database import along, short_transaction
from engage.extensions import db, in_language
from engage.i18n import gettext as _
from engage.languages import ENGLISH, first_known
from engage.meetings import labels as meetings_labels
from engage.meetings.models import Meeting, Reply
from engage.meetings.replies import links as replies_links
from engage.meetings.replies.labels import MINE_LABELS
from engage.meetings.replies.rules import is_due
from engage.meetings.rules import Coming
from engage.messages.digest import pages as digest_pages
from engage.messages.mail.queue import Queue, Result
from engage.web import links

# In no time zone is a reminder due for a meeting that is further ahead than this.
AHEAD = timedelta(hours=49)


class MeetingReminders(Queue[int]):
    """The queue of reminders to people who asked for one."""

    def due(self) -> list[int]:
        now = clock.now()
        columns = Reply.id, Meeting.starts_at, Coalition.time_zone, Reply.answered_at, Reply.remind_tries
        rows = _replies(*columns).where(
            Reply.wants_reminder,
            Reply.answer != Coming.NO,
            _is_not_yet(Meeting.starts_at),
            Meeting.closed_at.is_(None),
            Meeting.starts_at > now,
            Meeting.starts_at < now + AHEAD,
            Coalition.closed_at.is_(None),
            User.disabled_at.is_(None),
            *active(),
        )
        with short_transaction(db.engine) as session:
            found = session.execute(rows.order_by(Reply.id)).all()
        return [
            key for key, starts_at, zone, said, tries in found if is_due(starts_at, zone, said, tries, now)
        ]

    def claim(self, session: Session, key: int) -> bool:
        starts_at = sa.select(Meeting.starts_at).where(Meeting.id == Reply.meeting_id).scalar_subquery()
        claim = sa.update(Reply).where(Reply.id == key, Reply.wants_reminder, _is_not_yet(starts_at))
        claim = claim.values(reminded_for=starts_at).execution_options(synchronize_session=False)
        return session.scalar(claim.returning(Reply.id)) is not None

    def mail(self, key: int) -> EmailMessage | None:
        with digest_pages.speaking(ENGLISH):
            columns = Reply, Meeting, Membership, Coalition, User
            row = db.session.execute(_replies(*columns).where(Reply.id == key)).one_or_none()
            if row is None:
                return None
            reply, meeting, person, coalition, user = row
            g.slug, g.time_zone = coalition.slug, coalition.time_zone
            with in_language(first_known(user.language if user is not None else "", coalition.language)):
                return _mail(reply, meeting, person, user, self.server)

    def settle(self, session: Session, key: int, result: Result, words: str) -> None:
        """Lets another run try again, unless the mail may have been sent. Only this mail's faults count."""
        if result in {Result.SENT, Result.UNKNOWN}:
            return
        counts = result in {Result.REFUSED, Result.NOT_MADE}
        reply = sa.update(Reply).where(Reply.id == key)
        session.execute(reply.values(reminded_for=None, remind_tries=Reply.remind_tries + int(counts)))


def _replies(*columns: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .select_from(Reply)
        .join(Meeting, along(Reply.meeting_id, Meeting))
        .join(Membership, along(Reply.membership_id, Membership))
        .join(Coalition, Coalition.id == Reply.coalition_id)
        .outerjoin(User, User.id == Membership.user_id)
    )


def _is_not_yet(starts_at: object) -> sa.ColumnElement[bool]:
    return sa.or_(Reply.reminded_for.is_(None), Reply.reminded_for != starts_at)


def _mail(
    reply: Reply,
    meeting: Meeting,
    person: Membership,
    user: User | None,
    server: MailServer,
) -> EmailMessage | None:
    """Returns the mail; None for a person without an address."""
    address = user.email if user is not None else person.email
    if not address:
        return None
    title = meetings_labels.titled(meeting.title, meeting.starts_at)
    return digest_pages.text_mail(
        server,
        address,
        _("Reminder: %(meeting)s", meeting=title),
        "messages/meeting_reminder.txt",
        name=first_name(person.name),
        coalition=person.coalition.name,
        meeting=meeting,
        when=meetings_labels.when(meeting.starts_at, meeting.minutes),
        said=MINE_LABELS[reply.answer],
        link=meeting.link if reply.answer is Coming.ONLINE else "",
        url=links.external(replies_links.path_of(person.id, meeting)),
    )
