"""Returns the texts of results."""

from collections.abc import Sequence

from babel import Locale, UnknownLocaleError

from engage.assessment.questions import Question
from engage.assessment.results.rules.changes import Apart, ResultChange
from engage.assessment.results.rules.findings import FindingOrder
from engage.assessment.results.rules.releases import OTHERS, ResultWord
from engage.assessment.rules import QuestionKind
from engage.content.model import Grouping
from engage.i18n import get_locale, lazy_pgettext
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l

RESULT_LABELS = {
    ResultWord.LOW: _l("low"),
    ResultWord.GROWING: _l("growing"),
    ResultWord.STRONG: _l("strong"),
}
ORDER_LABELS = {
    FindingOrder.DISAGREEMENT: _l("Disagreement"),
    FindingOrder.GAP: _l("Gap"),
    FindingOrder.CHANGE: lazy_pgettext("difference", "Change"),
    FindingOrder.DONT_KNOW: _l("Don't know"),
}


def level_words(rating: int, scale: Sequence[str]) -> str:
    return _("%(number)s %(label)s", number=rating, label=scale[rating])


def option_words(question: Question) -> tuple[str, ...]:
    """Returns the options that people choose from, in order; empty for a statement with levels."""
    return (_("Yes"), _("No")) if question.kind is QuestionKind.YES_NO else question.options


def language_name(code: str) -> str:
    """Returns a language's name in the reader's language; its code if it has no name."""
    try:
        return Locale.parse(code).get_display_name(get_locale()) or code
    except (ValueError, UnknownLocaleError):
        return code


def group_name(key: str, grouping: Grouping) -> str:
    return _("Others") if key == OTHERS else grouping.name(key)


def number_words(value: float) -> str:
    """Returns a median or a mean as text: 2.5, and 2.0 rather than 2."""
    return f"{value:.1f}"


def difference_words(difference: float) -> str:
    """Returns a text on how far a number for All changed between two rounds."""
    if not difference:
        return _("no change")
    if difference > 0:
        return _("up %(number)s", number=number_words(difference))
    return _("down %(number)s", number=number_words(-difference))


def distance_words(difference: float) -> str:
    """Returns a text on how far anyone's number for All is from members'."""
    if not difference:
        return _("no difference")
    if difference > 0:
        return _("%(number)s higher", number=number_words(difference))
    return _("%(number)s lower", number=number_words(-difference))


def way(difference: float) -> str:
    """Returns the arrow for a difference: up, down or same."""
    return "same" if not difference else "up" if difference > 0 else "down"


def apart_words(change: ResultChange, before: str, after: str) -> str:
    """Returns a text on why a number is not compared. `before` and `after` are the titles of the rounds."""
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
