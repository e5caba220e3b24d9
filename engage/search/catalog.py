"""Finds tips and focus areas in the content, which is Engage's own text in the reader's language and in no database."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from flask import url_for

from engage.checklist import queries as checklist
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.content.loader import content
from engage.content.model import Area, Tip, TipItem
from engage.extensions import language
from engage.i18n import gettext as _
from engage.search.rules import SearchKind, Ways, matches, words_in


class CatalogEntry(NamedTuple):
    """A tip, an item of a tip or a focus area that matches."""

    kind: SearchKind
    title: str
    word: str
    url: str
    text: str


class Said(NamedTuple):
    """The text of a tip, a tip's item or an area, also as words in the form that `matches` needs."""

    of: Tip | TipItem | Area
    tip: Tip | None
    title: str
    text: str
    words: str


def find(membership: Membership, words: Sequence[Ways]) -> list[CatalogEntry]:
    """Returns the tips, the items shown to this coalition, and the areas that contain every word."""
    fits = checklist.shown_to(membership.coalition)
    return [
        _entry(membership, said)
        for said in _said(language())
        if matches(said.words, words) and (not isinstance(said.of, TipItem) or fits(said.of))
    ]


@cache
def _said(wanted: str) -> tuple[Said, ...]:
    """Returns the content's texts in this language, cached, because each search reads all of them."""
    found = []
    for tip in content(wanted).tips:
        found.append(_of(tip, tip, tip.name, tip.why))
        found += [_of(item, tip, item.text, item.help or "") for item in tip.items]
    for area in content(wanted).areas:
        texts = (area.question, *area.explanation, *area.look_for, *area.ask_yourselves)
        found.append(_of(area, None, area.name, " ".join(texts)))
    return tuple(found)


def _of(of: Tip | TipItem | Area, tip: Tip | None, title: str, text: str) -> Said:
    return Said(of, tip, title, text, words_in(f"{title} {text}"))


def _entry(membership: Membership, said: Said) -> CatalogEntry:
    """Returns the matching text with its link; a viewer's link to an item leads to the list."""
    if said.tip is None:
        url = url_for("toolkit.area", key=said.of.key)
        return CatalogEntry(SearchKind.LEARN, said.title, _("Focus area"), url, said.text)
    is_item = isinstance(said.of, TipItem)
    if is_item and may(membership.role, Permission.SEE_ALL):
        url = url_for("checklist.item", key=said.of.key)
    else:
        url = url_for("checklist.index", _anchor=f"checklist-{said.tip.key}")
    return CatalogEntry(SearchKind.TIPS, said.title, said.tip.name if is_item else "", url, said.text)
