"""An area's indicators one by one: the middle, the spread and what people do not know."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from engage.assessment.questions import Question, QuestionArea
from engage.assessment.releases import IndicatorResult
from engage.assessment.results import Results
from engage.assessment.rules import Rating
from engage.assessment.sentences import apart_sentence, unknown_sentence
from engage.assessment.words import RESULT_WORDS, level_words, number_words


@dataclass(frozen=True, slots=True)
class Spread:
    """One indicator's result. `counts` are the answers at each level, for All."""

    question: Question
    value: str | None
    word: str
    kind: str
    sentence: str
    counts: tuple[int, ...] | None
    levels: tuple[str, ...]
    dont_know: int | None
    unknown: str


def spreads(results: Results, area: QuestionArea) -> list[Spread]:
    return [_spread(results, line) for line in results.lines(area)]


def _spread(results: Results, line: IndicatorResult) -> Spread:
    question = results.question(line.key)[1]
    shown = line.value is not None and line.word is not None
    return Spread(
        question=question,
        value=number_words(line.value) if line.value is not None else None,
        word=str(RESULT_WORDS[line.word]) if line.word is not None else _("not shown"),
        kind=line.word.value if line.word is not None else "hidden",
        sentence=apart_sentence(results, line) if shown else "",
        counts=line.counts,
        levels=tuple(level_words(rating, results.questions.scale) for rating in Rating),
        dont_know=line.dont_know,
        unknown=unknown_sentence(results, line) if line.dont_know is not None else "",
    )
