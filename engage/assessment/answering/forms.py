"""Forms for answering: one answer, or a whole area of answers."""

from collections.abc import Iterator, Mapping, Sequence

from wtforms import Field, ValidationError, widgets
from wtforms.fields.choices import SelectChoice

from engage.assessment.labels import OTHER_ANSWERS
from engage.assessment.models import Answer
from engage.assessment.questions import Question
from engage.assessment.results.labels import option_words
from engage.assessment.rules import NOTE_LONGEST, AnswerKind, Rating, Said
from engage.assessment.rules import Answer as AnAnswer
from engage.extensions import language
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.web.forms import ConfirmForm, EngageForm, FreeText, SeveralOf

# An option's value in the form is this prefix and the option's index.
OPTION = "option-"


class Given(SeveralOf):
    """The answers of one question as radio buttons, or as check boxes if people may choose several."""

    takes_several = False
    # Languages of texts that are not in the page's language, by the value of the answer, or "" for the
    # question.
    langs: Mapping[str, str] = {}

    def ask(self, choices: Sequence[SelectChoice], *, several: bool) -> None:
        self.choices = list(choices)
        self.takes_several = several
        self.option_widget = widgets.CheckboxInput() if several else widgets.RadioInput()

    def pre_validate(self, form: object) -> None:
        chosen = set(self.data or ())
        if not chosen <= {choice.value for choice in self.choices}:
            raise ValidationError(self.gettext("Not a valid choice."))
        if len(chosen) > 1 and not self.takes_several:
            raise ValidationError(_("Choose one answer only."))
        if len(chosen) > 1 and chosen & set(OTHER_ANSWERS):
            raise ValidationError(
                _("Choose one or more answers, or “I don't know” or “Does not apply here” alone.")
            )


class AnswerForm(EngageForm):
    """The form of one question: a level, an option or one of the two other answers, and the reason for a level.

    Questions with options have no note, because they are often asked of people whose style of writing others
    would recognize.
    """

    answer = Given(_l("Your answer"))
    note = FreeText(_l("Why?"), longest=NOTE_LONGEST)

    def __init__(
        self,
        question: Question,
        scale: Sequence[str],
        saved: Answer | None,
        *,
        may_skip: bool = False,
        with_note: bool = True,
        **settings: object,
    ) -> None:
        kept = {"answer": _codes(saved), "note": saved.note} if saved is not None else {}
        super().__init__(data=kept, **settings)
        if not with_note or not question.is_rated:
            del self.note  # people without an account cannot write a note
        self.question = question
        self.may_skip = may_skip
        self.answer.label.text = question.statement
        self.answer.description = question.why
        others = [SelectChoice(kind.value, name) for kind, name in OTHER_ANSWERS.items()]
        if question.is_rated:
            offered = [SelectChoice(str(level), f"{scale[level]}.") for level in range(len(Rating))]
            self.answer.descriptions = {str(level): text for level, text in enumerate(question.levels)}
        else:
            words = enumerate(option_words(question))
            offered = [SelectChoice(f"{OPTION}{place}", text) for place, text in words]
        spoken = language()
        self.answer.langs = {
            "": question.lang_of("statement", spoken),
            **{str(at): question.lang_of("levels", spoken, at) for at in range(len(question.levels))},
            **{
                f"{OPTION}{at}": question.lang_of("options", spoken, at)
                for at in range(len(question.options))
            },
        }
        self.answer.ask([*offered, *others], several=question.takes_several)
        if question.takes_several:
            self.answer.description = " ".join(filter(None, [question.why, _("Check all that apply.")]))

    @property
    def layout(self) -> str:
        """Returns the name of the layout for the answers."""
        return "levels" if self.question.is_rated else "choices"

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        if self.answer.data or self.answer.errors or (self.may_skip and not self.written):
            return valid
        self.refuse("answer", _("Choose one of the answers. “I don't know” is one of them."))
        return False

    @property
    def said(self) -> Said | None:
        """Returns the valid answer; None if the question was skipped."""
        if not self.answer.data:
            return None
        return Said(_given(self.answer.data), self.written)

    @property
    def written(self) -> str:
        """Returns the note; "" if the form has none."""
        return (self.note.data or "") if self.note is not None else ""

    @property
    def reasons(self) -> list[str]:
        """Returns the reasons for refusing the answer as texts that can be shown without the form."""
        errors = [str(error) for field in self for error in field.errors]
        details = _("Your note may contain personal or case details. Press the button to check it.")
        return [*errors, *([] if self.note is None or self.note.check_details() else [details])]

    @property
    def answer_text(self) -> str:
        """Returns the chosen answer as a text, whether or not it is valid."""
        chosen = self.answer.data or ()
        return "; ".join(str(choice.label) for choice in self.answer.choices if choice.value in chosen)


class Parts:
    """Several forms that a summary of errors treats as one form."""

    def __init__(self, parts: Sequence[EngageForm]) -> None:
        self.parts = parts
        self.errors = [error for part in parts for error in part.errors]
        self.form_errors = [error for part in parts for error in part.form_errors]

    def __iter__(self) -> Iterator[Field]:
        return (field for part in self.parts for field in part)


class AnswerAreaForm(ConfirmForm):
    """The form of all questions of an area on one page; skipped questions keep their earlier answers."""

    def __init__(
        self,
        questions: Sequence[Question],
        scale: Sequence[str],
        saved: Mapping[str, Answer],
        *,
        with_notes: bool = True,
    ) -> None:
        super().__init__()
        self.parts = [
            AnswerForm(
                question,
                scale,
                saved.get(question.key),
                may_skip=True,
                with_note=with_notes,
                prefix=f"{question.key}-",
                meta={"csrf": False},
            )
            for question in questions
        ]

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        # Every part is validated, so that all messages are shown at once.
        return all([valid, *(part.validate() for part in self.parts)])

    @property
    def summary(self) -> "Parts":
        return Parts(self.parts)

    @property
    def said(self) -> dict[str, Said]:
        return {part.question.key: part.said for part in self.parts if part.said is not None}


def _codes(answer: Answer) -> list[str]:
    if answer.chosen is not None:
        return [f"{OPTION}{place}" for place in AnAnswer.stored(answer.kind, None, answer.chosen).chosen]
    return [str(answer.kind.value if answer.rating is None else answer.rating)]


def _given(codes: Sequence[str]) -> AnAnswer:
    if codes[0].startswith(OPTION):
        return AnAnswer.chose(*(int(code.removeprefix(OPTION)) for code in codes))
    return AnAnswer.rated(int(codes[0])) if codes[0].isdecimal() else AnAnswer(AnswerKind(codes[0]))
