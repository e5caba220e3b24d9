"""Edits a question set that a coalition is working on: hidden, reworded and added questions, their order.

Every change makes a new draft. A round copies the draft's questions when it opens, so later changes do not
affect the round.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any, Final, Self

from msgspec import Struct, field
from msgspec.structs import replace

from engage.assessment.questions import Question, QuestionArea, QuestionSet

MOST_QUESTIONS: Final = 500
MOST_AREAS: Final = 30
# Coalitions use meaning numbers above this one; Engage's own numbers stay below.
OWN_MEANINGS: Final = 100
# The keys of a coalition's own questions begin with this, so that they never equal a later key of Engage's.
OWN_KEY: Final = "own-"
LONGEST_KEY: Final = 60


class TooMany(Exception):
    """The set has no room for another question or area."""


class QuestionChange(StrEnum):
    """The kinds of differences between a question and Engage's question with the same key."""

    NONE = "none"
    CLEARER = "clearer"
    NEW_MEANING = "new_meaning"
    ADDED = "added"


def change(question: Question, ours: Question | None) -> QuestionChange:
    if ours is None:
        return QuestionChange.ADDED
    if question.meaning != ours.meaning:
        return QuestionChange.NEW_MEANING
    return QuestionChange.NONE if same_words(question, ours) else QuestionChange.CLEARER


def same_words(one: Question, other: Question) -> bool:
    """Returns whether the two questions have the same title, statement, levels and options."""
    return _read(one) == _read(other)


def _read(question: Question) -> tuple[object, ...]:
    return question.title, question.statement, question.levels, question.kind, question.options


def other_answers(one: Question, other: Question) -> bool:
    """Returns whether two questions have different answers, so that their counts cannot be compared.

    An option is identified by its index, so added, removed or moved options make a new question.
    """
    return (
        one.kind is not other.kind
        or len(one.options) != len(other.options)
        or (one.options != other.options and sorted(one.options) == sorted(other.options))
    )


def next_meaning(known: Iterable[int]) -> int:
    """Returns a meaning number that no question with this key has had. `known` are those of rounds, sets and Engage."""
    return max([OWN_MEANINGS, *known]) + 1


def own_key(name: str, taken: Collection[str]) -> str:
    """Returns a key for a question or area that a coalition adds, made from its name; `taken` are keys in use."""
    words = "".join(each if each.isascii() and each.isalnum() else " " for each in name).split()
    stem = (OWN_KEY + "-".join(words))[: LONGEST_KEY - 5].rstrip("-")
    key, number = stem, 1
    while key in taken or key == OWN_KEY.rstrip("-"):
        number += 1
        key = f"{stem}-{number}"
    return key


class SetDraft(Struct, frozen=True):
    """All questions of a set, the keys of the hidden ones, and how often each question and area was changed."""

    questions: QuestionSet
    hidden: frozenset[str] = frozenset()
    # How often each was changed, compared with the number in a person's form. The key is a question's, or
    # "area:" and an area's.
    edits: Mapping[str, int] = field(default_factory=dict)

    # -- reading

    @property
    def asked(self) -> QuestionSet:
        """Returns what a round would ask: hidden questions and areas without questions are left out."""
        return self.questions.without(self.hidden)

    @property
    def keys(self) -> set[str]:
        return {each.key for area in self.questions.areas for each in area.questions}

    def edit_of(self, key: str) -> int:
        return self.edits.get(key, 1)

    def edit_of_area(self, key: str) -> int:
        return self.edit_of(f"area:{key}")

    # -- questions

    def hide(self, keys: Collection[str]) -> Self:
        return replace(self, hidden=self.hidden | (self.keys & set(keys)))

    def show(self, keys: Collection[str]) -> Self:
        return replace(self, hidden=self.hidden - set(keys))

    def put(self, area_key: str, question: Question) -> Self:
        """Replaces the question with this key, or adds the question at the end of the area. Raises TooMany."""
        found = self.questions.find(question.key)
        if found is None and len(self.keys) >= MOST_QUESTIONS:
            raise TooMany
        stays = found is not None and found[0].key == area_key
        areas = []
        for area in self.questions.areas:
            rest = tuple(each for each in area.questions if each.key != question.key)
            if area.key != area_key:
                areas.append(replace(area, questions=rest))
            elif stays:
                areas.append(replace(area, questions=_swapped(area, question)))
            else:
                areas.append(replace(area, questions=(*rest, question)))
        return self._edited(question.key, areas)

    def take_out(self, key: str) -> Self:
        areas = (
            replace(area, questions=tuple(each for each in area.questions if each.key != key))
            for area in self.questions.areas
        )
        return replace(
            self, questions=replace(self.questions, areas=tuple(areas)), hidden=self.hidden - {key}
        )

    def move(self, key: str, steps: int) -> Self:
        """Moves the question down by this many places in its area, or up; it stops at the ends."""
        areas = (replace(area, questions=_moved(area.questions, key, steps)) for area in self.questions.areas)
        return replace(self, questions=replace(self.questions, areas=tuple(areas)))

    # -- areas

    def put_area(self, area: QuestionArea) -> Self:
        """Replaces the area's texts, or adds a new area at the end. Raises TooMany."""
        old = self.questions.area(area.key)
        if old is None:
            if len(self.questions.areas) >= MOST_AREAS:
                raise TooMany
            return self._edited(f"area:{area.key}", [*self.questions.areas, area])
        changed = replace(area, questions=old.questions)
        areas = [changed if each.key == area.key else each for each in self.questions.areas]
        return self._edited(f"area:{area.key}", areas)

    def take_out_area(self, key: str) -> Self:
        areas = tuple(each for each in self.questions.areas if each.key != key)
        return replace(self, questions=replace(self.questions, areas=areas))

    def move_area(self, key: str, steps: int) -> Self:
        areas = _moved(self.questions.areas, key, steps)
        return replace(self, questions=replace(self.questions, areas=areas))

    # -- storing

    def to_json(self) -> dict[str, object]:
        return {**self.questions.to_json(), "hidden": sorted(self.hidden), "edits": dict(self.edits)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        questions = QuestionSet.from_json(stored)
        return cls(questions, frozenset(stored.get("hidden", ())), dict(stored.get("edits", {})))

    def _edited(self, name: str, areas: Iterable[QuestionArea]) -> Self:
        edits = {**self.edits, name: self.edit_of(name) + 1}
        return replace(self, questions=replace(self.questions, areas=tuple(areas)), edits=edits)


class Offer(Struct, frozen=True):
    """A set that a new round may ask: the value of its choice, its title, its questions, and a sentence about them."""

    value: str
    title: str
    asked: QuestionSet
    counts: str


def _swapped(area: QuestionArea, question: Question) -> tuple[Question, ...]:
    return tuple(question if each.key == question.key else each for each in area.questions)


def _moved(rows: tuple[Any, ...], key: str, steps: int) -> tuple[Any, ...]:
    place = next((at for at, row in enumerate(rows) if row.key == key), None)
    if place is None:
        return rows
    rest = [*rows[:place], *rows[place + 1 :]]
    rest.insert(min(max(place + steps, 0), len(rest)), rows[place])
    return tuple(rest)
