"""Sends reminders the day before a meeting to people who asked for one with their answer.

A reminder is claimed before it is sent, as digests are. A crash in between leaves it claimed, and it is never
sent. A reminder that the server certainly did not accept is tried again at the next runs, a few times.
"""

from datetime import timedelta
from email.message import EmailMessage

import sqlalchemy as sa
from flask import current_app, g, render_template
from flask_babel import gettext as _
from msgspec import Struct, field

from engage import clock
from engage.accounts.models import User
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.queries import active
from engage.coalitions.rules import first_name
from engage.config import MailServer
from engage.database import along, short_transaction
from engage.extensions import db
from engage.languages import first_known
from engage.meetings import words as meetings_words
from engage.meetings.models import Meeting, Reply
from engage.meetings.replies import links as replies_links
from engage.meetings.replies.rules import is_due
from engage.meetings.replies.words import MINE_WORDS
from engage.meetings.rules import Coming
from engage.messages.digest import pages as digest_pages
from engage.messages.mail.post import NoServer, NotSent, Post, Unknown
from engage.web import links
from engage.web.answers import trace_of

# In no time zone is a reminder due for a meeting further ahead than this.
AHEAD = timedelta(hours=49)


class Sent(Struct):
    """The result of a run; `words` are the server's, without addresses."""

    due: int = 0
    sent: int = 0
    failed: int = 0
    words: list[str] = field(default_factory=list)


def run(server: MailServer, *, dry: bool = False) -> Sent:
    """Sends every reminder that is due now. With `dry` it only counts."""
    done = Sent()
    due = _due()
    done.due = len(due)
    if dry or not due:
        return done
    with Post(server, digest_pages.hello()) as post:
        for reply_id, language in due:
            try:
                made = _mail(reply_id, language, server)
            except Exception as error:  # whatever fails for one person, the others get theirs
                current_app.logger.error("a reminder could not be made:\n%s", "\n".join(trace_of(error)))
                done.failed += 1
                continue
            if made is None or not _claim(reply_id):
                continue
            if not _sent(post, reply_id, *made, done):
                break
    return done


_NOT_YET = sa.or_(Reply.reminded_for.is_(None), Reply.reminded_for != Meeting.starts_at)


def _due() -> list[tuple[int, str]]:
    """Returns the replies whose reminder is due, each with its person's language."""
    now = clock.now()
    rows = (
        sa.select(
            Reply.id,
            User.language,
            Coalition.language,
            Meeting.starts_at,
            Coalition.time_zone,
            Reply.answered_at,
            Reply.remind_tries,
        )
        .join(Meeting, along(Reply.meeting_id, Meeting))
        .join(Membership, along(Reply.membership_id, Membership))
        .join(Coalition, Coalition.id == Reply.coalition_id)
        .outerjoin(User, User.id == Membership.user_id)
        .where(
            Reply.wants_reminder,
            Reply.answer != Coming.NO,
            _NOT_YET,
            Meeting.closed_at.is_(None),
            Meeting.starts_at > now,
            Meeting.starts_at < now + AHEAD,
            Coalition.closed_at.is_(None),
            User.disabled_at.is_(None),
            *active(),
        )
        .order_by(Reply.id)
    )
    with short_transaction(db.engine) as session:
        return [
            (key, first_known(own, coalitions))
            for key, own, coalitions, starts_at, zone, answered_at, tries in session.execute(rows)
            if is_due(starts_at, zone, answered_at, tries, now)
        ]


def _mail(reply_id: int, language: str, server: MailServer) -> tuple[EmailMessage, str] | None:
    """Returns the mail and its address; None for a person without an address, or if the answer was deleted since."""
    with digest_pages.speaking(language):
        row = db.session.execute(
            sa.select(Reply, Meeting, Membership, Coalition, sa.func.coalesce(User.email, Membership.email))
            .join(Meeting, along(Reply.meeting_id, Meeting))
            .join(Membership, along(Reply.membership_id, Membership))
            .join(Coalition, Coalition.id == Reply.coalition_id)
            .outerjoin(User, User.id == Membership.user_id)
            .where(Reply.id == reply_id)
        ).one_or_none()
        if row is None or not row[4]:
            return None
        reply, meeting, person, coalition, address = row
        g.slug, g.time_zone = coalition.slug, coalition.time_zone
        title = meetings_words.titled(meeting.title, meeting.starts_at)
        message = digest_pages.new_mail(
            server, address, _("Reminder: %(meeting)s", meeting=title), clock.now()
        )
        text = render_template(
            "messages/meeting_reminder.txt",
            name=first_name(person.name),
            coalition=coalition.name,
            meeting=meeting,
            when=meetings_words.when(meeting.starts_at, meeting.minutes),
            said=MINE_WORDS[reply.answer],
            link=meeting.link if reply.answer is Coming.ONLINE else "",
            url=links.external(replies_links.path_of(person.id, meeting)),
        )
        message.set_content(text, cte="quoted-printable")
        message["Content-Language"] = language
        return message, address


def _claim(reply_id: int) -> bool:
    """Returns whether this run, and no other, may send it. The claim is committed before anything is sent."""
    starts_at = sa.select(Meeting.starts_at).where(Meeting.id == Reply.meeting_id).scalar_subquery()
    claim = (
        sa.update(Reply)
        .where(
            Reply.id == reply_id,
            Reply.wants_reminder,
            sa.or_(Reply.reminded_for.is_(None), Reply.reminded_for != starts_at),
        )
        .values(reminded_for=starts_at)
        .returning(Reply.id)
        .execution_options(synchronize_session=False)
    )
    with short_transaction(db.engine) as session:
        return session.scalar(claim) is not None


def _sent(post: Post, reply_id: int, message: EmailMessage, address: str, done: Sent) -> bool:
    """Sends one reminder and records the result. Returns False if the server no longer answers."""
    try:
        post.send(message, address)
    except NotSent as error:
        done.failed += 1
        if (words := error.words.replace(address, "…")) not in done.words:
            done.words.append(words)
        if not isinstance(error, Unknown):
            _release(reply_id, counts=not isinstance(error, NoServer))
        return not isinstance(error, Unknown | NoServer)
    done.sent += 1
    return True


def _release(reply_id: int, *, counts: bool) -> None:
    """Lets the next run try again; `counts` says whether this was a failed try of this person's address."""
    values: dict[str, object] = {"reminded_for": None}
    if counts:
        values["remind_tries"] = Reply.remind_tries + 1
    with short_transaction(db.engine) as session:
        session.execute(sa.update(Reply).where(Reply.id == reply_id).values(**values))
