"""Builds the list of strengths, with its words and addresses."""

from collections.abc import Mapping, Sequence

from flask import url_for
from msgspec import Struct

from engage.i18n import gettext as _
from engage.strengths import labels
from engage.strengths.strengths.queries import (
    NO_KIND,
    StrengthFilters,
    StrengthLine,
    StrengthOrder,
    Strengths,
    StrengthsShown,
)
from engage.web.lists import Choice, Option, Pages, page_of


class StrengthsPage(Struct, frozen=True):
    rows: Sequence[StrengthLine]
    found: int
    total: int
    # These are the numbers of strengths on offer by kind, as (word, count); strengths without a kind come
    # last.
    kinds: list[Choice]
    pages: Pages
    filters: StrengthFilters
    shows: list[Choice]
    sorts: list[Option]
    areas: list[Option]
    area_names: Mapping[str, str]

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
            rows=rows,
            found=len(found),
            total=len(strengths.lines),
            kinds=[
                Choice(
                    str(label),
                    at(filters.with_(kind="" if filters.kind == kind else kind)),
                    filters.kind == kind,
                    len(strengths.only(filters.with_(kind=kind))),
                )
                for kind, label in [*labels.KIND_LABELS.items(), (NO_KIND, _("Kind not given yet"))]
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
            area_names=areas,
        )

    def areas_of(self, strength: StrengthLine) -> str:
        return area_words(strength.areas, self.area_names)


def area_words(keys: Sequence[str], areas: Mapping[str, str]) -> str:
    """Returns names of focus areas in their order; the key if no round has the area any more."""
    known = [name for key, name in areas.items() if key in keys]
    return ", ".join([*known, *(key for key in keys if key not in areas)])
