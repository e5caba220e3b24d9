"""Puts feedback into words."""

from collections.abc import Mapping

from engage.assessment.questions import Question
from engage.assessment.rules import MOST_OPTIONS, Indicator, QuestionKind
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.plan.feedback.models import FeedbackQuestion
from engage.plan.feedback.rules import AskedWhen, Moment

KIND_LABELS = {
    QuestionKind.ONE: _l("One of several answers"),
    QuestionKind.SEVERAL: _l("Any number of answers"),
    QuestionKind.YES_NO: _l("Yes or no"),
    QuestionKind.LEVELS: _l("A number from 0 (not at all) to 4 (very much)"),
}
ASKED_LABELS = {
    AskedWhen.AFTER: _l("After the event"),
    AskedWhen.BEFORE: _l("Before the event"),
    AskedWhen.BOTH: _l("Before and after, to compare"),
}
MOMENT_LABELS = {Moment.BEFORE: _l("Before the event"), Moment.AFTER: _l("After the event")}


def question_of(row: FeedbackQuestion) -> Question:
    """Returns the question in the form in which people answer it; 0 to 4 becomes five options."""
    options = tuple(filter(None, (getattr(row, f"option_{place}") for place in range(1, MOST_OPTIONS + 1))))
    kind = row.kind
    if kind is QuestionKind.LEVELS:
        kind, options = QuestionKind.ONE, (_("0 (not at all)"), "1", "2", "3", _("4 (very much)"))
    return Question(str(row.number), 1, row.text, row.text, "", (), (), kind=kind, options=options)


def indicator_of(row: FeedbackQuestion) -> Indicator:
    """Returns the question in the form that the rules need."""
    question = question_of(row)
    return Indicator(question.key, question.meaning, question.choices, question.takes_several)


def answered_words(counts: Mapping[Moment, int], k: int) -> str:
    """Returns words such as "before the event 12 people answered, after it fewer than 3"; it hides small counts."""
    before, after = counts.get(Moment.BEFORE), counts.get(Moment.AFTER)
    found = []
    if before is not None:
        found.append(
            ngettext(
                "%(num)s person answered before the event.",
                "%(num)s people answered before the event.",
                before,
            )
            if before >= k
            else _("Fewer than %(k)s people answered before the event.", k=k)
        )
    if after is not None:
        found.append(
            ngettext(
                "%(num)s person answered after the event.",
                "%(num)s people answered after the event.",
                after,
            )
            if after >= k
            else _("Fewer than %(k)s people answered after the event.", k=k)
        )
    return " ".join(found)
