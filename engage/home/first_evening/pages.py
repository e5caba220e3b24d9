"""Builds the cards of the first evening: what each says now, and where its minute of work is."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.home.first_evening.rules import TIPS_WANTED, Card, Facts


@dataclass(frozen=True, slots=True)
class CardShown:
    """A card as the page shows it; without an address it is a coordinator's to do."""

    key: Card
    title: str
    text: str
    label: str
    url: str
    is_done: bool
    is_next: bool


@dataclass(frozen=True, slots=True)
class Evening:
    """The cards, how many are done, and whether this person may put them away."""

    cards: tuple[CardShown, ...]
    done: int
    may_end: bool

    @property
    def is_done(self) -> bool:
        return self.done == len(self.cards)


def evening_of(membership: Membership, facts: Facts, *, leads: bool) -> Evening:
    """Returns the cards for one person.

    If they lead the page, one of them is next: the first that this person may do.
    """
    mine = [card for card in Card if not facts.is_done(card) and may(membership.role, _ASKS[card])]
    return Evening(
        tuple(
            CardShown(
                key=card,
                title=_title(card),
                text=_done_words(card, facts) if facts.is_done(card) else _words(card, facts),
                label=_label(card),
                url=_url(card) if may(membership.role, _ASKS[card]) else "",
                is_done=facts.is_done(card),
                is_next=leads and card in mine[:1],
            )
            for card in Card
        ),
        facts.done,
        may(membership.role, Permission.EDIT_SETTINGS),
    )


_ASKS = {
    Card.ABOUT: Permission.EDIT_SETTINGS,
    Card.INVITE: Permission.MANAGE_PEOPLE,
    Card.TIPS: Permission.WORK,
    Card.MEETING: Permission.WORK,
    Card.ASSESS: Permission.RUN_ROUNDS,
}


def _url(card: Card) -> str:
    match card:
        case Card.ABOUT:
            return url_for("coalitions.edit_about", part="words")
        case Card.INVITE:
            return url_for("coalitions.invitations")
        case Card.TIPS:
            return url_for("checklist.index")
        case Card.MEETING:
            return url_for("meetings.new_meeting", kind="first")
        case Card.ASSESS:
            return url_for("assessment.new_round")


def _title(card: Card) -> str:
    match card:
        case Card.ABOUT:
            return _("Say who you are")
        case Card.INVITE:
            return _("Invite people")
        case Card.TIPS:
            return _("Check off five tips together")
        case Card.MEETING:
            return _("Set the first meeting")
        case Card.ASSESS:
            return _("Open the assessment")


def _label(card: Card) -> str:
    match card:
        case Card.ABOUT:
            return _("Write your mission")
        case Card.INVITE:
            return _("Invite people")
        case Card.TIPS:
            return _("Open the tips")
        case Card.MEETING:
            return _("Choose a date")
        case Card.ASSESS:
            return _("Open the assessment")


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


def _done_words(card: Card, facts: Facts) -> str:
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
        case Card.ASSESS:
            return (
                _("It is open. Remind people to answer.") if facts.rounds == 1 else _("It has been opened.")
            )


def _invited(number: int) -> str:
    return ngettext("%(num)s invitation is made.", "%(num)s invitations are made.", number) if number else ""


def _joined(number: int) -> str:
    return (
        ngettext("%(num)s person has joined you.", "%(num)s people have joined you.", number)
        if number
        else ""
    )
