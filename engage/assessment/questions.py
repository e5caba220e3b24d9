"""Holds a round's frozen questions: copied from the content when the round opens, and read back unchanged."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import Any, Final, Self

from engage.assessment import rules
from engage.content.model import Content

# Format 1 had the texts of one language.
FORMAT: Final = 2
READABLE: Final = {1, FORMAT}


@dataclass(frozen=True, slots=True)
class Wording:
    """A question's texts in another language."""

    title: str
    statement: str
    why: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AreaWording:
    """A focus area's texts in another language."""

    name: str
    short: str
    asks: str


@dataclass(frozen=True, slots=True)
class Question:
    """An indicator as its respondents saw it. `levels[n]` describes rating n; `texts` are other languages' texts."""

    key: str
    meaning: int
    title: str
    statement: str
    why: str
    ask: tuple[str, ...]
    levels: tuple[str, ...]
    texts: Mapping[str, Wording] = field(default_factory=dict, hash=False)

    def in_language(self, language: str) -> Question:
        texts = self.texts.get(language)
        if texts is None:
            return self
        return replace(self, title=texts.title, statement=texts.statement, why=texts.why, levels=texts.levels)


@dataclass(frozen=True, slots=True)
class QuestionArea:
    """A focus area with its questions in the order of asking."""

    key: str
    name: str
    short: str
    asks: str
    questions: tuple[Question, ...]
    texts: Mapping[str, AreaWording] = field(default_factory=dict, hash=False)

    def in_language(self, language: str) -> QuestionArea:
        questions = tuple(each.in_language(language) for each in self.questions)
        texts = self.texts.get(language)
        if texts is None:
            return replace(self, questions=questions)
        return replace(self, questions=questions, name=texts.name, short=texts.short, asks=texts.asks)

    def position(self, key: str) -> int:
        """Returns the question's place, from 1."""
        return [question.key for question in self.questions].index(key) + 1

    def after(self, key: str) -> Question | None:
        """Returns the question that follows; None after the last."""
        return next(iter(self.questions[self.position(key) :]), None)

    def before(self, key: str) -> Question | None:
        position = self.position(key)
        return self.questions[position - 2] if position > 1 else None


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Everything a round asks. `scale` names the five levels, from 0."""

    language: str
    scale: tuple[str, ...]
    areas: tuple[QuestionArea, ...]

    @property
    def for_rules(self) -> tuple[rules.Area, ...]:
        """Returns the same as keys and meanings only."""
        return tuple(
            rules.Area(area.key, tuple(rules.Indicator(each.key, each.meaning) for each in area.questions))
            for area in self.areas
        )

    @property
    def languages(self) -> tuple[str, ...]:
        """Returns its own language, then those in which some of it exists too."""
        others = {language for area in self.areas for language in area.texts}
        others |= {language for area in self.areas for each in area.questions for language in each.texts}
        return self.language, *sorted(others - {self.language})

    def in_language(self, language: str) -> Self:
        """Returns the same questions in this language, where it exists."""
        if language == self.language or language not in self.languages:
            return self
        return replace(self, areas=tuple(area.in_language(language) for area in self.areas))

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
        """Returns the set without these questions, and without the areas that are then empty."""
        areas = (
            replace(area, questions=tuple(each for each in area.questions if each.key not in keys))
            for area in self.areas
        )
        return replace(self, areas=tuple(area for area in areas if area.questions))

    def to_json(self) -> dict[str, Any]:
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Reads a stored set. Raises ValueError for a format that this version does not read."""
        if stored.get("format") not in READABLE:
            raise ValueError(
                f"stored questions have format {stored.get('format')!r}, this version reads up to {FORMAT}"
            )
        areas = tuple(map(_area, stored["areas"]))
        return cls(stored["language"], tuple(stored["scale"]), areas)


@lru_cache(maxsize=16)
def stored_questions(text: str) -> QuestionSet:
    """Returns the set in a round's stored JSON. It is cached by its text, so it cannot be stale."""
    return QuestionSet.from_json(json.loads(text))


@dataclass(frozen=True, slots=True)
class Comparison:
    """The keys that two frozen sets share. An indicator asks the same in both if key and meaning number agree.

    All keys are in the later set's order; `only_before` is in the earlier one's.
    """

    both: tuple[str, ...]
    # The key is the same with another meaning number: a new question under an old name.
    changed: tuple[str, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    # These areas ask exactly the same questions, so that their numbers as a whole can be compared.
    areas: tuple[str, ...]


def comparable(before: QuestionSet, after: QuestionSet) -> Comparison:
    """Returns which indicators of two rounds can be compared, and why the others cannot."""
    meanings = {each.key: each.meaning for area in before.areas for each in area.questions}
    now = {each.key: each.meaning for area in after.areas for each in area.questions}
    asked = {area.key: {(each.key, each.meaning) for each in area.questions} for area in before.areas}
    return Comparison(
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
        language: Wording(**{**each, "levels": tuple(each["levels"])})
        for language, each in stored.get("texts", {}).items()
    }
    return Question(
        **{**stored, "ask": tuple(stored["ask"]), "levels": tuple(stored["levels"]), "texts": texts}
    )


def frozen(content: Content, language: str) -> QuestionSet:
    """Returns a frozen copy of the content's questions."""
    areas = tuple(
        QuestionArea(
            key=area.key,
            name=area.name,
            short=area.short,
            asks=area.question,
            questions=tuple(
                Question(each.key, each.meaning, each.title, each.statement, each.why, each.ask, each.levels)
                for each in content.indicators_in(area.key)
            ),
        )
        for area in content.areas
    )
    return QuestionSet(language, tuple(level.label for level in content.scale.levels), areas)
