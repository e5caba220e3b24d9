"""Mails the note of someone who hands over to each person who takes over, with the list of what they get."""

from collections.abc import Collection, Mapping, Sequence

from flask import g

from engage import tokens
from engage.coalitions.models import Membership
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.messages.letters import audiences, queries, service
from engage.messages.letters.queries import Recipient
from engage.messages.letters.rules import LINK, NAME, Way
from engage.messages.letters.service import LetterContent

# A mail lists this many things; all of them are in Engage.
THINGS_MOST = 30


def reached(writer: Membership, ids: Collection[int]) -> dict[int, Recipient]:
    """Returns who of these people gets mail from here, by their ids."""
    audience = audiences.audience(writer, "chosen", ids)
    assert audience is not None
    found = queries.recipients(writer, audience, by_mail=True)
    return {each.membership_id: each for each in found if each.way is Way.MAIL and each.membership_id}


def send(
    writer: Membership, from_: Membership, note: str, given: Mapping[int, Sequence[str]]
) -> Collection[int]:
    """Queues a mail to each person with what they get, by their ids. Returns who gets one."""
    people = reached(writer, [*given])
    subject = _("What you take over in %(coalition)s", coalition=writer.coalition.name)
    for key, person in people.items():
        content = LetterContent(subject, _text(writer, from_, note, given[key]), "chosen", "")
        service.send(writer, content, [person], tokens.new_token(), anyway=True)
        g.letters_wait = True
    return people.keys()


def _text(writer: Membership, from_: Membership, note: str, things: Sequence[str]) -> str:
    shown = [f"- {each}" for each in things[:THINGS_MOST]]
    if more := len(things) - len(shown):
        shown.append("- " + ngettext("and %(num)s more", "and %(num)s more", more))
    parts = [
        _("Hello %(name)s,", name=NAME),
        _("You take over from %(name)s:", name=from_.name),
        "\n".join(shown),
        note,
        _("Here is the link: %(link)s", link=LINK),
        _("Thank you!") + "\n" + writer.name,
    ]
    return "\n\n".join(parts)
