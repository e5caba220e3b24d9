"""Finds tips and focus areas in the content: Engage's own words, in the reader's language, which no database holds."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _

from engage.checklist import queries as checklist
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.content.loader import content
from engage.search.rules import Kind, Ways, matches


class Entry(NamedTuple):
    """A piece of the content that matches."""

    kind: Kind
    title: str
    word: str
    url: str
    text: str


def find(membership: Membership, words: Sequence[Ways]) -> list[Entry]:
    """Returns the tips and areas that have every word."""
    return [each for each in [*_tips(membership), *_areas()] if matches(f"{each.title} {each.text}", words)]


def _tips(membership: Membership) -> list[Entry]:
    """Returns the tips and the items that this coalition is shown; a viewer reads items in the list only."""
    fits, sees_all = checklist.shown_to(membership.coalition), may(membership.role, Permission.SEE_ALL)
    found = []
    for tip in content().tips:
        page = url_for("checklist.index", _anchor=f"checklist-{tip.key}")
        found.append(Entry(Kind.TIPS, tip.name, "", page, tip.why))
        for item in filter(fits, tip.items):
            url = url_for("checklist.item", key=item.key) if sees_all else page
            found.append(Entry(Kind.TIPS, item.text, tip.name, url, item.help or ""))
    return found


def _areas() -> list[Entry]:
    return [
        Entry(
            Kind.LEARN,
            area.name,
            _("Focus area"),
            url_for("toolkit.area", key=area.key),
            " ".join((area.question, *area.explanation, *area.look_for, *area.ask_yourselves)),
        )
        for area in content().areas
    ]
