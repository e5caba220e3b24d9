"""Builds the tables of a closed round: focus areas by sector group, and an area's indicators by sector group."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask_babel import gettext as _
from flask_babel import pgettext
from msgspec import Struct
from msgspec.structs import replace

from engage.assessment.questions import QuestionArea
from engage.assessment.results.queries.closed import Results
from engage.assessment.results.rules.releases import AreaCell, Cell, IndicatorResult, word_for
from engage.assessment.results.words import RESULT_WORDS, group_name, number_words


class Column(Struct, frozen=True):
    label: str
    n: int | None


class Square(Struct, frozen=True):
    """A cell of a table of results. A cell without a number is hidden or empty, and no one can tell which."""

    number: str | None
    word: str
    kind: str
    n: int | None = None
    url: str | None = None


class TableLine(Struct, frozen=True):
    label: str
    url: str | None
    cells: tuple[Square, ...]


class Table(Struct, frozen=True):
    caption: str
    corner: str
    columns: tuple[Column, ...]
    rows: tuple[TableLine, ...]

    @property
    def has_numbers(self) -> bool:
        return any(cell.number is not None for row in self.rows for cell in row.cells)

    @property
    def has_hidden(self) -> bool:
        return any(cell.number is None for row in self.rows for cell in row.cells)


def areas(
    results: Results,
    url: Callable[[str], str] | None = None,
    apart_url: Callable[[str], str] | None = None,
) -> Table:
    """Returns the focus areas by sector group; if there are no groups, All and how far people agree.

    `url` leads to an area's page, `apart_url` to its statements by disagreement; both take the area's key.
    """
    rows = []
    for area in results.release.areas:
        here = url(area.key) if url else None
        cells = [_square(area.all, url=here)]
        if results.has_groups:
            cells += [_square(area.groups.get(group), url=here) for group in results.groups]
        else:
            cells.append(agreement(area.indicators, apart_url(area.key) if apart_url else None))
        rows.append(TableLine(results.area(area.key).short, here, tuple(cells)))
    return Table(_("Focus areas by sector group"), _("Focus area"), columns(results), tuple(rows))


def indicators(results: Results, area: QuestionArea) -> Table | None:
    """Returns an area's indicators by sector group; None if no group may be shown."""
    lines = results.lines(area)
    if not any(line.groups for line in lines):
        return None
    rows = []
    for line in lines:
        groups = (line.groups.get(group) for group in results.groups)
        here = f"#{line.key}"
        cells = (_all(line, here), *(_square(cell, counted=True, url=here) for cell in groups))
        rows.append(TableLine(results.question(line.key)[1].title, here, cells))
    caption = _("%(area)s by sector group", area=area.name)
    # The number of others differs from line to line, so each line shows it.
    heads = tuple(replace(head, n=None) if head.label == _("Others") else head for head in columns(results))
    return Table(caption, _("Statement"), heads, tuple(rows))


def _all(line: IndicatorResult, url: str) -> Square:
    """Returns everyone together; an agreed value is shown as such if there is one."""
    if line.agreed is None:
        return _square(line.all, counted=True, url=url)
    word = word_for(line.agreed)
    said = _("%(word)s, agreed", word=RESULT_WORDS[word])
    return Square(number_words(line.agreed), said, word.value, url=url)


def columns(results: Results) -> tuple[Column, ...]:
    first = Column(pgettext("people", "All"), results.release.respondents)
    if not results.has_groups:
        return first, Column(_("How much we agree"), None)
    names = (Column(group_name(key, results.grouping), results.people.get(key)) for key in results.groups)
    return (first, *names)


def _square(cell: AreaCell | Cell | None, *, counted: bool = False, url: str | None = None) -> Square:
    if cell is None:
        return Square(None, _("not shown"), "hidden")
    return Square(
        number=number_words(cell.value),
        word=str(RESULT_WORDS[cell.word]),
        kind=cell.word.value,
        # An area's n counts ratings of several indicators, so it cannot be compared with the number of people
        # in the column.
        n=cell.n if counted else None,
        url=url,
    )


def agreement(lines: Sequence[IndicatorResult], url: str | None = None) -> Square:
    """Says on how many of an area's indicators the ratings are close together."""
    shown = [line for line in lines if line.counts is not None]
    if not shown:
        return Square(None, _("not shown"), "hidden")
    agreed = sum(not line.disagrees for line in shown)
    number = _("%(agreed)s of %(total)s", agreed=agreed, total=len(shown))
    return Square(number, _("close together"), "agreement", url=url)
