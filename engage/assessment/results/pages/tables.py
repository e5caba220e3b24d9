"""Builds the tables of a closed round: focus areas by sector group, and an area's indicators by sector group."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from engage.assessment.questions import QuestionArea
from engage.assessment.results.labels import RESULT_LABELS, group_name, number_words
from engage.assessment.results.queries.closed import Results
from engage.assessment.results.rules.releases import AreaCell, IndicatorResult, ReleasedCell, word_for
from engage.i18n import gettext as _
from engage.i18n import ngettext, pgettext


class ResultsColumn(Struct, frozen=True):
    label: str
    n: int | None


class ResultSquare(Struct, frozen=True):
    """A cell of a table of results. A cell without a number is hidden or empty, and readers cannot tell which."""

    number: str | None
    word: str
    kind: str
    n: int | None = None


class TableLine(Struct, frozen=True):
    """A row of a table.

    Where it is shown as a list, `not_shown` is one text for all hidden groups, if it is not empty.
    """

    label: str
    url: str | None
    cells: tuple[ResultSquare, ...]
    not_shown: str = ""


class ResultsTable(Struct, frozen=True):
    caption: str
    corner: str
    columns: tuple[ResultsColumn, ...]
    rows: tuple[TableLine, ...]

    @property
    def has_numbers(self) -> bool:
        return any(cell.number is not None for row in self.rows for cell in row.cells)

    @property
    def has_hidden(self) -> bool:
        return any(cell.number is None for row in self.rows for cell in row.cells)


def areas(results: Results, url: Callable[[str], str] | None = None) -> ResultsTable:
    """Returns the focus areas by sector group; if there are no groups, All and how far people agree.

    `url` returns the address of an area's page for the area's key.
    """
    rows = []
    for area in results.release.areas:
        here = url(area.key) if url else None
        label, everyone = results.area(area.key).short, _square(area.all)
        if results.has_groups:
            groups = [_square(area.groups.get(group)) for group in results.groups]
            rows.append(_by_group(label, here, everyone, groups))
        else:
            rows.append(TableLine(label, here, (everyone, agreement(area.indicators))))
    return ResultsTable(_("Focus areas by sector group"), _("Focus area"), columns(results), tuple(rows))


def indicators(results: Results, area: QuestionArea) -> ResultsTable | None:
    """Returns an area's indicators by sector group; None if no group may be shown."""
    lines = results.lines(area)
    if not any(line.groups for line in lines):
        return None
    rows = []
    for line in lines:
        groups = [_square(line.groups.get(group), counted=True) for group in results.groups]
        title = results.question(line.key)[1].title
        rows.append(_by_group(title, f"#{line.key}", _all(line), groups))
    caption = _("%(area)s by sector group", area=area.name)
    # The number of others differs from line to line, so each line shows it.
    heads = tuple(replace(head, n=None) if head.label == _("Others") else head for head in columns(results))
    return ResultsTable(caption, _("Statement"), heads, tuple(rows))


def _by_group(
    label: str, url: str | None, everyone: ResultSquare, groups: Sequence[ResultSquare]
) -> TableLine:
    hidden = sum(cell.number is None for cell in groups)
    not_shown = ngettext("%(num)s group not shown", "%(num)s groups not shown", hidden) if hidden else ""
    return TableLine(label, url, (everyone, *groups), not_shown)


def _all(line: IndicatorResult) -> ResultSquare:
    """Returns the cell of All: the agreed value, marked as such, if there is one."""
    if line.agreed is None:
        return _square(line.all, counted=True)
    word = word_for(line.agreed)
    said = _("%(word)s, agreed", word=RESULT_LABELS[word])
    return ResultSquare(number_words(line.agreed), said, word.value)


def columns(results: Results) -> tuple[ResultsColumn, ...]:
    first = ResultsColumn(pgettext("people", "All"), results.release.respondents)
    if not results.has_groups:
        return first, ResultsColumn(_("How much we agree"), None)
    names = (
        ResultsColumn(group_name(key, results.grouping), results.people.get(key)) for key in results.groups
    )
    return (first, *names)


def _square(cell: AreaCell | ReleasedCell | None, *, counted: bool = False) -> ResultSquare:
    if cell is None:
        return ResultSquare(None, _("not shown"), "hidden")
    return ResultSquare(
        number=number_words(cell.value),
        word=str(RESULT_LABELS[cell.word]),
        kind=cell.word.value,
        # An area's n counts the ratings of several indicators, so it cannot be compared with the number of
        # people at the head of the column.
        n=cell.n if counted else None,
    )


def agreement(lines: Sequence[IndicatorResult]) -> ResultSquare:
    """Returns a cell that says on how many of an area's indicators the ratings are close together."""
    shown = [line for line in lines if line.counts is not None]
    if not shown:
        return ResultSquare(None, _("not shown"), "hidden")
    agreed = sum(not line.disagrees for line in shown)
    number = _("%(agreed)s of %(total)s", agreed=agreed, total=len(shown))
    return ResultSquare(number, _("close together"), "agreement")
