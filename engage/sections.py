"""The lists of a feature that lead to each other, as a line of tabs below their heading."""

from flask import g, request, url_for
from flask_babel import gettext as _

from engage.access import access_of
from engage.coalitions.permissions import Permission, may
from engage.lists import Choice


def _rooms() -> list[list[tuple[str, str]]]:
    """Tabs of one line each, as (label, endpoint)."""
    return [
        [
            (_("Side by side"), "strengths.index"),
            (_("Needs"), "strengths.needs"),
            (_("Strengths"), "strengths.strengths"),
            (_("Votes"), "strengths.votes_list"),
            (_("The chain"), "chain.index"),
            (_("Loose ends"), "chain.loose_ends"),
        ],
        [
            (_("Organizations"), "partners.index"),
            (_("Agreements"), "partners.agreements"),
            (_("Coverage"), "partners.coverage"),
            (_("Open seats"), "partners.seats"),
        ],
        [
            (_("Meetings"), "meetings.index"),
            (_("Decisions"), "meetings.decision_list"),
        ],
    ]


def sections_here() -> list[Choice]:
    """The tabs of the page asked for, the current one marked; none where it is no list or has no neighbors."""
    if "membership" not in g:
        return []
    here = request.endpoint
    room = next((room for room in _rooms() if here in [endpoint for _label, endpoint in room]), [])
    open_here = [(label, endpoint) for label, endpoint in room if _is_open(endpoint)]
    if len(open_here) < 2:
        return []
    return [Choice(label, url_for(endpoint), endpoint == here) for label, endpoint in open_here]


def _is_open(endpoint: str) -> bool:
    access = access_of(endpoint)
    return isinstance(access, Permission) and may(g.membership.role, access)
