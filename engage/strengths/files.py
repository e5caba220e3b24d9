"""Writes the lists of needs and of strengths as tables to download, with the content of their pages."""

from collections.abc import Mapping

from flask_babel import gettext as _

from engage.strengths import words
from engage.strengths.needs.queries import Needs
from engage.strengths.strengths.pages import area_words, kind_words
from engage.strengths.strengths.queries import StrengthFilters, StrengthOrder, Strengths, StrengthsShown
from engage.web.csv_files import Field

Table = tuple[list[str], list[list[Field]]]


def needs(listed: Needs) -> Table:
    """Returns one line for each need; unknown values are empty."""
    head = [
        _("Number"),
        _("Need"),
        _("Focus area"),
        _("Round"),
        _("Gap"),
        _("Where the gap comes from"),
        _("Importance"),
        _("Feasibility"),
        _("Rated by"),
        _("Rated on"),
        _("Priority"),
        _("Matched strengths"),
        _("No strength found on"),
        _("No longer a need since"),
    ]
    lines = [*listed.open, *(each for each in listed.lines if each.closed_on is not None)]
    rows: list[list[Field]] = [
        [
            each.number,
            each.title,
            each.area_name,
            each.round,
            each.gap.value if each.gap is not None else None,
            words.gap_source(each.gap) if each.gap is not None else None,
            each.importance,
            each.feasibility,
            str(words.SOURCE_WORDS[each.rating_source]) if each.rating_source is not None else None,
            each.rated_on.isoformat() if each.rated_on is not None else None,
            each.priority,
            each.matched,
            each.no_strength_on.isoformat() if each.no_strength_on is not None else None,
            each.closed_on.isoformat() if each.closed_on is not None else None,
        ]
        for each in lines
    ]
    return head, rows


def strengths(listed: Strengths, areas: Mapping[str, str]) -> Table:
    """Returns one line for each strength, those on offer first."""
    head = [
        _("Strength"),
        _("Kind"),
        _("Offered by"),
        _("Organization"),
        _("Focus areas"),
        _("Limits"),
        _("Matched needs"),
        _("No longer available since"),
    ]
    by_title = StrengthFilters(sort=StrengthOrder.TITLE)
    lines = [each for show in StrengthsShown for each in listed.only(by_title.with_(show=show))]
    rows: list[list[Field]] = [
        [
            each.title,
            kind_words(each.kind),
            each.giver,
            each.organization,
            area_words(each.areas, areas),
            each.limits,
            each.matched,
            each.withdrawn_on.isoformat() if each.withdrawn_on is not None else None,
        ]
        for each in lines
    ]
    return head, rows
