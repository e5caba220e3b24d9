"""Builds the cards of the first evening: their text, and links to the page where each takes a minute."""

from typing import Any, NamedTuple

from flask import url_for
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.i18n import LazyString, ngettext
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.onboarding.first_evening.rules import TIPS_WANTED, Facts, FirstEveningCard


class CardShown(Struct, frozen=True):
    """A card as the page shows it. A card without a URL can be done only by a coordinator."""

    key: FirstEveningCard
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

    @property
    def next(self) -> CardShown | None:
        """Returns the card that this person should do next; None if there is none for them."""
        return next((each for each in self.cards if each.is_next), None)


def evening_of(membership: Membership, facts: Facts, *, leads: bool) -> Evening:
    """Returns the cards for one person.

    If the cards are the first thing on Home (`leads`), the first card that this person may do is marked as
    next.
    """
    mine = {card for card in FirstEveningCard if may(membership.role, _CARDS[card].permission)}
    first = next(
        (card for card in FirstEveningCard if leads and card in mine and not facts.is_done(card)), None
    )
    return Evening(
        tuple(_shown(card, facts, may_do=card in mine, is_next=card is first) for card in FirstEveningCard),
        facts.done,
        may(membership.role, Permission.EDIT_SETTINGS),
    )


class _Way(NamedTuple):
    """A link's label and its target."""

    label: LazyString
    endpoint: str
    args: dict[str, Any] = {}

    @property
    def url(self) -> str:
        return url_for(self.endpoint, **self.args)


class _Leads(NamedTuple):
    """A card's title, the link to its minute of work, and the link to the result."""

    title: LazyString
    permission: Permission
    to_do: _Way
    done: _Way


_CARDS = {
    FirstEveningCard.ABOUT: _Leads(
        _l("Say who you are"),
        Permission.EDIT_SETTINGS,
        _Way(_l("Write your mission"), "coalitions.edit_about", {"part": "words"}),
        _Way(_l("Edit your mission"), "coalitions.edit_about", {"part": "words"}),
    ),
    FirstEveningCard.INVITE: _Leads(
        _l("Invite people"),
        Permission.MANAGE_PEOPLE,
        _Way(_l("Invite people"), "coalitions.invitations"),
        _Way(_l("Invite more people"), "coalitions.invitations"),
    ),
    FirstEveningCard.TIPS: _Leads(
        _l("Check off five tips together"),
        Permission.WORK,
        _Way(_l("Open the tips"), "checklist.index", {"open": "all"}),
        _Way(_l("Open the tips"), "checklist.index", {"open": "all"}),
    ),
    FirstEveningCard.MEETING: _Leads(
        _l("Set the first meeting"),
        Permission.WORK,
        _Way(_l("Choose a date"), "meetings.new_meeting", {"kind": "first"}),
        _Way(_l("Go to the meetings"), "meetings.index"),
    ),
    FirstEveningCard.ASSESS: _Leads(
        _l("Open the assessment"),
        Permission.RUN_ROUNDS,
        _Way(_l("Open the assessment"), "assessment.new_round"),
        _Way(_l("Go to the assessment"), "assessment.index"),
    ),
}

_TO_SEND = _Way(_l("Send the invitations"), "coalitions.sheet")


def said_next(evening: Evening) -> str:
    """Says how many cards are done, and which is next for this person."""
    done = _("%(done)s of %(total)s done.", done=evening.done, total=len(evening.cards))
    if evening.is_done:
        return done + " " + _("Your first evening is complete.")
    return done if evening.next is None else f"{done} {_NEXT[evening.next.key]}"


_NEXT = {
    FirstEveningCard.ABOUT: _l("Next: say who you are"),
    FirstEveningCard.INVITE: _l("Next: invite people"),
    FirstEveningCard.TIPS: _l("Next: check off five tips together"),
    FirstEveningCard.MEETING: _l("Next: set the first meeting"),
    FirstEveningCard.ASSESS: _l("Next: open the assessment"),
}


def _shown(card: FirstEveningCard, facts: Facts, *, may_do: bool, is_next: bool) -> CardShown:
    leads = _CARDS[card]
    is_done = facts.is_done(card)
    way = leads.done if is_done else leads.to_do
    if card is FirstEveningCard.INVITE and facts.to_send:
        way = _TO_SEND
    return CardShown(
        key=card,
        title=str(leads.title),
        text=_done_words(card, facts, may_do=may_do) if is_done else _words(card, facts),
        label=str(way.label),
        url=way.url if may_do else "",
        is_done=is_done,
        is_next=is_next,
    )


def _words(card: FirstEveningCard, facts: Facts) -> str:
    """Says what to do for this card, which takes a minute."""
    match card:
        case FirstEveningCard.ABOUT:
            return _("One or two sentences: what should be different here, and who it is for.")
        case FirstEveningCard.INVITE if facts.to_send:
            return _sent_of(facts)
        case FirstEveningCard.INVITE:
            return _("Paste the e-mail addresses of a dozen people. Each gets a link of their own.")
        case FirstEveningCard.TIPS if facts.tips:
            return ngettext(
                "%(num)s of %(wanted)s is checked off.",
                "%(num)s of %(wanted)s are checked off.",
                facts.tips,
                wanted=TIPS_WANTED,
            )
        case FirstEveningCard.TIPS:
            return _("Read the list aloud, and check off what you already do.")
        case FirstEveningCard.MEETING:
            return _("A day, a time, and a place. An agenda for a first meeting is ready.")
        case FirstEveningCard.ASSESS:
            return _("Everyone answers in their own time. The results never show who said what.")


def _done_words(card: FirstEveningCard, facts: Facts, *, may_do: bool) -> str:
    """Says what is recorded for this card."""
    match card:
        case FirstEveningCard.ABOUT:
            return _("Everyone who joins can read it.")
        case FirstEveningCard.INVITE:
            said = _sent_of(facts) if facts.to_send else _sent(facts.sent)
            return " ".join(filter(None, (said, _sending(facts.sending), _joined(facts.joined))))
        case FirstEveningCard.TIPS:
            return ngettext("%(num)s tip is checked off.", "%(num)s tips are checked off.", facts.tips)
        case FirstEveningCard.MEETING:
            return _("It is on the calendar.")
        case FirstEveningCard.ASSESS if facts.rounds > 1:
            return _("The assessment has been opened.")
        case FirstEveningCard.ASSESS:
            return _("The round is open. Remind people to answer.") if may_do else _("The round is open.")


def _sent_of(facts: Facts) -> str:
    total = facts.sent + facts.sending + facts.to_send
    return ngettext(
        "%(sent)s of %(num)s invitation is sent.",
        "%(sent)s of %(num)s invitations are sent.",
        total,
        sent=facts.sent,
    )


def _sent(number: int) -> str:
    return ngettext("%(num)s invitation is sent.", "%(num)s invitations are sent.", number) if number else ""


def _sending(number: int) -> str:
    words = ngettext("%(num)s invitation is on its way.", "%(num)s invitations are on their way.", number)
    return words if number else ""


def _joined(number: int) -> str:
    return (
        ngettext("%(num)s person has joined you.", "%(num)s people have joined you.", number)
        if number
        else ""
    )
