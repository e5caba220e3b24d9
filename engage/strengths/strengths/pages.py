"""Builds the list of strengths, with its words and addresses."""

from collections.abc import Mapping, Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from engage.strengths import words
from engage.strengths.rules import StrengthKind
from engage.strengths.strengths.queries import (
    NO_KIND,
    StrengthFilters,
    StrengthLine,
    StrengthOrder,
    Strengths,
    StrengthsShown,
)
from engage.web.lists import Choice, Option, Pages, page_of


class StrengthRow(Struct, frozen=True):
    id: int
    title: str
    kind: str
    giver: str
    organization: str
    left: str
    areas: str
    needs: str


class StrengthsPage(Struct, frozen=True):
    rows: list[StrengthRow]
    found: int
    total: int
    # These are the numbers on offer of each kind, as (word, count); strengths without a kind come last.
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

        def at(filters: StrengthFilters, **more: object) -> str:
            return url_for("strengths.strengths", **{**filters.args(), **more})

        rows, pages = page_of(found, page, lambda n: at(filters, page=n))
        shows = {StrengthsShown.OFFERED: _("Available"), StrengthsShown.WITHDRAWN: _("No longer available")}
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
                for kind, label in [*words.KIND_WORDS.items(), (NO_KIND, _("Kind not given yet"))]
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
    return str(words.KIND_WORDS[kind]) if kind is not None else _("Kind not given yet")


def area_words(keys: Sequence[str], areas: Mapping[str, str]) -> str:
    """Returns names of focus areas in their order; the key if no round has the area any more."""
    known = [name for key, name in areas.items() if key in keys]
    return ", ".join([*known, *(key for key in keys if key not in areas)])


def _strength_rows(lines: Sequence[StrengthLine], areas: Mapping[str, str]) -> list[StrengthRow]:
    community, left, not_yet = _("The community"), _("no longer a member"), _("none yet")
    kinds = {kind: kind_words(kind) for kind in (None, *StrengthKind)}
    matched: dict[int, str] = {0: not_yet}
    found = []
    for each in lines:
        if each.matched not in matched:
            matched[each.matched] = ngettext("%(num)s matched", "%(num)s matched", each.matched)
        found.append(
            StrengthRow(
                id=each.id,
                title=each.title,
                kind=kinds[each.kind],
                giver=each.giver or each.organization or community,
                organization=each.organization if each.giver else "",
                left=left if each.giver_left else "",
                areas=area_words(each.areas, areas),
                needs=matched[each.matched],
            )
        )
    return found
