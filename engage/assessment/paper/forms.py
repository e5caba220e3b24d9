"""Forms of the compact grid for entering the answers of one sheet."""

from collections.abc import Sequence

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from engage.assessment.answering.forms import Parts
from engage.assessment.paper.service import LARGEST_NUMBER
from engage.assessment.questions import Question, QuestionSet
from engage.assessment.results.labels import language_name
from engage.assessment.rules import NOTE_LONGEST, Answer, Said, keyed, keyed_choice
from engage.content.model import Sector
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.web.forms import EngageForm, FreeLine, Number, OneOf, stripped


class KeyedAnswer(EngageForm):
    """The answer to one statement, entered as a single key, and the note beside it on the sheet.

    `label` is the statement's number on the paper, such as 1.3.
    """

    answer = StringField(filters=[stripped])
    note = FreeLine("", longest=NOTE_LONGEST)

    def __init__(self, label: str, question: Question, **settings: object) -> None:
        super().__init__(**settings)
        self.label, self.title, self.question = label, question.title, question
        self.answer.label.text = self.note.label.text = f"{label} {question.title}"
        if not question.is_rated:
            del self.note

    @property
    def said(self) -> Answer | None:
        """Returns the answer for the typed key; None if the field is empty or the key is invalid."""
        code = self.answer.data or ""
        if self.question.is_rated:
            return keyed(code)
        return keyed_choice(code, self.question.choices, several=self.question.takes_several)

    @property
    def written(self) -> str:
        return (self.note.data or "") if self.note is not None else ""

    @property
    def _keys(self) -> str:
        """Returns the message that lists the keys this answer accepts."""
        names = {"number": self.label, "most": self.question.choices}
        if self.question.is_rated:
            return _("%(number)s: press 0 to 4, d or n, or leave it empty.", number=self.label)
        if self.question.takes_several:
            return _(
                "%(number)s: press the numbers checked, 1 to %(most)s, or d or n, or leave it empty.", **names
            )
        return _("%(number)s: press 1 to %(most)s, d or n, or leave it empty.", **names)

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        if self.answer.data and self.said is None:
            self.refuse("answer", self._keys)
            return False
        if self.written and not self.answer.data:
            message = _("%(number)s: a note needs an answer. Enter the answer too.", number=self.label)
            self.refuse("answer", message)
            return False
        return valid


class KeyForm(EngageForm):
    """The form of one sheet: its number, its sector, and for each statement an answer or nothing."""

    number = Number(_l("Paper number"), least=1, most=LARGEST_NUMBER)
    sector = SelectField(
        _l("Sector"), validators=[DataRequired(_l("Choose the sector checked on the sheet."))]
    )

    language = OneOf(_l("Language of the sheet"), [], required=_l("Choose the language of the sheet."))

    def __init__(self, questions: QuestionSet, sectors: Sequence[Sector], **settings: object) -> None:
        super().__init__(**settings)
        self.first_language = questions.language
        if len(questions.languages) == 1:
            del self.language
        else:
            self.language.choices = [SelectChoice(each, language_name(each)) for each in questions.languages]
            self.language.data = self.language.data or questions.language
        self.sector.choices = [
            SelectChoice("", _l("As checked on the sheet")),
            *(SelectChoice(sector.key, sector.name) for sector in sectors),
        ]
        self.areas = [
            (
                area,
                [
                    KeyedAnswer(
                        f"{place}.{position}",
                        question,
                        prefix=f"{question.key}-",
                        meta={"csrf": False},
                        **settings,
                    )
                    for position, question in enumerate(area.questions, 1)
                ],
            )
            for place, area in enumerate(questions.areas, 1)
        ]
        keys = [question.key for area in questions.areas for question in area.questions]
        self.parts = dict(zip(keys, (part for _area, parts in self.areas for part in parts), strict=True))

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        # Every part is validated, so that all messages are shown at once.
        valid = all([valid, *(part.validate() for part in self.parts.values())])
        if valid and not self.said:
            self.form_errors.append(_("Nothing is entered yet. Enter at least one answer."))
            return False
        return valid

    @property
    def summary(self) -> Parts:
        return Parts([self, *self.parts.values()])

    @property
    def spoken(self) -> str:
        """Returns the language of the sheet."""
        return self.first_language if self.language is None else self.language.data or self.first_language

    @property
    def has_options(self) -> bool:
        return any(not part.question.is_rated for part in self.parts.values())

    @property
    def has_notes(self) -> bool:
        """Returns whether to show the notes, because one is filled in."""
        return any(part.written for part in self.parts.values())

    @property
    def said(self) -> dict[str, Said]:
        """Returns the entered answers by indicator."""
        found = {}
        for key, part in self.parts.items():
            if (answer := part.said) is not None:
                found[key] = Said(answer, part.written)
        return found
