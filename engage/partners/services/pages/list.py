"""Builds the referral list and a service's page, with their words and addresses."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby

from flask_babel import gettext as _
from msgspec import Struct

from engage.database import folded
from engage.dates import medium_day
from engage.partners.models import Service
from engage.partners.rules import Help, needs_a_look
from engage.partners.services.queries import Filters, Listed, ServiceLine
from engage.partners.services.rules import split
from engage.partners.words import HELP_WORDS
from engage.web.lists import Choice, Option, Pages, filter_options, page_of

PAGE_ROWS = 100


class ServiceRow(Struct, frozen=True):
    """A service in words: `whom` in one line, `facts` as (label, words), only what is known.

    `at_once` holds what people in a hurry need: when it is open, what it costs, in which languages; `rest`
    are the other facts.
    """

    id: int
    organization_id: int
    title: str
    organization: str
    phone: str
    whom: str
    at_once: str
    facts: list[tuple[str, str]]
    rest: list[tuple[str, str]]
    checked: str
    is_old: bool
    is_listed: bool


class Part(Struct, frozen=True):
    """The part of the list with one kind of help."""

    kind: Help
    heading: str
    rows: list[ServiceRow]


class ReferralList(Struct, frozen=True):
    parts: list[Part]
    found: int
    filters: Filters
    pages: Pages
    shows: list[Choice]
    # Each of these is (name, label, options).
    selects: list[tuple[str, str, list[Option]]]
    # This says whether the coalition has no services at all.
    is_empty: bool


def referral_list(
    lines: Sequence[ServiceLine],
    filters: Filters,
    today: date,
    page: str,
    at: Callable[..., str],
    *,
    edits: bool,
) -> ReferralList:
    """Returns the page of the list that the address asks for; `edits` also offers services that are not listed yet."""
    if not edits:
        filters = filters.with_(show=Listed.LISTED)
    found = filters.only(lines, today)
    rows, pages = page_of(found, page, lambda number: at(**filters.args(), page=number), PAGE_ROWS)
    labels = {
        Listed.LISTED: _("On the list"),
        Listed.OLD: _("Not checked for a year"),
        Listed.NOT_AGREED: _("Not agreed yet"),
    }
    shows = [
        Choice(label, at(**changed.args()), filters.show is show, len(changed.only(lines, today)))
        for show, label in labels.items()
        for changed in [filters.with_(show=show)]
    ]
    seen = [each for each in lines if edits or each.service.agreed_on is not None]
    return ReferralList(
        parts=parts_of(rows, today),
        found=len(found),
        filters=filters,
        pages=pages,
        shows=shows if edits else [],
        selects=_selects([each.service for each in seen], filters),
        is_empty=not seen,
    )


def parts_of(lines: Iterable[ServiceLine], today: date) -> list[Part]:
    """Returns the lines in the list's order, by the kind of help."""
    return [
        Part(kind, str(HELP_WORDS[kind]), [row_of(each, today) for each in rows])
        for kind, rows in groupby(lines, lambda each: each.service.kind)
    ]


def row_of(line: ServiceLine, today: date) -> ServiceRow:
    service = line.service
    whom = (service.for_whom, service.ages, service.genders)
    before = _known((_("How to refer someone"), service.refer), (_("Who can get it"), service.eligibility))
    at_once = _known(
        (_("Opening hours"), service.hours), (_("Cost"), service.cost), (_("Languages"), service.languages)
    )
    after = _known((_("Counties"), service.counties))
    return ServiceRow(
        id=service.id,
        organization_id=service.organization_id,
        title=service.title,
        organization=line.organization,
        phone=service.phone,
        whom=" · ".join(filter(None, whom)),
        at_once=" · ".join(words for _label, words in at_once),
        facts=[*before, *at_once, *after],
        rest=[*before, *after],
        checked=medium_day(service.checked_on),
        is_old=needs_a_look(service.checked_on, today),
        is_listed=service.agreed_on is not None,
    )


def _known(*facts: tuple[str, str]) -> list[tuple[str, str]]:
    return [each for each in facts if each[1]]


def _selects(services: Sequence[Service], filters: Filters) -> list[tuple[str, str, list[Option]]]:
    kinds = {each.kind for each in services}
    return [
        (
            "kind",
            _("Kind of help"),
            filter_options(
                _("All"),
                [(kind, words) for kind, words in HELP_WORDS.items() if kind in kinds],
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
    """Returns every county, or language, once: (key for the filter, text as written)."""
    found = {folded(each): each for text in texts for each in split(text)}
    return sorted(found.items())
