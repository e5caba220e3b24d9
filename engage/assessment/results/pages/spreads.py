"""Builds a round's indicators one by one: the number, the spread, how many did not know, and what changed."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from engage.assessment.questions import Question, QuestionArea
from engage.assessment.results.labels import RESULT_LABELS, group_name, level_words, number_words
from engage.assessment.results.queries.agreed import Agreed
from engage.assessment.results.queries.closed import Results
from engage.assessment.results.rules.releases import IndicatorResult
from engage.assessment.results.sentences import apart_sentence, unknown_sentence
from engage.assessment.rules import Rating
from engage.i18n import gettext as _


class GroupValue(Struct, frozen=True):
    """The median of a sector group that may be shown, with its number of ratings."""

    name: str
    value: str
    word: str
    n: int


class ResultSpread(Struct, frozen=True):
    """One indicator's result. `counts` are the answers at each level, for All; `dont_know` is out of `respondents`.

    `value` is the agreed value if there is one; then `middle` is the median of All.
    """

    area: QuestionArea
    question: Question
    value: str | None
    word: str
    kind: str
    middle: str | None
    agreed: Agreed | None
    sentence: str
    apart: str
    counts: tuple[int, ...] | None
    counted: str
    levels: tuple[str, ...]
    dont_know: int | None
    respondents: int
    unknown: str
    groups: tuple[GroupValue, ...]


def spreads(results: Results, area: QuestionArea) -> list[ResultSpread]:
    return [spread(results, line) for line in results.lines(area)]


def spread(results: Results, line: IndicatorResult) -> ResultSpread:
    area, question = results.question(line.key)
    shown = line.value is not None and line.word is not None
    return ResultSpread(
        area=area,
        question=question,
        value=number_words(line.value) if line.value is not None else None,
        word=str(RESULT_LABELS[line.word]) if line.word is not None else _("not shown"),
        kind=line.word.value if line.word is not None else "hidden",
        middle=number_words(line.all.value) if line.all is not None else None,
        agreed=results.agreed.get(line.key),
        sentence=apart_sentence(results, line) if shown else "",
        apart=_apart(line),
        counts=line.counts,
        counted="; ".join(
            _("level %(level)s: %(count)s", level=level, count=count)
            for level, count in enumerate(line.counts or ())
        ),
        levels=tuple(level_words(rating, results.questions.scale) for rating in Rating),
        dont_know=line.dont_know,
        respondents=line.respondents,
        unknown=unknown_sentence(results, line) if line.dont_know is not None else "",
        groups=tuple(_groups(results, line)),
    )


def _apart(line: IndicatorResult) -> str:
    """Returns a short text on how far apart the ratings are."""
    if line.lowest is None or line.highest is None:
        return _("not shown")
    if line.lowest == line.highest:
        return _("all chose %(level)s", level=line.lowest)
    return _("from %(lowest)s to %(highest)s", lowest=line.lowest, highest=line.highest)


def _groups(results: Results, line: IndicatorResult) -> Iterable[GroupValue]:
    for key in results.groups:
        if (cell := line.groups.get(key)) is not None:
            name = group_name(key, results.grouping)
            yield GroupValue(name, number_words(cell.value), str(RESULT_LABELS[cell.word]), cell.n)
