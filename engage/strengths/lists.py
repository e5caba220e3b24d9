"""The lists of needs and of strengths as their pages show them: words put together, addresses built once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from engage.assessment.words import number_words
from engage.strengths import words
from engage.strengths.needs import NeedFilters, NeedLine, NeedOrder, Needs, NeedsShown
from engage.strengths.rules import StrengthKind
from engage.strengths.strengths import (
    NO_KIND,
    StrengthFilters,
    StrengthLine,
    StrengthOrder,
    Strengths,
    StrengthsShown,
)

PAGE_ROWS = 100
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that changes what is shown."""

    label: str
    url: str
    current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One of a select's."""

    value: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Pages:
    page: int
    pages: int
    url_for: Callable[[int], str]


def page_of(
    rows: Sequence[Row], asked: str, url: Callable[[int], str], most: int = PAGE_ROWS
) -> tuple[Sequence[Row], Pages]:
    """The rows of the page that the address asks for, the nearest there is; `most` on each."""
    pages = max(1, -(-len(rows) // most))
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1
    page = min(max(number, 1), pages)
    return rows[(page - 1) * most : page * most], Pages(page, pages, url)


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A need's row; what is not known is empty, with the reason in `gap` and `rated`."""

    number: int
    title: str
    about: str
    gap: str
    gap_source: str
    rating: str
    rated: str
    priority: str
    # For the bar, 0 to 100, and what it says.
    part: float
    part_words: str
    strengths: str


@dataclass(frozen=True, slots=True)
class Lowest:
    """The line above: the lowest area, and which needs are in it."""

    sentence: str
    area: str
    needs: list[tuple[int, str]]
    results_url: str


@dataclass(frozen=True, slots=True)
class NeedsPage:
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

        def at(filters: NeedFilters, **more: Any) -> str:
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
    """Words that many rows share are asked for once: a list may hold a hundred."""
    not_shown, unrated = _("not shown"), _("not rated yet")
    none_found, none_yet, of_100 = _("none found"), _("none yet"), _("{} of 100")
    sources: dict[object, str] = {}
    ratings: dict[tuple[float | None, float | None], str] = {}
    tied: dict[int, str] = {}
    found = []
    for each in lines:
        gap = number_words(each.gap.value) if each.gap is not None else not_shown
        if each.gap not in sources:
            sources[each.gap] = words.gap_source(each.gap) if each.gap is not None else ""
        rated = (each.rating_source, each.rated_on)
        if rated not in sources:
            source, on = rated
            sources[rated] = words.rating_source(source, on) if source and on else unrated
        if each.tied not in tied:
            tied[each.tied] = ngettext("%(num)s tied", "%(num)s tied", each.tied)
        pair = (each.importance, each.feasibility)
        if pair not in ratings:
            ratings[pair] = words.rating_words(*pair)
        found.append(
            NeedRow(
                number=each.number,
                title=each.title,
                about=" · ".join(part for part in (each.area_name, each.round) if part),
                gap=gap,
                gap_source=sources[each.gap],
                rating=ratings[pair],
                rated=sources[rated],
                priority=words.plain_number(each.priority) if each.priority is not None else "",
                part=each.priority or 0,
                part_words=of_100.format(words.plain_number(each.priority or 0)),
                strengths=tied[each.tied] if each.tied else none_found if each.no_strength_on else none_yet,
            )
        )
    return found


# -- strengths


@dataclass(frozen=True, slots=True)
class StrengthRow:
    id: int
    title: str
    kind: str
    giver: str
    organization: str
    left: str
    areas: str
    needs: str


@dataclass(frozen=True, slots=True)
class StrengthsPage:
    rows: list[StrengthRow]
    found: int
    total: int
    # How many are on offer of each kind: (word, count), those that nobody named last.
    kinds: list[Choice]
    pages: Pages
    filters: StrengthFilters
    shows: list[Choice]
    sorts: list[Option]
    areas: list[Option]

    @classmethod
    def of(
        cls, strengths: Strengths, areas: Mapping[str, str], filters: StrengthFilters, page: str
    ) -> "StrengthsPage":
        found = strengths.only(filters)

        def at(filters: StrengthFilters, **more: Any) -> str:
            return url_for("strengths.strengths", **{**filters.args(), **more})

        rows, pages = page_of(found, page, lambda n: at(filters, page=n))
        shows = {StrengthsShown.OFFERED: _("On offer"), StrengthsShown.WITHDRAWN: _("No longer on offer")}
        sorts = {
            StrengthOrder.TITLE: _("By name"),
            StrengthOrder.GIVER: _("By who offers it"),
            StrengthOrder.NEWEST: _("Newest first"),
        }
        return cls(
            rows=_strength_rows(rows, areas),
            found=len(found),
            total=len(strengths.lines),
            kinds=[
                Choice(
                    str(label),
                    at(filters.with_(kind="" if filters.kind == kind else kind)),
                    filters.kind == kind,
                    len(strengths.only(filters.with_(kind=kind))),
                )
                for kind, label in [*words.KIND_WORDS.items(), (NO_KIND, _("Kind not said yet"))]
            ],
            pages=pages,
            filters=filters,
            shows=[
                Choice(
                    label,
                    at(filters.with_(show=show)),
                    filters.show is show,
                    len(strengths.only(filters.with_(show=show))),
                )
                for show, label in shows.items()
            ],
            sorts=[Option(key, label, filters.sort == key) for key, label in sorts.items()],
            areas=[
                Option(key, label, filters.area == key)
                for key, label in [("", _("All areas")), *areas.items()]
            ],
        )


def kind_words(kind: StrengthKind | None) -> str:
    return str(words.KIND_WORDS[kind]) if kind is not None else _("Kind not said yet")


def area_words(keys: Sequence[str], areas: Mapping[str, str]) -> str:
    """Names of focus areas in their order; one that no round knows any more by its key."""
    known = [name for key, name in areas.items() if key in keys]
    return ", ".join([*known, *(key for key in keys if key not in areas)])


def _strength_rows(lines: Sequence[StrengthLine], areas: Mapping[str, str]) -> list[StrengthRow]:
    community, left, not_yet = _("The community"), _("no longer with us"), _("none yet")
    kinds = {kind: kind_words(kind) for kind in (None, *StrengthKind)}
    tied: dict[int, str] = {0: not_yet}
    found = []
    for each in lines:
        if each.tied not in tied:
            tied[each.tied] = ngettext("%(num)s tied", "%(num)s tied", each.tied)
        found.append(
            StrengthRow(
                id=each.id,
                title=each.title,
                kind=kinds[each.kind],
                giver=each.giver or each.organization or community,
                organization=each.organization if each.giver else "",
                left=left if each.giver_left else "",
                areas=area_words(each.areas, areas),
                needs=tied[each.tied],
            )
        )
    return found
