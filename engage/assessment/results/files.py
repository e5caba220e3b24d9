"""Writes a closed round as a table to download: exactly what its pages show."""

from __future__ import annotations

from flask_babel import gettext as _
from msgspec import Struct

from engage.assessment.results.pages import bars, tables
from engage.assessment.results.queries.closed import Results
from engage.assessment.results.rules.releases import AreaResult, IndicatorResult
from engage.assessment.results.words import RESULT_WORDS, level_words
from engage.assessment.rules import Rating
from engage.web.csv_files import Field


class File(Struct, frozen=True):
    """The heading row and the rows below it."""

    head: list[str]
    rows: list[list[Field]]


def file(results: Results, *, indicators: bool) -> File:
    """Returns the focus areas as the round's page has them; with `indicators` also what the areas' pages have.

    Hidden and empty values are the same empty field.
    """
    all_, *others = [
        column.label if column.n is None else f"{column.label} ({column.n})"
        for column in tables.columns(results)
    ]
    if not indicators:
        head = [_("Focus area"), all_, _("Band"), *others]
        return File(head, [_area_row(results, area) for area in results.release.areas])
    levels = [level_words(rating, results.questions.scale) for rating in Rating]
    more = [_("Median"), _("Agreed value"), *levels, _("Don't know"), _("People counted")]
    shown = bars.bars(results)
    if shown:
        more += [_("Answer"), _("Chosen by"), _("Answered by")]
    head = [_("Focus area"), _("Statement"), all_, _("Band"), *others, *more]
    rows: list[list[Field]] = []
    for area in results.release.areas:
        name, *cells = _area_row(results, area)
        rows.append([name, None, *cells, *[None] * len(more)])
        rows += [[name, *_indicator_row(results, line)] for line in area.indicators]
    width = len(head)
    rows = [[*row, *[None] * (width - len(row))] for row in rows]
    return File(head, [*rows, *(row for each in shown for row in _option_rows(each, width))])


def _option_rows(shown: bars.Bars, width: int) -> list[list[Field]]:
    """Returns a line for each option, and one line for a question without shown results."""
    named: list[Field] = [shown.area.short, shown.question.title]
    between: list[Field] = [None] * (width - len(named) - 3)
    if not shown.bars:
        return [[*named, *between, None, None, None]]
    return [[*named, *between, each.label, each.count, shown.answered] for each in shown.bars]


def _area_row(results: Results, area: AreaResult) -> list[Field]:
    name = results.area(area.key).short
    shown: list[Field] = [None, None]
    if area.all is not None:
        shown = [area.all.value, str(RESULT_WORDS[area.all.word])]
    if not results.has_groups:
        agreement = tables.agreement(area.indicators)
        return [name, *shown, None if agreement.number is None else f"{agreement.number} {agreement.word}"]
    cells = (area.groups.get(group) for group in results.groups)
    return [name, *shown, *[None if cell is None else cell.value for cell in cells]]


def _indicator_row(results: Results, line: IndicatorResult) -> list[Field]:
    groups = results.groups if results.has_groups else ("agreement",)
    cells = (line.groups.get(group) for group in groups)
    return [
        results.question(line.key)[1].title,
        line.value,
        None if line.word is None else str(RESULT_WORDS[line.word]),
        *[None if cell is None else cell.value for cell in cells],
        None if line.all is None else line.all.value,
        line.agreed,
        *(line.counts or [None] * len(Rating)),
        line.dont_know,
        None if line.dont_know is None else line.respondents,
    ]
