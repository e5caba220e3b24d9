"""Forms for answering: one answer, or a whole area of answers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from engage.assessment.models import Answer
from engage.assessment.questions import Question
from engage.assessment.rules import Answer as Given
from engage.assessment.rules import AnswerKind, Rating, Said
from engage.assessment.words import OTHER_ANSWERS
from engage.web.forms import ConfirmForm, EngageForm, FreeText, OneOf

NOTE_LONGEST = 2000


class AnswerForm(EngageForm):
    """The form of one question: a level or one of the two other answers, and the reason for it."""

    answer = OneOf(_l("Your answer"), [])
    note = FreeText(_l("What makes you say so?"), longest=NOTE_LONGEST)

    def __init__(
        self,
        question: Question,
        scale: Sequence[str],
        saved: Answer | None,
        *,
        may_skip: bool = False,
        **settings: Any,
    ) -> None:
        kept = {"answer": _code(saved), "note": saved.note} if saved is not None else {}
        super().__init__(data=kept, **settings)
        self.question = question
        self.may_skip = may_skip
        self.answer.label.text = question.statement
        self.answer.description = question.why
        levels = [SelectChoice(str(level), f"{scale[level]}.") for level in range(len(Rating))]
        others = [SelectChoice(kind.value, name) for kind, name in OTHER_ANSWERS.items()]
        self.answer.choices = [*levels, *others]
        self.answer.descriptions = {str(level): text for level, text in enumerate(question.levels)}

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.answer.data or self.answer.errors or (self.may_skip and not self.note.data):
            return valid
        self.refuse("answer", _("Choose one of the answers. “I don't know” is one of them."))
        return False

    @property
    def said(self) -> Said | None:
        """Returns the answer once it is valid; None if the question was skipped."""
        if not self.answer.data:
            return None
        return Said(_given(self.answer.data), self.note.data or "")

    @property
    def reasons(self) -> list[str]:
        """Returns in words why it was refused, without the form around them."""
        errors = [str(error) for field in self for error in field.errors]
        details = _("Your note may hold personal or case details. Press the button to check it.")
        return [*errors, *([] if self.note.check_details() else [details])]

    @property
    def answer_text(self) -> str:
        """Returns the chosen answer in words, valid or not."""
        return next(
            (str(choice.label) for choice in self.answer.choices if choice.value == self.answer.data), ""
        )


class Parts:
    """Several forms as the summary of errors reads one."""

    def __init__(self, parts: Sequence[EngageForm]) -> None:
        self.parts = parts
        self.errors = [error for part in parts for error in part.errors]
        self.form_errors = [error for part in parts for error in part.form_errors]

    def __iter__(self) -> Iterator[Any]:
        return (field for part in self.parts for field in part)


class AreaForm(ConfirmForm):
    """The form of all questions of an area on one page; skipped questions stay as they were."""

    def __init__(
        self, questions: Sequence[Question], scale: Sequence[str], saved: Mapping[str, Answer]
    ) -> None:
        super().__init__()
        self.parts = [
            AnswerForm(
                question,
                scale,
                saved.get(question.key),
                may_skip=True,
                prefix=f"{question.key}-",
                meta={"csrf": False},
            )
            for question in questions
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        # Every part is validated, so that all messages come at once.
        return all([valid, *(part.validate() for part in self.parts)])

    @property
    def summary(self) -> "Parts":
        return Parts(self.parts)

    @property
    def said(self) -> dict[str, Said]:
        return {part.question.key: part.said for part in self.parts if part.said is not None}


def _code(answer: Answer) -> str:
    return str(answer.kind.value if answer.rating is None else answer.rating)


def _given(code: str) -> Given:
    return Given.rated(int(code)) if code.isdecimal() else Given(AnswerKind(code))
