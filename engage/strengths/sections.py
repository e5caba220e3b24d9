"""The pages of strengths and needs that lead to each other."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _


@dataclass(frozen=True, slots=True)
class Section:
    label: str
    url: str
    current: bool


def sections() -> list[Section]:
    """Their lists; the current one is marked."""
    found = [
        (_("Side by side"), "strengths.index"),
        (_("Needs"), "strengths.needs"),
        (_("Strengths"), "strengths.strengths"),
        (_("Votes"), "strengths.votes_list"),
        (_("The chain"), "chain.index"),
    ]
    return [Section(label, url_for(name), request.endpoint == name) for label, name in found]
