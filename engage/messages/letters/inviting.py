"""Sends invitations by mail in one press, with the text that the page shows before."""

from collections.abc import Collection

from flask import g

from engage import tokens
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.messages.letters import audiences, links, queries, service
from engage.messages.letters.posting import greeted
from engage.messages.letters.rules import Way, filled
from engage.messages.letters.service import LetterContent

AUDIENCE, ABOUT = "not_sent", "invitations"


def words_shown(writer: Membership) -> links.Words:
    """Returns the mail as someone sees it whose name is not known."""
    words, about = _words(writer)
    return links.Words(words.subject, filled(words.text, greeted(""), about.shown(writer.coalition)))


def send(writer: Membership, only: Collection[int] | None = None) -> int:
    """Queues the mail to everyone whose invitation was not sent, or to those in `only`. Returns how many.

    Whoever presses twice sends once: the first press leaves no invitation unsent.
    """
    lock(writer.coalition_id)
    audience = audiences.audience(writer, AUDIENCE)
    assert audience is not None
    found = queries.recipients(writer, audience, by_mail=True)
    people = [each for each in found if each.way is Way.MAIL and (only is None or each.invitation_id in only)]
    if people:
        words = _words(writer)[0]
        content = LetterContent(words.subject, words.text, AUDIENCE, ABOUT)
        service.send(writer, content, people, tokens.new_token(), anyway=True)
        g.letters_wait = True
    return len(people)


def _words(writer: Membership) -> tuple[links.Words, links.LinkAbout]:
    about = links.about(writer.coalition, ABOUT)
    assert about is not None
    return about.kind.words(writer, about.number), about
