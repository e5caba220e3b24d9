"""Forms of the compact grid for entering one paper's answers."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from engage.assessment.answering.forms import NOTE_LONGEST, Parts
from engage.assessment.paper.service import LARGEST_NUMBER
from engage.assessment.questions import QuestionSet
from engage.assessment.rules import Said, keyed
from engage.content.model import Sector
from engage.web.forms import EngageForm, FreeLine, Number, stripped


class KeyedAnswer(EngageForm):
    """One statement's answer as a single key, and the note beside it on the sheet.

    `label` is the statement's number on the paper, such as 1.3.
    """

    answer = StringField(filters=[stripped])
    note = FreeLine("", longest=NOTE_LONGEST)

    def __init__(self, label: str, title: str, **settings: Any) -> None:
        super().__init__(**settings)
        self.label, self.title = label, title
        self.answer.label.text = self.note.label.text = f"{label} {title}"

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.answer.data and keyed(self.answer.data) is None:
            self.refuse(
                "answer", _("%(number)s: press 0 to 4, d or n, or leave it empty.", number=self.label)
            )
            return False
        if self.note.data and not self.answer.data:
            message = _("%(number)s: a note needs an answer. Enter the answer too.", number=self.label)
            self.refuse("answer", message)
            return False
        return valid


class KeyForm(EngageForm):
    """The form of one paper: its number, its sector, and an answer or nothing for each statement."""

    number = Number(_l("Paper number"), least=1, most=LARGEST_NUMBER)
    sector = SelectField(
        _l("Sector"), validators=[DataRequired(_l("Choose the sector checked on the sheet."))]
    )

    def __init__(self, questions: QuestionSet, sectors: Sequence[Sector], **settings: Any) -> None:
        super().__init__(**settings)
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
                        question.title,
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

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        # Every part is validated, so that all messages come at once.
        valid = all([valid, *(part.validate() for part in self.parts.values())])
        if valid and not self.said:
            self.form_errors.append(_("Nothing is entered yet. Enter at least one answer."))
            return False
        return valid

    @property
    def summary(self) -> Parts:
        return Parts([self, *self.parts.values()])

    @property
    def has_notes(self) -> bool:
        """Returns whether the notes are shown because one is filled in."""
        return any(part.note.data for part in self.parts.values())

    @property
    def said(self) -> dict[str, Said]:
        """Returns the entered answers by indicator."""
        found = {}
        for key, part in self.parts.items():
            answer = keyed(part.answer.data or "")
            if answer is not None:
                found[key] = Said(answer, part.note.data or "")
        return found
