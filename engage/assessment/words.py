"""What answers, states and results of the assessment are called on screen."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.assessment.changes import Apart, Change
from engage.assessment.findings import Order
from engage.assessment.models import Answer
from engage.assessment.releases import OTHERS, Word
from engage.assessment.rules import AnswerKind, Filled, Progress, Standing
from engage.content.model import Content

RESULT_WORDS = {
    Word.NEED: _l("need"),
    Word.BUILDING: _l("building"),
    Word.STRENGTH: _l("strength"),
}
OTHER_ANSWERS = {
    AnswerKind.DONT_KNOW: _l("I don't know"),
    AnswerKind.DOES_NOT_APPLY: _l("Does not apply here"),
}
STANDING_WORDS = {
    Standing.NOT_STARTED: _l("Not started"),
    Standing.STARTED: _l("Started"),
    Standing.FINISHED: _l("Finished"),
    Standing.COUNTED: _l("Finished"),
}
STANDING_TAGS = {
    Standing.NOT_STARTED: "notstarted",
    Standing.STARTED: "underway",
    Standing.FINISHED: "done",
    Standing.COUNTED: "done",
}
ORDER_WORDS = {
    Order.DISAGREEMENT: _l("Disagreement"),
    Order.GAP: _l("Gap"),
    Order.CHANGE: _l("Change"),
    Order.DONT_KNOW: _l("Don't know"),
}
# The tag's colour; its word says the same.
FILLED_TAGS = {Filled.NOT_STARTED: "notstarted", Filled.PARTLY: "underway", Filled.ALL: "done"}


def filled_words(progress: Progress) -> str:
    """How far a respondent is in an area."""
    if progress.filled is Filled.NOT_STARTED:
        return _("Not started")
    if progress.filled is Filled.ALL:
        return _("All answered")
    return _("%(answered)s of %(total)s answered", answered=progress.answered, total=progress.total)


def answer_words(answer: Answer | None, scale: Sequence[str]) -> str:
    """One's own answer, read back."""
    if answer is None:
        return _("Not answered yet")
    if answer.rating is None:
        return str(OTHER_ANSWERS[answer.kind])
    return level_words(answer.rating, scale)


def level_words(rating: int, scale: Sequence[str]) -> str:
    return _("%(number)s %(label)s", number=rating, label=scale[rating])


def group_name(key: str, content: Content) -> str:
    return _("Others") if key == OTHERS else content.sector_group(key).name


def number_words(value: float) -> str:
    """A median or a mean as it is written: 2.5, and 2.0 rather than 2."""
    return f"{value:.1f}"


def difference_words(difference: float) -> str:
    """How far a number of All moved between two rounds."""
    if not difference:
        return _("no change")
    if difference > 0:
        return _("up %(number)s", number=number_words(difference))
    return _("down %(number)s", number=number_words(-difference))


def way(difference: float) -> str:
    """Which arrow belongs to it."""
    return "same" if not difference else "up" if difference > 0 else "down"


def apart_words(change: Change, before: str, after: str) -> str:
    """Why a number is not compared. `before` and `after` are the titles of the rounds."""
    match change.apart:
        case Apart.NOT_ASKED_BEFORE:
            return _("Not compared: not asked in “%(round)s”.", round=before)
        case Apart.NOT_ASKED_AFTER:
            return _("Not compared: not asked in “%(round)s”.", round=after)
        case Apart.NEW_QUESTION:
            return _("Not compared: asked as a new question in “%(round)s”.", round=after)
        case Apart.NOT_SHOWN_BEFORE:
            return _("Not compared: no number is shown in “%(round)s”.", round=before)
        case Apart.NOT_SHOWN_AFTER:
            return _("Not compared: no number is shown in “%(round)s”.", round=after)
        case Apart.TOO_LITTLE_IN_COMMON:
            return _("Not compared: the two rounds share too few statements here.")
    return ""
