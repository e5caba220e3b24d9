"""Writes a closed round as a table to download: exactly what its pages show."""

from __future__ import annotations

from msgspec import Struct

from engage.assessment.results.labels import RESULT_LABELS, level_words
from engage.assessment.results.pages import bars, tables
from engage.assessment.results.queries.closed import Results
from engage.assessment.results.rules.releases import AreaResult, IndicatorResult
from engage.assessment.rules import Rating
from engage.i18n import gettext as _
from engage.web.csv_files import Field


class ResultsFile(Struct, frozen=True):
    """The heading row and the rows below it."""

    head: list[str]
    rows: list[list[Field]]


def file(results: Results, *, indicators: bool) -> ResultsFile:
    """Returns the focus areas as on the round's page; with `indicators` also the indicators as on the areas' pages.

    Hidden and empty values are both empty fields.
    """
    all_, *others = [
        column.label if column.n is None else f"{column.label} ({column.n})"
        for column in tables.columns(results)
    ]
    if not indicators:
        head = [_("Focus area"), all_, _("Band"), *others]
        return ResultsFile(head, [_area_row(results, area) for area in results.release.areas])
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
    return ResultsFile(head, [*rows, *(row for each in shown for row in _option_rows(each, width))])


def _option_rows(shown: bars.Bars, width: int) -> list[list[Field]]:
    """Returns a row for each option, and one row for a question whose results are not shown."""
    named: list[Field] = [shown.area.short, shown.question.title]
    between: list[Field] = [None] * (width - len(named) - 3)
    if not shown.bars:
        return [[*named, *between, None, None, None]]
    return [[*named, *between, each.label, each.count, shown.answered] for each in shown.bars]


def _area_row(results: Results, area: AreaResult) -> list[Field]:
    name = results.area(area.key).short
    shown: list[Field] = [None, None]
    if area.all is not None:
        shown = [area.all.value, str(RESULT_LABELS[area.all.word])]
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
        None if line.word is None else str(RESULT_LABELS[line.word]),
        *[None if cell is None else cell.value for cell in cells],
        None if line.all is None else line.all.value,
        line.agreed,
        *(line.counts or [None] * len(Rating)),
        line.dont_know,
        None if line.dont_know is None else line.respondents,
    ]
