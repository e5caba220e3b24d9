"""Writes the lists of needs and of strengths as tables to download, with the same content as their pages."""

from collections.abc import Mapping

from engage.i18n import gettext as _
from engage.strengths import labels
from engage.strengths.needs.queries import NeedLine, Needs
from engage.strengths.strengths.pages import area_words
from engage.strengths.strengths.queries import (
    StrengthFilters,
    StrengthLine,
    StrengthOrder,
    Strengths,
    StrengthsShown,
)
from engage.web.csv_files import Column, Table, table


def needs(listed: Needs) -> Table:
    """Returns one row for each need; unknown values are empty."""
    columns: list[Column[NeedLine]] = [
        (_("Number"), lambda each: each.number),
        (_("Need"), lambda each: each.title),
        (_("Focus area"), lambda each: each.area_name),
        (_("Round"), lambda each: each.round),
        (_("Gap"), lambda each: each.gap.value if each.gap is not None else None),
        (
            _("Where the gap comes from"),
            lambda each: labels.gap_source(each.gap) if each.gap is not None else None,
        ),
        (_("Importance"), lambda each: each.importance),
        (_("Feasibility"), lambda each: each.feasibility),
        (
            _("Rated by"),
            lambda each: (
                str(labels.SOURCE_LABELS[each.rating_source]) if each.rating_source is not None else None
            ),
        ),
        (_("Rated on"), lambda each: each.rated_on),
        (_("Priority"), lambda each: each.priority),
        (_("Matched strengths"), lambda each: each.matched),
        (_("No strength found on"), lambda each: each.no_strength_on),
        (_("No longer a need since"), lambda each: each.closed_on),
    ]
    return table(columns, [*listed.open, *(each for each in listed.lines if each.closed_on is not None)])


def strengths(listed: Strengths, areas: Mapping[str, str]) -> Table:
    """Returns one row for each strength, those on offer first."""
    columns: list[Column[StrengthLine]] = [
        (_("Strength"), lambda each: each.title),
        (_("Kind"), lambda each: each.kind_words),
        (_("Offered by"), lambda each: each.giver),
        (_("Organization"), lambda each: each.organization),
        (_("Focus areas"), lambda each: area_words(each.areas, areas)),
        (_("Limits"), lambda each: each.limits),
        (_("Matched needs"), lambda each: each.matched),
        (_("No longer available since"), lambda each: each.withdrawn_on),
    ]
    by_title = StrengthFilters(sort=StrengthOrder.TITLE)
    return table(
        columns, [each for show in StrengthsShown for each in listed.only(by_title.with_(show=show))]
    )
