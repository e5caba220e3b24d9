"""Builds the list of needs, with its words and addresses."""

from collections.abc import Sequence

from flask import url_for
from msgspec import Struct

from engage.assessment.results.labels import number_words
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.strengths import labels
from engage.strengths.needs.queries import NeedFilters, NeedLine, NeedOrder, Needs, NeedsShown
from engage.web.lists import Choice, Option, Pages, page_of


class NeedRow(Struct, frozen=True):
    """A need's row; unknown values are empty, and `gap` and `rated` say why."""

    number: int
    title: str
    about: str
    gap: str
    gap_source: str
    rating: str
    rated: str
    priority: str
    # These are the length of the priority's bar, 0 to 100, and its words.
    part: float
    part_words: str
    strengths: str


class Lowest(Struct, frozen=True):
    """The line above the list: the lowest area, and its needs."""

    sentence: str
    area: str
    needs: list[tuple[int, str]]
    results_url: str


class NeedsPage(Struct, frozen=True):
    rows: list[NeedRow]
    total: int
    pages: Pages
    filters: NeedFilters
    shows: list[Choice]
    sorts: list[Option]
    areas: list[Option]
    lowest: Lowest | None
    unrated: int

    @classmethod
    def of(cls, needs: Needs, filters: NeedFilters, page: str) -> "NeedsPage":
        found = needs.only(filters)

        def at(filters: NeedFilters, **more: object) -> str:
            return url_for("strengths.needs", **{**filters.args(), **more})

        rows, pages = page_of(found, page, lambda n: at(filters, page=n))
        counts = {show: len(needs.only(filters.with_(show=show))) for show in NeedsShown}
        return cls(
            rows=_need_rows(rows),
            total=len(needs.lines),
            pages=pages,
            filters=filters,
            shows=[
                Choice(label, at(filters.with_(show=show)), filters.show is show, counts[show])
                for show, label in _shows().items()
            ],
            sorts=[Option(key, label, filters.sort == key) for key, label in _sorts().items()],
            areas=[
                Option(key, label, filters.area == key)
                for key, label in [("", _("All areas")), *needs.used_areas]
            ],
            lowest=_lowest(needs),
            unrated=sum(not each.is_rated for each in needs.open),
        )


def _shows() -> dict[NeedsShown, str]:
    return {
        NeedsShown.OPEN: _("Open"),
        NeedsShown.UNRATED: _("Not rated yet"),
        NeedsShown.CLOSED: _("No longer a need"),
    }


def _sorts() -> dict[NeedOrder, str]:
    return {
        NeedOrder.PRIORITY: _("Most pressing first"),
        NeedOrder.GAP: _("Widest gap first"),
        NeedOrder.NEWEST: _("Newest first"),
    }


def _lowest(needs: Needs) -> Lowest | None:
    if (found := needs.lowest) is None:
        return None
    area, lines = found
    sentence = _(
        "Lowest area: %(area)s, %(value)s of 4 (%(round)s).",
        area=area.name,
        value=number_words(area.cell.value),
        round=area.round.title,
    )
    results = url_for("assessment.area_results", round_id=area.round.id, key=area.key)
    return Lowest(sentence, area.key, [(each.number, each.title) for each in lines], results)


def _need_rows(lines: Sequence[NeedLine]) -> list[NeedRow]:
    """Returns the rows; words that many rows share are looked up once, because a list may hold a hundred."""
    not_shown, unrated = _("not shown"), _("not rated yet")
    none_found, none_yet, of_100 = _("none found"), _("none yet"), _("{} of 100")
    sources: dict[object, str] = {}
    ratings: dict[tuple[float | None, float | None], str] = {}
    matched: dict[int, str] = {}
    found = []
    for each in lines:
        gap = number_words(each.gap.value) if each.gap is not None else not_shown
        if each.gap not in sources:
            sources[each.gap] = labels.gap_source(each.gap) if each.gap is not None else ""
        rated = (each.rating_source, each.rated_on)
        if rated not in sources:
            source, on = rated
            sources[rated] = labels.rating_source(source, on) if source and on else unrated
        if each.matched not in matched:
            matched[each.matched] = ngettext("%(num)s matched", "%(num)s matched", each.matched)
        pair = (each.importance, each.feasibility)
        if pair not in ratings:
            ratings[pair] = labels.rating_words(*pair)
        found.append(
            NeedRow(
                number=each.number,
                title=each.title,
                about=" · ".join(part for part in (each.area_name, each.round) if part),
                gap=gap,
                gap_source=sources[each.gap],
                rating=ratings[pair],
                rated=sources[rated],
                priority=labels.plain_number(each.priority) if each.priority is not None else "",
                part=each.priority or 0,
                part_words=of_100.format(labels.plain_number(each.priority or 0)),
                strengths=matched[each.matched]
                if each.matched
                else none_found
                if each.no_strength_on
                else none_yet,
            )
        )
    return found
