"""Builds the results of questions with options: how many people chose each, and why some counts are not shown."""

from __future__ import annotations

from msgspec import Struct

from engage.assessment.questions import Question, QuestionArea
from engage.assessment.results.labels import option_words
from engage.assessment.results.queries.closed import Results
from engage.assessment.results.rules.releases import OptionsResult
from engage.i18n import gettext as _
from engage.i18n import ngettext


class ResultBar(Struct, frozen=True):
    """An option; `count` is how many people chose it, None if that is not shown."""

    label: str
    count: int | None

    @property
    def number(self) -> str:
        return "–" if self.count is None else str(self.count)


class Bars(Struct, frozen=True):
    """One question's result. If too few people chose anything, `answered` is 0 and there are no bars."""

    area: QuestionArea
    question: Question
    answered: int
    bars: tuple[ResultBar, ...]
    dont_know: int | None
    sentence: str
    held_back: str


def bars(results: Results) -> list[Bars]:
    """Returns the questions with options in the order of asking; all counts are about everyone together."""
    lines = {line.key: line for line in results.release.options}
    return [
        bars_of(area, question, lines[question.key], None)
        for area, question in results.with_options
        if question.key in lines
    ]


def bars_of(area: QuestionArea, question: Question, line: OptionsResult, k: int | None) -> Bars:
    """Returns one question's result with its text. `k` is None if the limit also depends on how people answered."""
    if line.answered is None:
        said = _("Too few people answered this, so nothing is shown.")
        if k is not None:
            said = _("Fewer than %(k)s people answered this, so nothing is shown.", k=k)
        return Bars(area, question, 0, (), None, said, "")
    labels = option_words(question)
    return Bars(
        area=area,
        question=question,
        answered=line.answered,
        bars=tuple(ResultBar(label, count) for label, count in zip(labels, line.counts, strict=True)),
        dont_know=line.dont_know,
        sentence=_sentence(question, line),
        held_back="" if line.is_whole else _held_back(k),
    )


def _sentence(question: Question, line: OptionsResult) -> str:
    said = ngettext(
        "%(num)s of %(total)s answered.",
        "%(num)s of %(total)s answered.",
        line.answered or 0,
        total=line.respondents,
    )
    parts = [said]
    if question.takes_several:
        parts.append(_("They could choose more than one answer."))
    if line.dont_know is not None:
        parts.append(ngettext("%(num)s did not know.", "%(num)s did not know.", line.dont_know))
    return " ".join(parts)


def _held_back(k: int | None) -> str:
    if k is None:
        return _(
            "An answer without a number is held back: too few people chose it, or nearly everyone did, or it "
            "would give away another number."
        )
    return _(
        "An answer without a number is held back: fewer than %(k)s people chose it, or nearly everyone did, or it "
        "would give away another number.",
        k=k,
    )
