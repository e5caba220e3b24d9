"""Links the related lists of a feature to each other, as a row of tabs below the heading."""

from flask import g, request, url_for

from engage.coalitions.permissions import Permission, may
from engage.i18n import lazy_gettext as _l
from engage.web.access import access_of
from engage.web.lists import Choice

# Each entry is one row of tabs, as (label, endpoint).
_TABS = [
    [
        (_l("Match needs and strengths"), "strengths.index"),
        (_l("Needs"), "strengths.needs"),
        (_l("Strengths"), "strengths.strengths"),
        (_l("Votes"), "strengths.votes_list"),
        (_l("Why we do each thing"), "chain.index"),
        (_l("Loose ends"), "chain.loose_ends"),
    ],
    [
        (_l("Organizations"), "partners.index"),
        (_l("Referral list"), "partners.services"),
        (_l("Agreements"), "partners.agreements"),
        (_l("Coverage"), "partners.coverage"),
        (_l("Disciplines"), "partners.disciplines"),
        (_l("Sectors to recruit"), "partners.recruitments"),
    ],
    [
        (_l("My tasks"), "messages.index"),
        (_l("Announcements"), "announcements.index"),
    ],
    [
        (_l("Meetings"), "meetings.index"),
        (_l("Decisions"), "meetings.decision_list"),
    ],
    [
        (_l("Documents"), "documents.index"),
        (_l("Templates"), "documents.templates"),
    ],
    [
        (_l("The coalition"), "coalitions.settings"),
        (_l("Access and privacy"), "coalitions.access"),
        (_l("Words and help lines"), "coalitions.help_lines"),
        (_l("Data"), "coalitions.data"),
    ],
]


def sections_here() -> list[Choice]:
    """Returns the tabs of the current page, which is marked; none if the page has no related lists."""
    if "membership" not in g:
        return []
    # A refused form is answered at its POST address, which still belongs to the page below which it is.
    here = (request.endpoint or "").replace(".save_", ".")
    tabs = next((tabs for tabs in _TABS if here in [endpoint for _label, endpoint in tabs]), [])
    open_here = [(label, endpoint) for label, endpoint in tabs if _is_open(endpoint)]
    if len(open_here) < 2:
        return []
    return [Choice(str(label), url_for(endpoint), endpoint == here) for label, endpoint in open_here]


def _is_open(endpoint: str) -> bool:
    access = access_of(endpoint)
    return isinstance(access, Permission) and may(g.membership.role, access)
