"""Writes a person's answer before a meeting."""

from engage import clock
from engage.coalitions.models import Membership
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings import service
from engage.meetings.models import Meeting, Reply
from engage.meetings.replies import queries
from engage.meetings.replies.rules import may_reply, offered
from engage.meetings.rules import Coming


def say(person: Membership, meeting: Meeting, answer: Coming, *, wants_reminder: bool) -> Reply:
    """Saves this person's answer in place of an earlier one. Raises WrongState if the meeting is over."""
    # The lock makes two simultaneous answers of the same person follow each other.
    meeting = service.claim_open(meeting, alone=True)
    now = clock.now()
    if not may_reply(meeting.starts_at, meeting.minutes, meeting.closed_at, now):
        raise WrongState(_("This meeting has ended."))
    if answer not in offered(has_link=bool(meeting.link)):
        raise WrongState(_("There is no longer a way to join this meeting online. Choose another answer."))
    reply = queries.reply_of(person, meeting)
    if reply is None:
        reply = Reply(coalition_id=meeting.coalition_id, meeting_id=meeting.id, membership_id=person.id)
        db.session.add(reply)
    reply.answer, reply.answered_for, reply.answered_at = answer, meeting.starts_at, now
    reply.wants_reminder = wants_reminder and answer is not Coming.NO
    return reply
