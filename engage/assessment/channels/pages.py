"""Builds what coordinators see of a round's channels: addresses, posters, slips, and how many people came."""

from flask import url_for
from markupsafe import Markup
from msgspec import Struct

from engage.assessment.channels import labels, queries
from engage.assessment.labels import time_to_answer
from engage.assessment.models import Channel, Round
from engage.assessment.questions import QuestionSet
from engage.assessment.rules import ChannelKind
from engage.coalitions.models import Membership
from engage.coalitions.ready_texts import ReadyText, ready_text_to_share
from engage.content.loader import content
from engage.dates import long_day
from engage.i18n import gettext as _
from engage.languages import ENGLISH
from engage.web import links
from engage.web.slips import PrintedSlip, slip


class OpenChannel(Struct, frozen=True):
    """An open channel: its full address, a shorter one to type, and its QR code."""

    link: str
    short: str
    qr: Markup


def path_of(round_: Round) -> str | None:
    """Returns the path of the round's open link; None if there is none to show."""
    channel = queries.channel_of(round_, ChannelKind.LINK)
    token = queries.token_of(channel) if channel is not None else None
    return url_for("answer.show_round", token=token) if token is not None else None


def text_to_share(sender: Membership, round_: Round, link: str) -> ReadyText:
    """Returns a text for anyone, with the open link: it needs no account, and never leads to signing in."""
    names = {"title": round_.title, "coalition": sender.coalition.name}
    asks = _("We'd like your answers to “%(title)s” in %(coalition)s.", **names)
    if round_.closes_on is not None:
        day = long_day(round_.closes_on)
        asks = _("We'd like your answers to “%(title)s” in %(coalition)s by %(day)s.", day=day, **names)
    parts = [
        _("Hello,"),
        asks,
        _("You don't need an account, and no one asks your name.")
        + " "
        + time_to_answer(QuestionSet.from_json(round_.questions).minutes)
        + " "
        + _("“I don't know” is a good answer."),
        _("Here is the link: %(link)s", link=link),
        _("Thank you!") + "\n" + sender.name,
    ]
    text = "\n\n".join(parts)
    return ready_text_to_share(text, _("Your answers: %(title)s", title=round_.title), text)


def open_channel(channel: Channel | None, language: str = ENGLISH) -> OpenChannel | None:
    """Returns how to enter a channel; None if there is none, or if it was made with an earlier key.

    The QR code of a poster in another language opens the page in that language; the address to type has no
    language, so that it stays short.
    """
    token = queries.token_of(channel) if channel is not None else None
    if token is None:
        return None
    link = links.external(url_for("answer.show_round", token=token))
    lang = language if language != ENGLISH else None
    scanned = links.external(url_for("answer.show_round", token=token, lang=lang))
    return OpenChannel(link, links.short(link), links.qr(scanned))


class LinkPart(Struct, frozen=True):
    """The open link as the round's page shows it, in one place: its address, QR code, poster and ready text.

    `shown` is None if it was made with an earlier key; `is_open` is False if there is none.
    """

    is_open: bool
    shown: OpenChannel | None
    ready: ReadyText | None


def link_part(membership: Membership, round_: Round) -> LinkPart:
    channel = queries.channel_of(round_, ChannelKind.LINK)
    shown = open_channel(channel)
    ready = text_to_share(membership, round_, shown.link) if shown is not None else None
    return LinkPart(channel is not None, shown, ready)


class Came(Struct, frozen=True):
    """How many people came, as two lists of a name and a number."""

    day: object
    ways: list[tuple[str, str]]
    sectors: list[tuple[str, str]]


def came(round_: Round) -> Came | None:
    """Returns how many people had come at the last daily count; None before the first count."""
    tally = queries.tally_of(round_)
    if tally is None:
        return None
    names = {each.key: each.name for each in content().sectors}
    return Came(tally.day, labels.ways(tally.seen, round_.k), labels.sectors(tally.seen, names, round_.k))


def cards(channel: Channel, codes: list[str]) -> list[PrintedSlip]:
    """Returns the printable slips with these codes."""
    token = queries.token_of(channel)
    return [slip(code, url_for("answer.slip", token=token, code=code)) for code in codes] if token else []
