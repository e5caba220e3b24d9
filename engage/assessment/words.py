"""Names answers, states and results of the assessment on screen."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from engage.assessment.models import Answer
from engage.assessment.questions import Question
from engage.assessment.results.words import level_words, option_words
from engage.assessment.rules import Answer as GivenAnswer
from engage.assessment.rules import AnswerKind, Filled, Progress, RespondentState

OTHER_ANSWERS = {
    AnswerKind.DONT_KNOW: _l("I don't know"),
    AnswerKind.DOES_NOT_APPLY: _l("Does not apply here"),
}
STANDING_WORDS = {
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
# These are the tag's colors; the tag's word says the same.
FILLED_TAGS = {Filled.NOT_STARTED: "notstarted", Filled.PARTLY: "underway", Filled.ALL: "done"}


def time_to_answer(minutes: int) -> str:
    return ngettext("It takes about %(num)s minute.", "It takes about %(num)s minutes.", minutes)


def filled_words(progress: Progress) -> str:
    """Says how far a respondent is in an area."""
    if progress.filled is Filled.NOT_STARTED:
        return _("Not started")
    if progress.filled is Filled.ALL:
        return _("All answered")
    return _("%(answered)s of %(total)s answered", answered=progress.answered, total=progress.total)


def answer_words(answer: Answer | None, scale: Sequence[str], question: Question) -> str:
    """Returns a person's own answer in words."""
    if answer is None:
        return _("Not answered yet")
    if answer.chosen is not None:
        given, options = GivenAnswer.stored(answer.kind, None, answer.chosen), option_words(question)
        return "; ".join(options[place] for place in given.chosen)
    if answer.rating is None:
        return str(OTHER_ANSWERS[answer.kind])
    return level_words(answer.rating, scale)
