"""Builds texts that remind people to finish a round. They do not say how far a person has come."""

from collections.abc import Sequence

from flask import url_for

from engage.assessment.labels import time_to_answer
from engage.assessment.models import Round
from engage.assessment.questions import QuestionSet
from engage.coalitions.models import Membership
from engage.coalitions.ready_texts import ReadyText, ready_text, ready_text_for_all, ready_text_to_share
from engage.coalitions.rules import first_name
from engage.dates import long_day
from engage.i18n import gettext as _
from engage.web import links


def text_for(sender: Membership, round_: Round, person: Membership) -> ReadyText:
    greeting = _("Hello %(name)s,", name=first_name(person.name))
    return ready_text(_text(sender, round_, greeting), _subject(round_), person)


def text_for_all(sender: Membership, round_: Round, people: Sequence[Membership]) -> ReadyText:
    """Returns one text for several people, who do not see each other's addresses."""
    return ready_text_for_all(_text(sender, round_, _("Hello,")), _subject(round_), people)


def text_to_share(sender: Membership, round_: Round) -> ReadyText:
    """Returns the same text to post on a group's own mailing list or chat, where not everyone has joined."""
    joins = _("You need to have joined: if you have not, use the link in your invitation first.")
    text = _text(sender, round_, _("Hello,"), joins=joins)
    return ready_text_to_share(text, _subject(round_), text)


def merged(sender: Membership, round_: Round, name: str, link: str) -> tuple[str, str]:
    """Returns subject and text of a mail merge; `name` and `link` are its placeholders."""
    return _subject(round_), _text(sender, round_, _("Hello %(name)s,", name=name), link)


def _subject(round_: Round) -> str:
    return _("Your answers: %(title)s", title=round_.title)


def _text(sender: Membership, round_: Round, greeting: str, link: str = "", joins: str = "") -> str:
    if round_.closes_on is None:
        waits = _("We'd like your answers to “%(title)s” in %(coalition)s.", **_names(sender, round_))
    else:
        waits = _(
            "We'd like your answers to “%(title)s” in %(coalition)s by %(day)s.",
            day=long_day(round_.closes_on),
            **_names(sender, round_),
        )
    parts = [
        greeting,
        waits,
        " ".join(
            [
                time_to_answer(QuestionSet.from_json(round_.questions).minutes),
                _(
                    "You can do it in parts: every answer is saved right away. “I don't know” is a good answer. "
                    "No page shows what one person answered."
                ),
            ]
        ),
        _(
            "Here is the link: %(link)s",
            link=link or links.external(url_for("assessment.show_round", round_id=round_.id)),
        ),
        joins,
        _("Thank you!") + "\n" + sender.name,
    ]
    return "\n\n".join(filter(None, parts))


def _names(sender: Membership, round_: Round) -> dict[str, str]:
    return {"title": round_.title, "coalition": sender.coalition.name}
