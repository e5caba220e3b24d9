"""Forms of the coalition's own question sets: a set, a question, a focus area, a file."""

import re
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any

from flask_wtf.file import FileField
from msgspec.structs import asdict
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, Optional

from engage.assessment.questions import AreaWording, Question, QuestionArea, QuestionSet, QuestionWording
from engage.assessment.results.labels import language_name
from engage.assessment.rules import FEWEST_OPTIONS, MOST_OPTIONS, QuestionKind
from engage.assessment.sets.files import (
    BESIDE,
    LONGEST_NAME,
    LONGEST_OPTION,
    LONGEST_SHORT,
    LONGEST_TEXT,
    LONGEST_TITLE,
    Loaded,
    fits,
    read,
)
from engage.assessment.sets.questions.service import AreaWords, QuestionWords
from engage.assessment.sets.rules import same_words
from engage.assessment.sets.sensitive import asks_who_was_exploited
from engage.assessment.sets.translations_form import TranslationsForm, in_every_language
from engage.content.nodes import ContentError, decoded
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.limits import MOST_QUESTION_BYTES
from engage.web.forms import (
    EngageForm,
    FreeLine,
    FreeText,
    NameLine,
    OneOf,
    SeveralOf,
    VersionedForm,
    details_in,
)

_WITH_OPTIONS = {QuestionKind.ONE, QuestionKind.SEVERAL}
SAME, NEW = "same", "new"
SENSITIVE = _l(
    "This seems to ask whether someone was trafficked or exploited, or something only they could answer. Many "
    "would not feel safe answering, and where few people answer, a result can point to one person. Ask about the "
    "help there is instead, or check the box to ask it anyway."
)
# Characters that the name of a file may not contain.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


class SetTitleForm(VersionedForm):
    """The form that renames a set."""

    title = NameLine(
        _l("Title"),
        longest=LONGEST_TITLE,
        required=_l("Give the set a title."),
        description=_l("For coordinators, when they open a round."),
    )


class SetStart(StrEnum):
    """The questions with which a coalition's own set starts."""

    WHOLE = "whole"
    SHORT = "short"
    NOTHING = "nothing"


class SetStartForm(EngageForm):
    """The buttons that start a set."""

    start = StringField(default=SetStart.WHOLE, validators=[Optional(), AnyOf(list(SetStart))])

    @property
    def chosen(self) -> SetStart:
        return SetStart(self.start.data or SetStart.WHOLE)


class ArrangeForm(EngageForm):
    """The form of a list's buttons: what to do, and the key of the item."""

    do = StringField(validators=[DataRequired()])

    @property
    def asked(self) -> tuple[str, str]:
        verb, _colon, key = (self.do.data or "").partition(":")
        return verb, key


LEVELS = tuple(f"level_{number}" for number in range(5))
OPTIONS = tuple(f"option_{number}" for number in range(1, MOST_OPTIONS + 1))


class OptionsForm(TranslationsForm):
    """Fields for a question's options, and a checkbox to confirm a question that seems to ask who was trafficked."""

    sure = BooleanField(_l("I thought about this. Ask it anyway."))
    option_1 = FreeLine("", longest=LONGEST_OPTION)
    option_2 = FreeLine("", longest=LONGEST_OPTION)
    option_3 = FreeLine("", longest=LONGEST_OPTION)
    option_4 = FreeLine("", longest=LONGEST_OPTION)
    option_5 = FreeLine("", longest=LONGEST_OPTION)
    option_6 = FreeLine("", longest=LONGEST_OPTION)
    option_7 = FreeLine("", longest=LONGEST_OPTION)

    def __init__(self, **settings: object) -> None:
        super().__init__(**settings)
        for number, option in enumerate(self.options, 1):
            option.label.text = _("Answer %(number)s", number=number)
            option.flags.required = number <= FEWEST_OPTIONS

    @property
    def options(self) -> list[FreeLine]:
        return [self[name] for name in OPTIONS]

    def options_of(self, kind: QuestionKind) -> tuple[str, ...]:
        """Returns the typed options; empty for a kind that has its own answers."""
        if kind not in _WITH_OPTIONS:
            return ()
        return tuple(filter(None, (one_line(option.data) for option in self.options)))

    def has_options(self, options: Collection[str]) -> bool:
        """Returns whether there are two or more different options; if not, an error on a field says what is missing."""
        if len(options) < FEWEST_OPTIONS:
            first = next(each for each in self.options if not each.data)
            self.refuse(first.name, _("Write at least two answers to choose from."))
            return False
        if len({each.casefold() for each in options}) < len(options):
            self.refuse("option_1", _("Two answers are alike. Change one of them."))
            return False
        return True

    def may_be_asked(self, asked: Question, *, is_saved: bool) -> bool:
        """Returns whether the question seems not to ask who was exploited, or is confirmed; otherwise adds an error."""
        if self.sure.data or is_saved or not asks_who_was_exploited(asked):
            return True
        self.refuse("sure", str(SENSITIVE))
        return False


@in_every_language("title", "statement", *LEVELS, *OPTIONS, "why")
class QuestionForm(OptionsForm):
    """The form of a question's texts. `kind` is offered only if there may be answers to the old texts."""

    area = SelectField(_l("Focus area"), choices=[])
    answers = OneOf(
        _l("How people answer"),
        {
            QuestionKind.LEVELS: _l("A level from 0 to 4"),
            QuestionKind.ONE: _l("One of several answers"),
            QuestionKind.SEVERAL: _l("Any number of answers"),
            QuestionKind.YES_NO: _l("Yes or no"),
        },
        default=QuestionKind.LEVELS.value,
        descriptions={
            QuestionKind.LEVELS: _l(
                "You describe five levels. Results show a median, for everyone and by sector group."
            ),
            QuestionKind.ONE: _l(
                "You write two to seven answers. Results show counts for everyone together."
            ),
        },
    )
    title = NameLine(
        _l("Short title"),
        longest=LONGEST_TITLE,
        required=_l("Give the question a short title."),
        description=_l("For tables and lists, such as: Beds for boys."),
    )
    statement = FreeText(
        _l("Statement or question"),
        longest=LONGEST_TEXT,
        required=_l("Write the statement or question."),
        description=_l("With levels: one thing that is true or not yet true here. Otherwise: what you ask."),
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

    def __init__(self, areas: Iterable[tuple[str, str]], scale: Iterable[str], **settings: object) -> None:
        super().__init__(**settings)
        self.area.choices = [SelectChoice(key, name) for key, name in areas]
        for number, (level, name) in enumerate(zip(self.levels, scale, strict=True)):
            level.label.text = _("Level %(number)s: %(name)s", number=number, name=name)
            level.flags.required = True
        self.name_languages()
        self.edited: Question | None = None
        self.before: Question | None = None

    @property
    def levels(self) -> list[FreeText]:
        return [self[name] for name in LEVELS]

    @property
    def question_kind(self) -> QuestionKind:
        """Returns the kind of answers that was chosen; without a valid choice, the question keeps its kind."""
        usual = self.edited.kind if self.edited is not None else QuestionKind.LEVELS
        return QuestionKind(self.answers.data) if self.answers.data in set(QuestionKind) else usual

    @staticmethod
    def kept(area: str, question: Question) -> dict[str, object]:
        """Returns the values with which the form shows a question."""
        shown = {"area": area, "answers": question.kind.value, "ask": list(question.ask)}
        others = {
            f"{language}_{name}": text
            for language in BESIDE
            for name, text in _shown(question.texts.get(language, QuestionWording())).items()
        }
        return {**shown, **_shown(question), **others}

    def compare_with(self, before: Question) -> None:
        """Makes the form ask if the new texts ask the same question, because the old ones may have been answered."""
        self.before = before

    @property
    def words(self) -> QuestionWords:
        kind = self.question_kind
        return QuestionWords(
            area=self.area.data or "",
            title=self.title.data or "",
            statement=one_line(self.statement.data),
            why=one_line(self.why.data),
            ask=tuple(self.ask.data or ()),
            levels=tuple(one_line(level.data) for level in self.levels)
            if kind is QuestionKind.LEVELS
            else (),
            kind=kind,
            options=self.options_of(kind),
            texts={each: self._wording(each, kind) for each in BESIDE if self.holds(each)},
        )

    def _wording(self, language: str, kind: QuestionKind) -> QuestionWording:
        """Returns the texts in another language; its options correspond to those of the first language."""
        written = [name for name in OPTIONS if self[name].data]
        return QuestionWording(
            title=self.text_in(language, "title"),
            statement=self.text_in(language, "statement"),
            why=self.text_in(language, "why"),
            levels=self.texts_in(language, LEVELS) if kind is QuestionKind.LEVELS else (),
            options=self.texts_in(language, written) if kind in _WITH_OPTIONS else (),
        )

    @property
    def asks_for_something_else(self) -> bool:
        return self._has_new_words() and self.kind.data == NEW

    def offer(self, disciplines: Iterable[tuple[str, str]]) -> None:
        self.ask.choices = [SelectChoice(key, name) for key, name in disciplines]

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        valid = self._has_answers() and valid
        valid = all([valid, *map(self._is_whole, BESIDE)])
        if valid and self._has_new_words() and not self.kind.data:
            self.refuse("kind", _("Say whether the new words still ask the same thing."))
            valid = False
        return self._may_be_asked() and valid

    def _has_answers(self) -> bool:
        """Returns whether the question has answers to choose from: five levels, or two options or more."""
        words = self.words
        if words.kind is QuestionKind.LEVELS:
            empty = [each for each in self.levels if not each.data and not each.errors]
            for level in empty:
                number = level.name.rpartition("_")[2]
                self.refuse(level.name, _("Describe level %(number)s.", number=number))
            return not empty
        if words.kind is QuestionKind.YES_NO:
            return True
        return self.has_options(words.options)

    def _is_whole(self, language: str) -> bool:
        """Returns whether another language has all answers or none, because a half-translated list would mislead."""
        kind = self.question_kind
        names = LEVELS if kind is QuestionKind.LEVELS else OPTIONS if kind in _WITH_OPTIONS else ()
        texts = {name: self.text_in(language, name) for name in names}
        uneven = [name for name in names if bool(texts[name]) is not bool(self[name].data)]
        if not any(texts.values()) or not uneven:
            return self._are_different(language, texts)
        message = _("Write all answers in %(language)s, or none of them.", language=language_name(language))
        self.refuse(f"{language}_{uneven[0]}", message)
        return False

    def _are_different(self, language: str, texts: Mapping[str, str]) -> bool:
        """Returns whether no two options of another language are the same."""
        options = [text.casefold() for name, text in texts.items() if text and name in OPTIONS]
        if len(set(options)) == len(options):
            return True
        self.refuse(f"{language}_option_1", _("Two answers are alike. Change one of them."))
        return False

    def _may_be_asked(self) -> bool:
        asked = self.words.of(self.edited or Question.blank(""))
        edited = self.edited
        is_saved = edited is not None and same_words(asked, edited) and asked.texts == edited.texts
        return self.may_be_asked(asked, is_saved=is_saved)

    def _has_new_words(self) -> bool:
        return self.before is not None and not same_words(self.words.of(self.before), self.before)


@in_every_language("name", "short", "asks")
class SetAreaForm(TranslationsForm):
    """The form of a focus area's texts."""

    name = NameLine(_l("Name"), longest=LONGEST_NAME, required=_l("Give the focus area a name."))
    short = NameLine(
        _l("Short name"),
        longest=LONGEST_SHORT,
        required=_l("Give it a short name for tables."),
        description=_l("For tables: at most 24 characters."),
    )
    asks = FreeLine(_l("What the area asks"), longest=LONGEST_TEXT)

    def __init__(self, **settings: object) -> None:
        super().__init__(**settings)
        self.name_languages()

    @property
    def words(self) -> AreaWords:
        texts = {
            each: AreaWording(*(self.text_in(each, name) for name in self.spoken))
            for each in BESIDE
            if self.holds(each)
        }
        return AreaWords(self.name.data or "", self.short.data or "", self.asks.data or "", texts)

    @staticmethod
    def kept(area: QuestionArea) -> dict[str, object]:
        """Returns the values with which the form shows an area."""
        texts = {
            f"{language}_{name}": text
            for language in BESIDE
            for name, text in asdict(area.texts.get(language, AreaWording())).items()
        }
        return {"name": area.name, "short": area.short, "asks": area.asks, **texts}


class _Text(FreeText):
    """A field for a file's text, to correct by hand. It is never trimmed, so that line numbers stay correct."""

    def __init__(self, label: str, **settings: Any) -> None:
        super().__init__(label, longest=MOST_QUESTION_BYTES, about_people=False, **settings)
        self.filters = (lambda text: (text or "").replace("\r\n", "\n").replace("\r", "\n"),)


class LoadForm(EngageForm):
    """The form that loads a question file or its text. The first press checks the text, the second saves it."""

    file = FileField(_l("File"), description=_l("A YAML file of at most 400 KB."))
    text = _Text(
        _l("Text of the file"), description=_l("Paste the text here, or correct what was not accepted.")
    )
    file_name = HiddenField()
    do = HiddenField()

    def __init__(self, ours: QuestionSet, **settings: object) -> None:
        super().__init__(**settings)
        self.ours = ours
        self.loaded: Loaded | None = None

    @property
    def wants_to_save(self) -> bool:
        return self.do.data == "save"

    @property
    def title(self) -> str:
        """Returns the set's title from the file, else the file's name, unless that may contain personal details."""
        stem = (self.file_name.data or "").rpartition(".")[0].replace("_", " ").strip()
        named = self.loaded.title if self.loaded is not None else ""
        if details_in(stem):
            stem = ""
        return (named or _CONTROLS.sub("", stem) or _("Questions from a file"))[:LONGEST_TITLE]

    def validate(self, extra_validators: object = None) -> bool:
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
        """Puts a chosen file's text into the text field; returns a message if it is too large or is not text."""
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


def _shown(texts: Question | QuestionWording) -> dict[str, str]:
    """Returns the texts by the names of their fields."""
    lists = {
        **dict(zip(LEVELS, texts.levels, strict=False)),
        **dict(zip(OPTIONS, texts.options, strict=False)),
    }
    return {"title": texts.title, "statement": texts.statement, "why": texts.why, **lists}


def one_line(text: str | None) -> str:
    """Returns the text without line breaks."""
    return " ".join((text or "").split())
