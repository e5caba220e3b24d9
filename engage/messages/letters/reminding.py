"""Sends reminders of open work by mail, each with the text that the page shows."""

from collections.abc import Sequence

from flask import g, url_for

from engage import tokens
from engage.coalitions.models import Membership
from engage.home.reminders import waiting_subject
from engage.messages import reminding
from engage.messages.letters import audiences, queries, service
from engage.messages.letters.links import TASKS
from engage.messages.letters.rules import LINK, Way
from engage.messages.letters.service import LetterContent, SentAlready
from engage.messages.reminding import Reminder
from engage.web import links


def reached(writer: Membership, reminders: Sequence[Reminder]) -> dict[int, queries.Recipient]:
    """Returns who of these people gets mail from here, by their numbers."""
    audience = audiences.audience(writer, "chosen", [each.held.person.id for each in reminders])
    assert audience is not None
    found = queries.recipients(writer, audience, by_mail=True)
    return {each.membership_id: each for each in found if each.way is Way.MAIL and each.membership_id}


def send(writer: Membership, reminders: Sequence[Reminder]) -> int:
    """Queues each person's reminder and records that they were reminded. Returns the number of people.

    Someone who got one within the hour gets no second one.
    """
    people = reached(writer, reminders)
    return sum(
        _send_to(writer, each, people[each.held.person.id])
        for each in reminders
        if each.held.person.id in people
    )


def _send_to(writer: Membership, reminder: Reminder, person: queries.Recipient) -> bool:
    # Each reader's own link to the same page, which offers them a link to sign in.
    text = reminder.ready.text.replace(links.external(url_for("home.index")), LINK)
    content = LetterContent(waiting_subject(reminder.held.total), text, "chosen", TASKS)
    try:
        service.send(writer, content, [person], tokens.new_token())
    except SentAlready:
        return False
    reminding.mark_told(writer, reminder.held.person)
    g.letters_wait = True
    return True
