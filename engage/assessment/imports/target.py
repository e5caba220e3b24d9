"""Describes what a file of answers can hold: statements, the sector, and what tells a row from others."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cached_property

from flask import current_app
from msgspec import Struct, field

from engage import tokens
from engage.assessment.imports import makers, scales
from engage.assessment.imports.makers import Holds
from engage.assessment.languages import in_all_languages
from engage.assessment.questions import Question, QuestionSet
from engage.assessment.results.labels import level_words, option_words
from engage.assessment.rules import NOTE_LONGEST, Answer, AnswerKind, Rating
from engage.assessment.sets.rules import Offer
from engage.content.import_words import import_words
from engage.content.loader import content
from engage.database import folded
from engage.extensions import language
from engage.i18n import gettext as _
from engage.imports.cells import parts_of
from engage.imports.columns import ImportColumn, columns_of, normal
from engage.imports.reading import ReadFile
from engage.imports.target import (
    LEFT_OUT,
    ChoiceField,
    Field,
    Meant,
    NotTaken,
    Target,
    TextField,
    Value,
    in_every_language,
)
from engage.partners.imports.target import SectorField

ID, TIME, SECTOR, NOTE = "row_id", "row_time", "sector", "note"
# The scale of all statements that people rate: their words are asked about once.
SCALE = "scale"
# The key of `Meant` for the columns in which the best answer is the first one.
TURNED = "turned"
_NOTE_ON = "note on "
_OTHER_ANSWERS = {AnswerKind.DONT_KNOW: scales.DONT_KNOW, AnswerKind.DOES_NOT_APPLY: scales.DOES_NOT_APPLY}


def remembered(text: str) -> str:
    """Returns the hash under which a name of a column or a word is remembered; the text itself is not stored."""
    return tokens.keyed(current_app.config["SECRET_KEY"], "answers from a file", folded(text))[:24]


class StatementField(ChoiceField, frozen=True, kw_only=True, dict=True):
    """A question of the round. Its choices are levels or options, *don't know* and *does not apply*."""

    question: Question
    memory: Mapping[str, str] = field(default_factory=dict)
    may_go: bool = True

    @cached_property
    def by_word(self) -> dict[str, str]:
        """Returns the words whose meaning is certain. A number is none of them, because scales differ."""
        named = {folded(str(words)): key for key, words in self.choices.items()}
        return {**self.also, **named}

    def suggests(self, word: str) -> str:
        """Returns what the word meant in an earlier file, or else what it usually means; "" if neither is known."""
        said = self.memory.get(remembered(word)) or scales.meaning_of(word) or ""
        return said if said in self.choices or said == LEFT_OUT else ""

    def parts(self, text: str) -> list[str]:
        """Splits the cell of a question that takes several options at semicolons, or else at commas."""
        if not self.question.takes_several or folded(text) in self.by_word:
            return [" ".join(text.split())]
        return parts_of(text, ";|" if ";" in text else ",")

    def unknown(self, text: str) -> list[str]:
        """Returns the words to ask about. What numbers of a scale mean is asked once for all of them."""
        is_number = self.question.is_rated and scales.number_in(text) is not None
        return [] if is_number else super().unknown(text)

    def read(self, text: str, meant: Meant) -> Value | None:
        number = scales.number_in(text) if self.question.is_rated else None
        words = [text if number is None else str(number)] if self.question.is_rated else self.parts(text)
        keys = dict.fromkeys(self.key_of(word, meant) for word in words)
        found = tuple(key for key in keys if key != LEFT_OUT)
        if len(found) > 1 and (not self.question.takes_several or set(found) & set(_OTHER_ANSWERS.values())):
            raise NotTaken(_("This statement takes one answer only."))
        if found and found[0].isdecimal() and self.key in meant.get(TURNED, {}):
            return (str(max(Rating) - int(found[0])),)
        return found or None

    def answer(self, keys: Collection[str]) -> Answer:
        for kind, key in _OTHER_ANSWERS.items():
            if key in keys:
                return Answer(kind)
        return (Answer.rated if self.question.is_rated else Answer.chose)(*(int(key) for key in keys))


class OpenForAnyone(Struct, frozen=True):
    """An open round for anyone, with its questions as (key, meaning)."""

    id: int
    title: str
    asks: frozenset[tuple[str, int]]


class AnswersTarget(Target, frozen=True, kw_only=True):
    """A file of answers as the target of an import.

    Only columns that may be choices, and what tells rows apart, go on to the next page; texts that people wrote
    only if the coordinator asked for them (`with_texts`).
    """

    # The question sets to choose from, and the value of the chosen one.
    offers: tuple[Offer, ...]
    chosen: str
    today: date
    # The round for anyone to which the answers may be added, if one is open.
    open_round: OpenForAnyone | None = None
    with_texts: bool = False
    # {hash of a column's name: field} of earlier files.
    memory: Mapping[str, str] = field(default_factory=dict)
    is_sifted: bool = True
    accepts: str = ".csv,.xlsx,.tsv,.txt,text/csv"

    @cached_property
    def statements(self) -> dict[str, StatementField]:
        return {each.key: each for each in self.fields if isinstance(each, StatementField)}

    @cached_property
    def _texts(self) -> dict[str, set[str]]:
        return {key: set(each.synonyms) for key, each in self.statements.items()}

    def sifted(self, sheet: ReadFile, heading: int) -> ReadFile:
        sheet = makers.with_one_heading(sheet, heading)
        rows, columns = sheet.below(heading), columns_of(sheet, heading)
        chosen = self._named(columns)
        kept = set()
        for column in columns:
            key = chosen.get(column.index, "")
            cells = [cell for record in rows if (cell := record.cell(column.index).strip())]
            found = makers.holds(column.heading, cells, is_a_statement=key in self.statements)
            is_choice = found is Holds.CHOICES or (found is Holds.TEXTS and self.with_texts)
            if key in {ID, TIME} or (is_choice and not column.holds_addresses):
                kept.add(column.index)
        return sheet.only(kept, heading)

    def guess(self, columns: Iterable[ImportColumn]) -> dict[int, str]:
        return self._named([each for each in columns if each.filled])

    def _named(self, columns: Collection[ImportColumn]) -> dict[int, str]:
        """Returns the field of each column: as in an earlier file, or else by its name."""
        found: dict[int, str] = {}
        keys = {each.key for each in self.fields}
        for column in columns:
            key = self.memory.get(remembered(normal(column.heading)), "")
            if key in keys and (key == NOTE or key not in found.values()):
                found[column.index] = key
        for names, key in ((makers.IDS, ID), (makers.TIMES, TIME)):
            index = next(
                (each.index for name in names for each in columns if normal(each.heading) == name), None
            )
            if index is not None and key not in found.values():
                found.setdefault(index, key)
        left = [each for each in columns if each.index not in found]
        by_words = makers.suggested(left, self._texts)
        by_name = super().guess([each for each in left if each.index not in by_words])
        for index, key in {**by_name, **by_words}.items():
            if key not in found.values():
                found[index] = key
        return found

    def places(self, chosen: Mapping[int, str]) -> dict[str, list[int]]:
        """Returns the columns of each field. A column of notes belongs to the statement before it."""
        found = super().places({index: key for index, key in chosen.items() if key != NOTE})
        last = ""
        for _index, key in sorted(chosen.items()):
            if key in self.statements:
                last = key
            elif key == NOTE and last:
                found.setdefault(f"{_NOTE_ON}{last}", []).append(_index)
        return found

    def note_of(self, key: str) -> str:
        return f"{_NOTE_ON}{key}"

    @property
    def questions(self) -> QuestionSet:
        return self.offer.asked

    @property
    def offer(self) -> Offer:
        return next((each for each in self.offers if each.value == self.chosen), self.offers[0])


def fields_of(questions: QuestionSet, memory: Mapping[str, str]) -> tuple[Field, ...]:
    """Returns the fields in the reader's language. `memory` is what words meant in earlier files."""
    return in_every_language(lambda: _fields(questions, memory), import_words("answers"))


def _fields(questions: QuestionSet, memory: Mapping[str, str]) -> tuple[Field, ...]:
    whole = in_all_languages(questions)
    read = whole.in_language(language())
    asked = [each for area in read.areas for each in area.questions]
    others = [each for each in whole.languages if each != language()]
    texts = {
        each.key: [each.in_language(spoken) for spoken in others]
        for area in whole.areas
        for each in area.questions
    }
    labels = [whole.scale, *whole.scales.values()]
    sectors = content().sectors_of_people
    return (
        Field(
            key=ID,
            label=_("Number or ID of the response"),
            longest=200,
            is_typed=False,
        ),
        Field(
            key=TIME,
            label=_("Time of the response"),
            longest=200,
            is_typed=False,
        ),
        SectorField(
            key=SECTOR,
            label=_("Sector"),
            choices={each.key: each.name for each in sectors},
            described={each.key: each.help for each in sectors},
            may_go=True,
        ),
        *(_statement(each, texts[each.key], read.scale, labels, memory) for each in asked),
        Field(key=NOTE, label=_("A comment on the statement before it"), is_typed=False, joins=" "),
        *(
            TextField(
                key=f"{_NOTE_ON}{each.key}",
                label=_("Comment on “%(title)s”", title=each.title),
                longest=NOTE_LONGEST,
                joins="\n\n",
                free=True,
                is_offered=False,
            )
            for each in asked
            if each.is_rated
        ),
    )


def _statement(
    question: Question,
    elsewhere: Iterable[Question],
    scale: tuple[str, ...],
    labels: Iterable[tuple[str, ...]],
    memory: Mapping[str, str],
) -> StatementField:
    """Returns the field of a question. `elsewhere` is the question in other languages."""
    everywhere = [question, *elsewhere]
    if question.is_rated:
        own = {str(level): level_words(level, scale) for level in Rating}
        known = [*labels, *(each.levels for each in everywhere)]
    else:
        own = {str(at): text for at, text in enumerate(option_words(question))}
        known = [each.options for each in everywhere]
    others = {scales.DONT_KNOW: _("I don't know"), scales.DOES_NOT_APPLY: _("Does not apply here")}
    also = {folded(text): str(at) for texts in known for at, text in enumerate(texts)}
    return StatementField(
        key=question.key,
        label=question.title,
        question=question,
        memory=memory,
        choices={**own, **others},
        also={**also, **{word: key for key in others for word in scales.words_for(key)}},
        synonyms=tuple(text for each in everywhere for text in (each.title, each.statement) if text),
        scale=SCALE if question.is_rated else "",
        scale_label=_("Answers"),
    )
