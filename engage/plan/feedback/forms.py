"""Forms of feedback: one question, and everything that is asked at one moment."""

from collections.abc import Sequence

from msgspec.structs import replace
from wtforms import HiddenField

from engage.assessment.answering.forms import AnswerAreaForm
from engage.assessment.questions import Question
from engage.assessment.rules import MOST_OPTIONS, Answer, QuestionKind
from engage.assessment.sets.forms import OptionsForm, one_line
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.plan.feedback.labels import ASKED_LABELS, KIND_LABELS
from engage.plan.feedback.rules import AskedWhen, Moment
from engage.web.forms import FreeLine, OneOf


class FeedbackQuestionForm(OptionsForm):
    """The form of one question."""

    text = FreeLine(_l("Question"), longest=300, required=_l("Write the question."))
    asked = OneOf(_l("When to ask it"), list(ASKED_LABELS.items()), required=_l("Choose when to ask it."))
    # The style sheet uses the name `answers`, as in question sets.
    answers = OneOf(
        _l("How people answer"), list(KIND_LABELS.items()), required=_l("Choose how people answer.")
    )

    def __init__(self, saved: Question | None = None, **settings: object) -> None:
        super().__init__(**settings)
        self.saved = saved

    @property
    def question_kind(self) -> QuestionKind:
        return QuestionKind(self.answers.data)

    def fields(self) -> dict[str, object]:
        """Returns the question's columns by name."""
        typed = self.options_of(self.question_kind)
        options = (*typed, *[""] * (MOST_OPTIONS - len(typed)))
        return {
            "text": one_line(self.text.data),
            "kind": self.question_kind,
            "asked": AskedWhen(self.asked.data),
            **{f"option_{place}": text for place, text in enumerate(options, 1)},
        }

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        if not self.answers.data or self.answers.errors:
            return False
        options = self.options_of(self.question_kind)
        if self.question_kind in {QuestionKind.ONE, QuestionKind.SEVERAL}:
            valid = self.has_options(options) and valid
        text = one_line(self.text.data)
        asked = Question("", 1, text, text, "", (), (), kind=self.question_kind, options=options)
        is_saved = self.saved is not None and (self.saved.statement, self.saved.options) == (text, options)
        return self.may_be_asked(asked, is_saved=is_saved) and valid


class FeedbackForm(AnswerAreaForm):
    """All questions that are asked at one moment, on one page. No single answer is required, but at least one is."""

    place = HiddenField()

    def __init__(self, questions: Sequence[Question], moment: Moment) -> None:
        # A person who opens the page before the event and sends it afterwards gets the new questions.
        named = [replace(each, key=f"{moment}-{each.key}") for each in questions]
        super().__init__(named, (), {}, with_notes=False)

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        if valid and not self.said and self.parts:
            self.parts[0].refuse("answer", _("Answer at least one question."))
            return False
        return valid

    @property
    def given(self) -> dict[str, Answer]:
        """Returns the answers by the question's number."""
        return {key.rpartition("-")[2]: said.answer for key, said in self.said.items()}
