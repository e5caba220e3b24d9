"""Builds what coordinators see of a round's doors: addresses, posters, slips, and who came."""

from flask import url_for
from markupsafe import Markup
from msgspec import Struct

from engage.assessment.doors import queries, words
from engage.assessment.models import Door, Round
from engage.content.loader import content
from engage.languages import ENGLISH
from engage.web import links
from engage.web.slips import Slip, slip


class OpenDoor(Struct, frozen=True):
    """An open door: its whole address, the one to type, and its QR code."""

    link: str
    short: str
    qr: Markup


def open_door(door: Door | None, language: str = ENGLISH) -> OpenDoor | None:
    """Returns how to enter; None if there is no door, or if it was made with an earlier key.

    The QR code of a poster in another language opens the page in that language; the address to type stays
    short.
    """
    token = queries.token_of(door) if door is not None else None
    if token is None:
        return None
    link = links.external(url_for("answer.show_round", token=token))
    lang = language if language != ENGLISH else None
    scanned = links.external(url_for("answer.show_round", token=token, lang=lang))
    return OpenDoor(link, links.short(link), links.qr(scanned))


class Came(Struct, frozen=True):
    """Who came, as two lists of words and numbers."""

    day: object
    ways: list[tuple[str, str]]
    sectors: list[tuple[str, str]]


def came(round_: Round) -> Came | None:
    """Returns who had come when they were last counted; None before the first count."""
    tally = queries.tally_of(round_)
    if tally is None:
        return None
    names = {each.key: each.name for each in content().sectors}
    return Came(tally.day, words.ways(tally.seen, round_.k), words.sectors(tally.seen, names, round_.k))


def cards(door: Door, codes: list[str]) -> list[Slip]:
    """Returns the slips of paper with these codes."""
    token = queries.token_of(door)
    return [slip(code, url_for("answer.slip", token=token, code=code)) for code in codes] if token else []
