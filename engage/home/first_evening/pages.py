"""Builds the cards of the first evening: their current text, and the page with their minute of work."""

from typing import Any, NamedTuple

from flask import url_for
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.home.first_evening.rules import TIPS_WANTED, Card, Facts


class CardShown(Struct, frozen=True):
    """A card as the page shows it; without an address only a coordinator can do it."""

    key: Card
    title: str
    text: str
    label: str
    url: str
    is_done: bool
    is_next: bool


class Evening(Struct, frozen=True):
    """The cards, how many are done, and whether this person may dismiss them."""

    cards: tuple[CardShown, ...]
    done: int
    may_end: bool

    @property
    def is_done(self) -> bool:
        return self.done == len(self.cards)


def evening_of(membership: Membership, facts: Facts, *, leads: bool) -> Evening:
    """Returns the cards for one person.

    If the cards are first on the page, one of them is next: the first one that this person may do.
    """
    mine = {card for card in Card if may(membership.role, _CARDS[card].permission)}
    first = next((card for card in Card if leads and card in mine and not facts.is_done(card)), None)
    return Evening(
        tuple(_shown(card, facts, may_do=card in mine, is_next=card is first) for card in Card),
        facts.done,
        may(membership.role, Permission.EDIT_SETTINGS),
    )


class _Way(NamedTuple):
    """A link's words and its page."""

    label: LazyString
    endpoint: str
    args: dict[str, Any] = {}

    @property
    def url(self) -> str:
        return url_for(self.endpoint, **self.args)


class _Leads(NamedTuple):
    """A card's name, the page of its minute of work, and the page of its result."""

    title: LazyString
    permission: Permission
    to_do: _Way
    done: _Way


_CARDS = {
    Card.ABOUT: _Leads(
        _l("Say who you are"),
        Permission.EDIT_SETTINGS,
        _Way(_l("Write your mission"), "coalitions.edit_about", {"part": "words"}),
        _Way(_l("Edit your mission"), "coalitions.edit_about", {"part": "words"}),
    ),
    Card.INVITE: _Leads(
        _l("Invite people"),
        Permission.MANAGE_PEOPLE,
        _Way(_l("Invite people"), "coalitions.invitations"),
        _Way(_l("Invite more people"), "coalitions.invitations"),
    ),
    Card.TIPS: _Leads(
        _l("Check off five tips together"),
        Permission.WORK,
        _Way(_l("Open the tips"), "checklist.index", {"open": "all"}),
        _Way(_l("Open the tips"), "checklist.index", {"open": "all"}),
    ),
    Card.MEETING: _Leads(
        _l("Set the first meeting"),
        Permission.WORK,
        _Way(_l("Choose a date"), "meetings.new_meeting", {"kind": "first"}),
        _Way(_l("Go to the meetings"), "meetings.index"),
    ),
    Card.ASSESS: _Leads(
        _l("Open the assessment"),
        Permission.RUN_ROUNDS,
        _Way(_l("Open the assessment"), "assessment.new_round"),
        _Way(_l("Go to the assessment"), "assessment.index"),
    ),
}


def _shown(card: Card, facts: Facts, *, may_do: bool, is_next: bool) -> CardShown:
    leads = _CARDS[card]
    is_done = facts.is_done(card)
    way = leads.done if is_done else leads.to_do
    return CardShown(
        key=card,
        title=str(leads.title),
        text=_done_words(card, facts, may_do=may_do) if is_done else _words(card, facts),
        label=str(way.label),
        url=way.url if may_do else "",
        is_done=is_done,
        is_next=is_next,
    )


def _words(card: Card, facts: Facts) -> str:
    """Says what the minute of work is."""
    match card:
        case Card.ABOUT:
            return _("One or two sentences: what should be different here, and who it is for.")
        case Card.INVITE:
            return _("Paste the e-mail addresses of a dozen people. Each gets a link of their own.")
        case Card.TIPS if facts.tips:
            return ngettext(
                "%(num)s of %(wanted)s is checked off.",
                "%(num)s of %(wanted)s are checked off.",
                facts.tips,
                wanted=TIPS_WANTED,
            )
        case Card.TIPS:
            return _("Read the list aloud, and check off what you already do.")
        case Card.MEETING:
            return _("A day, a time, and a place. An agenda for a first meeting is ready.")
        case Card.ASSESS:
            return _("Everyone answers in their own time. The results never show who said what.")


def _done_words(card: Card, facts: Facts, *, may_do: bool) -> str:
    """Says what the records hold."""
    match card:
        case Card.ABOUT:
            return _("Everyone who joins can read it.")
        case Card.INVITE:
            return " ".join(filter(None, (_invited(facts.invited), _joined(facts.joined))))
        case Card.TIPS:
            return ngettext("%(num)s tip is checked off.", "%(num)s tips are checked off.", facts.tips)
        case Card.MEETING:
            return _("It is on the calendar.")
        case Card.ASSESS if facts.rounds > 1:
            return _("The assessment has been opened.")
        case Card.ASSESS:
            return _("It is open. Remind people to answer.") if may_do else _("It is open.")


def _invited(number: int) -> str:
    return ngettext("%(num)s invitation is made.", "%(num)s invitations are made.", number) if number else ""


def _joined(number: int) -> str:
    return (
        ngettext("%(num)s person has joined you.", "%(num)s people have joined you.", number)
        if number
        else ""
    )
