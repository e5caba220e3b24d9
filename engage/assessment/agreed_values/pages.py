"""Builds the list of a round's indicators, by disagreement, gap, change, or how many people did not know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from flask import url_for
from msgspec import Struct
from msgspec.structs import replace

from engage.assessment.results.labels import ORDER_LABELS, apart_words, difference_words, number_words, way
from engage.assessment.results.pages.spreads import ResultSpread, spread
from engage.assessment.results.queries.closed import Results
from engage.assessment.results.queries.earlier import earlier_results, latest_comparable
from engage.assessment.results.rules.changes import ResultChange, side_by_side
from engage.assessment.results.rules.findings import FindingOrder, ordered
from engage.assessment.results.rules.releases import IndicatorResult
from engage.coalitions.models import Membership
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.partners.services import queries as services_queries
from engage.web.lists import (
    Choice,
    ListFilters,
    Option,
    Pages,
    enum_asked,
    flag_asked,
    number_asked,
    text_asked,
)

ROWS: Final = 50
# How many statements are shown at each end of the list.
ENDS: Final = 5


class Asked(ListFilters, frozen=True):
    """The options in the address; invalid values are ignored. `since` is the id of an earlier round."""

    order: FindingOrder = enum_asked(FindingOrder, FindingOrder.DISAGREEMENT, says="sort")
    area: str = text_asked(60)
    since: int | None = number_asked()
    page: int = number_asked(1)
    # True lists every statement in the usual order. With no options in the address, only both ends of the
    # list are shown.
    whole: bool = flag_asked(says="all")

    @property
    def shows_ends(self) -> bool:
        return not self.args()


class AgreedLine(Struct, frozen=True):
    """An indicator with its change since the earlier round: `moved` is a text; `way` is up, down, same or none."""

    spread: ResultSpread
    moved: str
    way: str
    was: str | None


class AgreementList(Struct, frozen=True):
    """The list of a round's indicators; changes are measured from the earlier round `since`, if there is one."""

    asked: Asked
    lines: Sequence[AgreedLine]
    # The statements on which ratings are closest together, the closest first; only if both ends of the list
    # are shown.
    closest: Sequence[AgreedLine]
    all_url: str
    total: int
    orders: Sequence[Choice]
    areas: Sequence[Option]
    earlier: Sequence[Option]
    since: Results | None
    shown: Pages


def agreement_list(results: Results, asked: Asked, at: Callable[..., str]) -> AgreementList:
    """Builds the list; `at` returns an address of the list for given options."""
    ends = asked.shows_ends
    earlier = earlier_results(results)
    since = next((each for each in earlier if each.round.id == asked.since), None)
    since = since or latest_comparable(results, earlier)
    if results.questions.area(asked.area) is None:
        asked = replace(asked, area="")
    changes = _changes(results, since)
    moved = {key: each.difference for key, each in changes.items() if each.difference is not None}
    rows = [row for area in results.release.areas if asked.area in {"", area.key} for row in area.indicators]
    pages = max(1, -(-len(rows) // ROWS))
    asked = replace(asked, page=min(asked.page, pages))
    first = (asked.page - 1) * ROWS
    wanted = ordered(rows, asked.order, moved)
    shown, closest = wanted[first : first + ROWS], list[IndicatorResult]()
    if ends and len(rows) > 2 * ENDS:
        shown = wanted[:ENDS]
        closest = [row for row in reversed(wanted[ENDS:]) if row.counts is not None][:ENDS]

    def line(row: IndicatorResult) -> AgreedLine:
        return _line(results, spread(results, row), changes.get(row.key), since)

    def page_url(page: int) -> str:
        return at(**replace(asked, page=page).args())

    return AgreementList(
        asked=asked,
        lines=[line(row) for row in shown],
        closest=[line(row) for row in closest],
        all_url=at(**replace(asked, whole=True, page=1).args()),
        total=len(rows),
        orders=[
            _order(order, asked, at)
            for order in FindingOrder
            if since is not None or order is not FindingOrder.CHANGE
        ],
        areas=_areas(results, asked),
        earlier=[Option(str(each.round.id), each.round.title, each is since) for each in earlier],
        since=since,
        shown=Pages(asked.page, pages, page_url),
    )


def _changes(results: Results, since: Results | None) -> Mapping[str, ResultChange]:
    if since is None:
        return {}
    return side_by_side((since.questions, since.release), (results.questions, results.release)).indicators


def _line(
    results: Results, shown: ResultSpread, change: ResultChange | None, since: Results | None
) -> AgreedLine:
    if change is None or since is None:
        return AgreedLine(shown, "", "", None)
    if change.difference is None:
        return AgreedLine(shown, apart_words(change, since.round.title, results.round.title), "", None)
    was = number_words(change.before) if change.before is not None else None
    return AgreedLine(shown, difference_words(change.difference), way(change.difference), was)


def _order(order: FindingOrder, asked: Asked, at: Callable[..., str]) -> Choice:
    url = at(**replace(asked, order=order, page=1, whole=order is FindingOrder.DISAGREEMENT).args())
    return Choice(str(ORDER_LABELS[order]), url, order is asked.order and not asked.shows_ends)


def _areas(results: Results, asked: Asked) -> list[Option]:
    named = [("", _("All areas")), *((area.key, area.short) for area in results.questions.areas)]
    return [Option(key, name, key == asked.area) for key, name in named]


# -- what the coalition's records in Engage say about a statement

REFERRAL_LIST = "trusted-referral-list"


class Evidence(Struct, frozen=True):
    """A text about records of the coalition that bear on a statement, and the page that shows them."""

    words: str
    url: str


def evidence_of(membership: Membership, key: str, today: date) -> Evidence | None:
    """Returns what the referral list says about the statement on referrals; None for any other statement."""
    if key != REFERRAL_LIST:
        return None
    found = services_queries.counted(membership, today)
    words = _("The referral list here has no service yet.")
    if found.services:
        listed = ngettext("%(num)s service", "%(num)s services", found.services)
        by = ngettext("%(num)s organization", "%(num)s organizations", found.organizations)
        words = _(
            "The referral list here has %(listed)s of %(organizations)s. "
            "Checked within a year: %(checked)s of %(all)s.",
            listed=listed,
            organizations=by,
            checked=found.checked,
            all=found.services,
        )
    return Evidence(words, url_for("partners.services"))
