"""Builds the referral list and a service's page, with their words and addresses."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby

from msgspec import Struct

from engage.database import folded
from engage.i18n import gettext as _
from engage.partners import queries as partners_queries
from engage.partners.labels import HELP_LABELS
from engage.partners.models import Organization, Service
from engage.partners.rules import Help, TagKind
from engage.partners.services import queries
from engage.partners.services.queries import Listed, ServiceFilters, ServiceLine
from engage.partners.services.rules import split
from engage.web.lists import Choice, Option, Pages, filter_options, page_of

PAGE_ROWS = 100
# An organization's page offers to list at most this many services of its entry.
OFFERS_MOST = 3


class ReferralPart(Struct, frozen=True):
    """The part of the list with one kind of help."""

    kind: Help
    heading: str
    rows: list[ServiceLine]


class ReferralList(Struct, frozen=True):
    parts: list[ReferralPart]
    found: int
    filters: ServiceFilters
    pages: Pages
    shows: list[Choice]
    # Each select is (name, label, options).
    selects: list[tuple[str, str, list[Option]]]
    # This says whether the coalition has no services at all.
    is_empty: bool


def referral_list(
    lines: Sequence[ServiceLine],
    filters: ServiceFilters,
    page: str,
    at: Callable[..., str],
    *,
    edits: bool,
) -> ReferralList:
    """Returns the page of the list that the address asks for; `edits` also offers services that are not listed yet."""
    if not edits:
        filters = filters.with_(show=Listed.LISTED)
    found = filters.only(lines)
    rows, pages = page_of(found, page, lambda number: at(**filters.args(), page=number), PAGE_ROWS)
    labels = {
        Listed.LISTED: _("On the list"),
        Listed.OLD: _("Not checked for a year"),
        Listed.NOT_AGREED: _("Not agreed yet"),
    }
    shows = [
        Choice(label, at(**changed.args()), filters.show is show, len(changed.only(lines)))
        for show, label in labels.items()
        for changed in [filters.with_(show=show)]
    ]
    seen = [each for each in lines if edits or each.service.agreed_on is not None]
    return ReferralList(
        parts=parts_of(rows),
        found=len(found),
        filters=filters,
        pages=pages,
        shows=shows if edits else [],
        selects=_selects([each.service for each in seen], filters),
        is_empty=not seen,
    )


def parts_of(lines: Iterable[ServiceLine]) -> list[ReferralPart]:
    """Returns the lines in the list's order, by the kind of help."""
    return [
        ReferralPart(kind, str(HELP_LABELS[kind]), list(rows))
        for kind, rows in groupby(lines, lambda each: each.service.kind)
    ]


def _selects(services: Sequence[Service], filters: ServiceFilters) -> list[tuple[str, str, list[Option]]]:
    kinds = {each.kind for each in services}
    return [
        (
            "kind",
            _("Kind of help"),
            filter_options(
                _("All"),
                [(kind, words) for kind, words in HELP_LABELS.items() if kind in kinds],
                filters.kind,
            ),
        ),
        (
            "county",
            _("County"),
            filter_options(_("All"), _several(each.counties for each in services), filters.county),
        ),
        (
            "language",
            _("Language"),
            filter_options(_("All"), _several(each.languages for each in services), filters.language),
        ),
    ]


def _several(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Returns every county, or language, once, as (key for the filter, text as written)."""
    found = {folded(each): each for text in texts for each in split(text)}
    return sorted(found.items())


# -- the services of one organization, for its own page


class OwnServices(Struct, frozen=True):
    """The rows, and `offers`: services in the organization's entry that no row has yet."""

    rows: list[ServiceLine]
    offers: list[str]


def own_services(organization: Organization, today: date, *, edits: bool) -> OwnServices:
    """Returns the services and the offers; a reader who may not edit sees only listed services."""
    lines = queries.services_with(organization, today)
    if not edits:
        return OwnServices([each for each in lines if each.service.agreed_on], [])
    there = {folded(each.service.title) for each in lines}
    named = partners_queries.tags_of(organization).get(TagKind.SERVICE, [])
    offers = [each for each in named if folded(each) not in there]
    return OwnServices(lines, offers[:OFFERS_MOST])
