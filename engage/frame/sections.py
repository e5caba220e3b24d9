"""Links the related lists of a feature to each other, as a row of tabs below the heading."""

from flask import g, request, url_for

from engage.coalitions.permissions import Permission, may
from engage.i18n import LazyString
from engage.i18n import lazy_gettext as _l
from engage.web.access import access_of
from engage.web.lists import Choice

# Each entry is one row of tabs, as (label, endpoint).
_TABS = [
    [
        (_l("Getting Started"), "onboarding.index"),
        (_l("Tips"), "checklist.index"),
        (_l("Learn"), "toolkit.index"),
    ],
    [
        (_l("Match needs and strengths"), "strengths.index"),
        (_l("Needs"), "strengths.needs"),
        (_l("Strengths"), "strengths.strengths"),
        (_l("Votes"), "strengths.votes_list"),
        (_l("Why we do each thing"), "chain.index"),
    ],
    [
        (_l("Organizations"), "partners.index"),
        (_l("Referral list"), "partners.services"),
        (_l("Agreements"), "partners.agreements"),
        (_l("Coverage"), "partners.coverage"),
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

# The pages that share one tab, as a second row below it; the first has the tab's address.
_PARTS = [
    [
        (_l("From answers to results"), "chain.index"),
        (_l("Loose ends"), "chain.loose_ends"),
    ],
    [
        (_l("Sectors"), "partners.coverage"),
        (_l("Disciplines"), "partners.disciplines"),
    ],
]


def sections_here() -> list[Choice]:
    """Returns the tabs of the current page, which is marked; none if the page has no related lists."""
    here = _endpoint()
    tab = next((parts[0][1] for parts in _PARTS if here in [endpoint for _label, endpoint in parts]), here)
    return _row(_TABS, tab)


def parts_here() -> list[Choice]:
    """Returns the pages that share the current page's tab."""
    return _row(_PARTS, _endpoint())


def _endpoint() -> str:
    # A refused form is answered at its POST address, which still belongs to the page below which it is.
    return (request.endpoint or "").replace(".save_", ".")


def _row(rows: list[list[tuple[LazyString, str]]], here: str) -> list[Choice]:
    if "membership" not in g:
        return []
    tabs = next((tabs for tabs in rows if here in [endpoint for _label, endpoint in tabs]), [])
    open_here = [(label, endpoint) for label, endpoint in tabs if _is_open(endpoint)]
    if len(open_here) < 2:
        return []
    return [Choice(str(label), url_for(endpoint), endpoint == here) for label, endpoint in open_here]


def _is_open(endpoint: str) -> bool:
    access = access_of(endpoint)
    return isinstance(access, Permission) and may(g.membership.role, access)
