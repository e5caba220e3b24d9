"""Defines the texts of answers, states and results of the assessment."""

from collections.abc import Sequence

from engage.assessment.models import Answer
from engage.assessment.questions import Question
from engage.assessment.results.labels import level_words, option_words
from engage.assessment.rules import Answer as GivenAnswer
from engage.assessment.rules import AnsweringProgress, AnswerKind, Filled, RespondentState
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext

OTHER_ANSWERS = {
    AnswerKind.DONT_KNOW: _l("I don't know"),
    AnswerKind.DOES_NOT_APPLY: _l("Does not apply here"),
}
STANDING_LABELS = {
    RespondentState.NOT_STARTED: _l("Not started"),
    RespondentState.STARTED: _l("Started"),
    RespondentState.FINISHED: _l("Finished"),
    RespondentState.COUNTED: _l("Finished"),
}
STANDING_TAGS = {
    RespondentState.NOT_STARTED: "notstarted",
    RespondentState.STARTED: "underway",
    RespondentState.FINISHED: "done",
    RespondentState.COUNTED: "done",
}
# The colors of the tags; the text in the tag says the same.
FILLED_TAGS = {Filled.NOT_STARTED: "notstarted", Filled.PARTLY: "underway", Filled.ALL: "done"}


def time_to_answer(minutes: int) -> str:
    return ngettext("It takes about %(num)s minute.", "It takes about %(num)s minutes.", minutes)


def filled_words(progress: AnsweringProgress) -> str:
    """Returns a text that says how far a respondent is in an area."""
    if progress.filled is Filled.NOT_STARTED:
        return _("Not started")
    if progress.filled is Filled.ALL:
        return _("All answered")
    return _("%(answered)s of %(total)s answered", answered=progress.answered, total=progress.total)


def answer_words(answer: Answer | None, scale: Sequence[str], question: Question) -> str:
    """Returns a person's own answer as a text."""
    if answer is None:
        return _("Not answered yet")
    if answer.chosen is not None:
        given, options = GivenAnswer.stored(answer.kind, None, answer.chosen), option_words(question)
        return "; ".join(options[place] for place in given.chosen)
    if answer.rating is None:
        return str(OTHER_ANSWERS[answer.kind])
    return level_words(answer.rating, scale)
