"""Holds a round's frozen questions: copied from the content when the round opens, and read back unchanged."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import zip_longest
from typing import Any, Final, Self

from msgspec import Struct, field, to_builtins
from msgspec.structs import replace

from engage.assessment import rules
from engage.assessment.rules import QuestionKind
from engage.content.model import Content

# Format 1 had texts in one language, format 2 only statements with levels; format 3 also has questions with
# options.
FORMAT_OF_LEVELS: Final = 2
FORMAT: Final = 3
READABLE: Final = {1, FORMAT_OF_LEVELS, FORMAT}


class QuestionWording(Struct, frozen=True):
    """A question's texts in another language. Missing or empty texts are shown in the set's own language."""

    title: str = ""
    statement: str = ""
    why: str = ""
    levels: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


class AreaWording(Struct, frozen=True):
    """A focus area's texts in another language. Empty texts are shown in the set's own language."""

    name: str = ""
    short: str = ""
    asks: str = ""


class Question(Struct, frozen=True):
    """A question as its respondents saw it. `texts` holds its texts in other languages.

    `levels[n]` describes rating n of a statement; other kinds of questions have none. `options` are what
    people choose from; *yes* and *no* are added by the page.
    """

    key: str
    meaning: int
    title: str
    statement: str
    why: str
    ask: tuple[str, ...]
    levels: tuple[str, ...]
    texts: Mapping[str, QuestionWording] = field(default_factory=dict)
    kind: QuestionKind = QuestionKind.LEVELS
    options: tuple[str, ...] = ()
    # The language of the texts that have no translation and are shown in the set's own language; empty unless
    # another language was requested.
    first: str = ""

    @classmethod
    def blank(cls, key: str) -> Self:
        return cls(key, 1, "", "", "", (), ())

    @property
    def is_rated(self) -> bool:
        return self.kind is QuestionKind.LEVELS

    @property
    def takes_several(self) -> bool:
        return self.kind is QuestionKind.SEVERAL

    @property
    def choices(self) -> int:
        """Returns how many options people choose from; 0 for a statement with levels."""
        return 2 if self.kind is QuestionKind.YES_NO else len(self.options)

    @property
    def words(self) -> int:
        """Returns the number of words that a respondent reads before answering."""
        return sum(len(text.split()) for text in (self.statement, self.why, *self.levels, *self.options))

    def in_language(self, language: str, first: str = "") -> Question:
        texts = self.texts.get(language, QuestionWording())
        return replace(
            self,
            first=first,
            title=texts.title or self.title,
            statement=texts.statement or self.statement,
            why=texts.why or self.why,
            levels=_or_first(texts.levels, self.levels),
            options=_or_first(texts.options, self.options),
        )

    def lang_of(self, part: str, language: str, at: int | None = None) -> str:
        """Returns the language of this text of the question if it differs from the requested one; else ""."""
        said = getattr(self.texts.get(language, QuestionWording()), part)
        if at is not None:
            said = said[at] if at < len(said) else ""
        return "" if said else self.first

    def lacks(self, language: str) -> bool:
        """Returns whether some text would be shown in the set's own language; a missing *why* does not matter."""
        texts = self.texts.get(language, QuestionWording())
        pairs = [(texts.title, self.title), (texts.statement, self.statement)]
        pairs += zip_longest(texts.levels, self.levels, fillvalue="")
        pairs += zip_longest(texts.options, self.options, fillvalue="")
        return any(first and not other for other, first in pairs)


class QuestionArea(Struct, frozen=True):
    """A focus area with its questions in the order of asking."""

    key: str
    name: str
    short: str
    asks: str
    questions: tuple[Question, ...]
    texts: Mapping[str, AreaWording] = field(default_factory=dict)
    first: str = ""  # the same as in Question

    def in_language(self, language: str, first: str = "") -> QuestionArea:
        texts = self.texts.get(language, AreaWording())
        return replace(
            self,
            first=first,
            questions=tuple(each.in_language(language, first) for each in self.questions),
            name=texts.name or self.name,
            short=texts.short or self.short,
            asks=texts.asks or self.asks,
        )

    def lang_of(self, part: str, language: str) -> str:
        """Returns the language of this text of the area if it differs from the requested one; else ""."""
        return "" if getattr(self.texts.get(language, AreaWording()), part) else self.first

    @property
    def has_levels(self) -> bool:
        return any(each.is_rated for each in self.questions)

    def position(self, key: str) -> int:
        """Returns the question's position in the area, from 1."""
        return [question.key for question in self.questions].index(key) + 1

    def after(self, key: str) -> Question | None:
        """Returns the next question of the area; None after the last."""
        return next(iter(self.questions[self.position(key) :]), None)

    def before(self, key: str) -> Question | None:
        position = self.position(key)
        return self.questions[position - 2] if position > 1 else None


class QuestionSet(Struct, frozen=True):
    """All questions of a round. `scale` holds the names of the five levels, from level 0."""

    language: str
    scale: tuple[str, ...]
    areas: tuple[QuestionArea, ...]
    # The names of the levels in other languages.
    scales: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __hash__(self) -> int:
        """Returns a hash of the texts in the set's own language; texts in other languages do not change it."""
        asked = (each.statement or each.title for area in self.areas for each in area.questions)
        return hash((self.language, *asked))

    @property
    def for_rules(self) -> tuple[rules.Area, ...]:
        """Returns the set reduced to keys and meaning numbers, as the rules need it."""
        return tuple(
            rules.Area(
                area.key,
                tuple(
                    rules.Indicator(each.key, each.meaning, each.choices, each.takes_several)
                    for each in area.questions
                ),
            )
            for area in self.areas
        )

    @property
    def rated(self) -> Self:
        """Returns the statements that people rate, without the questions that have options."""
        return self.without({each.key for _in, each in self.with_options})

    @property
    def with_options(self) -> tuple[tuple[QuestionArea, Question], ...]:
        """Returns the questions that have options, each with its area."""
        return tuple((area, each) for area in self.areas for each in area.questions if not each.is_rated)

    @property
    def count(self) -> int:
        return sum(len(area.questions) for area in self.areas)

    @property
    def minutes(self) -> int:
        """Returns about how many minutes it takes to answer everything."""
        return rules.minutes_to_answer(
            sum(each.words for area in self.areas for each in area.questions), self.count
        )

    @property
    def languages(self) -> tuple[str, ...]:
        """Returns the set's own language, then the other languages that have some of its texts."""
        others = {language for area in self.areas for language in area.texts}
        others |= {language for area in self.areas for each in area.questions for language in each.texts}
        return self.language, *sorted(others - {self.language})

    def in_language(self, language: str) -> Self:
        """Returns the same questions in this language as far as it is translated; `language` is then this language."""
        if language == self.language:
            return self
        areas = tuple(area.in_language(language, self.language) for area in self.areas)
        if language not in self.languages:
            return replace(self, areas=areas)
        scale = self.scales.get(language, self.scale)
        return replace(self, language=language, scale=scale, areas=areas)

    def lacking(self, language: str) -> tuple[Question, ...]:
        """Returns the questions of which some text would be shown in the set's own language."""
        return tuple(each for area in self.areas for each in area.questions if each.lacks(language))

    def area(self, key: str) -> QuestionArea | None:
        return next((area for area in self.areas if area.key == key), None)

    def area_after(self, key: str) -> QuestionArea | None:
        keys = [area.key for area in self.areas]
        return next(iter(self.areas[keys.index(key) + 1 :]), None)

    def find(self, key: str) -> tuple[QuestionArea, Question] | None:
        """Returns the question with this key and its area."""
        pairs = ((area, question) for area in self.areas for question in area.questions)
        return next((pair for pair in pairs if pair[1].key == key), None)

    def without(self, keys: Collection[str]) -> Self:
        """Returns the set without these questions, and without areas that become empty."""
        areas = (
            replace(area, questions=tuple(each for each in area.questions if each.key not in keys))
            for area in self.areas
        )
        return replace(self, areas=tuple(area for area in areas if area.questions))

    def to_json(self) -> dict[str, object]:
        """Returns the set as it is stored; fields that only questions with options need are left out elsewhere."""
        stored: dict[str, Any] = to_builtins(self)
        for area in stored["areas"]:
            for question in area["questions"]:
                del question["first"]
                _drop_empty(question)
        if not self.scales:
            del stored["scales"]
        return {"format": FORMAT if self.with_options else FORMAT_OF_LEVELS, **stored}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Reads a stored set. Raises ValueError for a format that this version does not read."""
        if stored.get("format") not in READABLE:
            raise ValueError(
                f"stored questions have format {stored.get('format')!r}, this version reads up to {FORMAT}"
            )
        areas = tuple(map(_area, stored["areas"]))
        scales = {language: tuple(labels) for language, labels in stored.get("scales", {}).items()}
        return cls(stored["language"], tuple(stored["scale"]), areas, scales)


class QuestionComparison(Struct, frozen=True):
    """The keys that two frozen sets share. An indicator asks the same in both if its key and meaning number agree.

    All keys are in the order of the later set; `only_before` is in the order of the earlier set.
    """

    both: tuple[str, ...]
    # Indicators with the same key but another meaning number, that is, a new question under an old key.
    changed: tuple[str, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    # Areas that ask exactly the same questions in both sets, so that the numbers of the whole area can be
    # compared.
    areas: tuple[str, ...]


def comparable(before: QuestionSet, after: QuestionSet) -> QuestionComparison:
    """Returns which indicators of two rounds can be compared, and why the others cannot."""
    meanings = {each.key: each.meaning for area in before.areas for each in area.questions}
    now = {each.key: each.meaning for area in after.areas for each in area.questions}
    asked = {area.key: {(each.key, each.meaning) for each in area.questions} for area in before.areas}
    return QuestionComparison(
        both=tuple(key for key, meaning in now.items() if meanings.get(key) == meaning),
        changed=tuple(key for key, meaning in now.items() if meanings.get(key, meaning) != meaning),
        only_before=tuple(key for key in meanings if key not in now),
        only_after=tuple(key for key in now if key not in meanings),
        areas=tuple(
            area.key
            for area in after.areas
            if asked.get(area.key) == {(each.key, each.meaning) for each in area.questions}
        ),
    )


def _area(stored: Mapping[str, Any]) -> QuestionArea:
    questions = tuple(map(_question, stored["questions"]))
    texts = {language: AreaWording(**each) for language, each in stored.get("texts", {}).items()}
    return QuestionArea(**{**stored, "questions": questions, "texts": texts})


def _question(stored: Mapping[str, Any]) -> Question:
    texts = {
        language: QuestionWording(**{**each, **_tuples(each)})
        for language, each in stored.get("texts", {}).items()
    }
    kind = QuestionKind(stored.get("kind", QuestionKind.LEVELS))
    return Question(
        **{**stored, **_tuples(stored), "ask": tuple(stored["ask"]), "texts": texts, "kind": kind}
    )


def _drop_empty(question: dict[str, Any]) -> None:
    if question["kind"] is not QuestionKind.LEVELS:
        return
    for texts in (question, *question["texts"].values()):
        del texts["options"]
    del question["kind"]


def _tuples(stored: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(stored.get(name, ())) for name in ("levels", "options")}


def _or_first(others: tuple[str, ...], first: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(other or ours for other, ours in zip_longest(others[: len(first)], first, fillvalue=""))


def frozen(content: Content, language: str, *, extras: bool = False, earlier: bool = False) -> QuestionSet:
    """Returns a frozen copy of the content's questions.

    `extras` also includes those that are hidden by default; `earlier` takes the wording before the current one.
    """
    every = (*content.indicators, *(content.extras if extras else ()))
    asked = [each.before if earlier else each for each in every]
    areas = tuple(
        QuestionArea(
            key=area.key,
            name=area.name,
            short=area.short,
            asks=area.question,
            questions=tuple(
                Question(each.key, each.meaning, each.title, each.statement, each.why, each.ask, each.levels)
                for each in asked
                if each.area == area.key
            ),
        )
        for area in content.areas
    )
    return QuestionSet(language, tuple(level.label for level in content.scale.levels), areas)


def short(content: Content, language: str, *, earlier: bool = False) -> QuestionSet:
    """Returns the short set: the questions that any resident can answer, with the same keys and meaning numbers."""
    return frozen(content, language, earlier=earlier).without(
        {each.key for each in content.indicators if not each.short}
    )
