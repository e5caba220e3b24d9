"""Forms of the coalition's own question sets: a set, a question, a focus area, a file."""

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from engage.assessment.questions import Question, QuestionSet
from engage.assessment.sets.files import (
    LONGEST_NAME,
    LONGEST_SHORT,
    LONGEST_TEXT,
    LONGEST_TITLE,
    Loaded,
    fits,
    read,
)
from engage.assessment.sets.questions.service import AreaWords, Words
from engage.content.nodes import ContentError, decoded
from engage.limits import MOST_QUESTION_BYTES
from engage.web.forms import EngageForm, FreeLine, FreeText, Line, OneOf, SeveralOf, VersionedForm

SAME, NEW = "same", "new"
# A file's name may not contain these.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


class TitleForm(VersionedForm):
    """The form that renames a set."""

    title = Line(
        _l("Title"),
        longest=LONGEST_TITLE,
        required=_l("Give the set a title."),
        description=_l("For coordinators, when they open a round."),
    )


class ArrangeForm(EngageForm):
    """The button of a list: what to do and with which key."""

    do = StringField(validators=[DataRequired()])

    @property
    def asked(self) -> tuple[str, str]:
        verb, _colon, key = (self.do.data or "").partition(":")
        return verb, key


class QuestionForm(VersionedForm):
    """The form of a question's words. `kind` is offered only if answers to the old words may exist."""

    area = SelectField(_l("Focus area"), choices=[])
    title = Line(
        _l("Short title"),
        longest=LONGEST_TITLE,
        required=_l("Give the question a short title."),
        description=_l("For tables and lists, such as: Beds for boys."),
    )
    statement = FreeText(
        _l("Statement"),
        longest=LONGEST_TEXT,
        required=_l("Write the statement that people rate."),
        description=_l("One thing that is true or not yet true here. People choose the level that fits."),
        about_people=False,
    )
    level_0 = FreeText("", longest=LONGEST_TEXT, about_people=False)
    level_1 = FreeText("", longest=LONGEST_TEXT, about_people=False)
    level_2 = FreeText("", longest=LONGEST_TEXT, about_people=False)
    level_3 = FreeText("", longest=LONGEST_TEXT, about_people=False)
    level_4 = FreeText("", longest=LONGEST_TEXT, about_people=False)
    why = FreeText(_l("Why we ask"), longest=LONGEST_TEXT, about_people=False)
    ask = SeveralOf(_l("Who is likely to know"))
    kind = OneOf(
        _l("What changed in this question?"),
        {SAME: _l("The same question, clearer"), NEW: _l("A new question")},
        descriptions={
            SAME: _l("People would answer the same way as before. Rounds are compared."),
            NEW: _l("It asks something different. Its answers are not compared with earlier ones."),
        },
    )

    def __init__(self, areas: Iterable[tuple[str, str]], scale: Iterable[str], **settings: Any) -> None:
        super().__init__(**settings)
        self.area.choices = [SelectChoice(key, name) for key, name in areas]
        for number, (level, name) in enumerate(zip(self.levels, scale, strict=True)):
            level.label.text = _("Level %(number)s: %(name)s", number=number, name=name)
            level.flags.required = True
        self.before: Question | None = None

    @property
    def levels(self) -> list[FreeText]:
        return [self[f"level_{number}"] for number in range(5)]

    @staticmethod
    def kept(area: str, question: Question) -> dict[str, Any]:
        """Returns what the form shows of a question."""
        levels = {f"level_{number}": text for number, text in enumerate(question.levels)}
        texts = {name: getattr(question, name) for name in ("title", "statement", "why")}
        return {"area": area, **texts, **levels, "ask": list(question.ask)}

    def compare_with(self, before: Question) -> None:
        """Asks whether new words ask the same, because there may be answers to the old ones."""
        self.before = before

    @property
    def words(self) -> Words:
        return Words(
            area=self.area.data or "",
            title=self.title.data or "",
            statement=_one_line(self.statement.data),
            why=_one_line(self.why.data),
            ask=tuple(self.ask.data or ()),
            levels=tuple(_one_line(level.data) for level in self.levels),
        )

    @property
    def asks_for_something_else(self) -> bool:
        return self._has_new_words() and self.kind.data == NEW

    def offer(self, disciplines: Iterable[tuple[str, str]]) -> None:
        self.ask.choices = [SelectChoice(key, name) for key, name in disciplines]

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        for number, level in enumerate(self.levels):
            if not level.data and not level.errors:
                self.refuse(level.name, _("Describe level %(number)s.", number=number))
                valid = False
        if valid and self._has_new_words() and not self.kind.data:
            self.refuse("kind", _("Say whether the new words still ask the same thing."))
            valid = False
        return valid

    def _has_new_words(self) -> bool:
        if self.before is None:
            return False
        new = self.words
        before = self.before
        return (new.title, new.statement, new.levels) != (before.title, before.statement, before.levels)


class AreaForm(VersionedForm):
    """The form of a focus area's words."""

    name = Line(_l("Name"), longest=LONGEST_NAME, required=_l("Give the focus area a name."))
    short = Line(
        _l("Short name"),
        longest=LONGEST_SHORT,
        required=_l("Give it a short name for tables."),
        description=_l("For tables: at most 24 characters."),
    )
    asks = FreeLine(_l("What the area asks"), longest=LONGEST_TEXT)

    @property
    def words(self) -> AreaWords:
        return AreaWords(self.name.data or "", self.short.data or "", self.asks.data or "")


class _Text(FreeText):
    """A file's text, to correct by hand. Nothing of it is cut, so that its lines keep their numbers."""

    def __init__(self, label: str, **settings: Any) -> None:
        super().__init__(label, longest=MOST_QUESTION_BYTES, about_people=False, **settings)
        self.filters = (lambda text: (text or "").replace("\r\n", "\n").replace("\r", "\n"),)


class LoadForm(EngageForm):
    """The form of a question file or its text. It is checked first and then saved."""

    file = FileField(_l("File"), description=_l("A YAML file of at most 400 KB."))
    text = _Text(_l("Text of the file"), description=_l("Paste it here, or correct what was refused."))
    file_name = HiddenField()
    do = HiddenField()

    def __init__(self, ours: QuestionSet, **settings: Any) -> None:
        super().__init__(**settings)
        self.ours = ours
        self.loaded: Loaded | None = None

    @property
    def wants_to_save(self) -> bool:
        return self.do.data == "save"

    @property
    def title(self) -> str:
        """Returns the set's title from the file, else the file's name."""
        stem = (self.file_name.data or "").rpartition(".")[0].replace("_", " ").strip()
        named = self.loaded.title if self.loaded is not None else ""
        return (named or _CONTROLS.sub("", stem) or _("Questions from a file"))[:LONGEST_TITLE]

    def validate(self, extra_validators: Any = None) -> bool:
        refused = self._take_file()
        valid = super().validate(extra_validators)
        if refused:
            self.refuse("file", refused)
            return False
        if valid and not (self.text.data or "").strip():
            self.refuse("file", _("Choose a file, or paste its text below."))
            return False
        return valid and self._read()

    def _take_file(self) -> str | None:
        """Puts a chosen file's text into the box; returns a message if it is too large or not text."""
        if self.file.data is None:
            return None
        self.file_name.data = _CONTROLS.sub("", self.file.data.filename or "")[:LONGEST_TITLE]
        raw = self.file.data.stream.read(MOST_QUESTION_BYTES + 1)
        if len(raw) > MOST_QUESTION_BYTES:
            return _("This file is too large: at most 400 KB.")
        try:
            self.text.data = decoded(raw, "").replace("\r\n", "\n").replace("\r", "\n")
        except ContentError as error:
            return _line_words(error)
        return None

    def _read(self) -> bool:
        try:
            self.loaded = read(self.text.data or "", self.ours)
        except ContentError as error:
            self.refuse("text", _line_words(error))
            return False
        if not fits(self.loaded.draft):
            self.refuse("text", _("These questions would no longer fit in one file of 400 KB. Shorten some."))
            return False
        return True


def _line_words(error: ContentError) -> str:
    return _("Line %(line)s: %(problem)s.", line=error.line, problem=error.problem)


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())
