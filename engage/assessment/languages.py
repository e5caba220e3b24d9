"""Completes the questions of a set with Engage's translations, as far as the set still has Engage's words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from engage.assessment.questions import AreaWording, Question, QuestionArea, QuestionSet, Wording
from engage.content.loader import content
from engage.extensions import language
from engage.languages import ENGLISH, offered


def in_all_languages(questions: QuestionSet) -> QuestionSet:
    """Returns the set with the texts of each language: its own, and Engage's where its words are still Engage's."""
    if questions.language != ENGLISH:
        return questions
    for other in offered():
        if other != ENGLISH:
            questions = _with(questions, other)
    return questions


def as_read(stored: Mapping[str, Any]) -> QuestionSet:
    """Returns a stored set in the reader's language, if the set has it."""
    questions = QuestionSet.from_json(stored)
    if questions.language == language():
        return questions
    return translated(questions, language())


@lru_cache(maxsize=16)
def translated(questions: QuestionSet, wanted: str) -> QuestionSet:
    """Returns the set in this language, if the set has it.

    It is cached by the set, because translating forty questions for each page takes a tenth of the page's
    time.
    """
    return in_all_languages(questions).in_language(wanted)


@lru_cache(maxsize=16)
def stored_questions(text: str) -> QuestionSet:
    """Returns the set in a round's stored JSON, in all languages. It is cached by its text, so it cannot be stale."""
    return in_all_languages(QuestionSet.from_json(json.loads(text)))


def _with(questions: QuestionSet, other: str) -> QuestionSet:
    """Returns the set with Engage's texts in one more language, beside those that it has."""
    more = replace(questions, areas=tuple(_area(each, other) for each in questions.areas))
    if other not in more.languages or more.scale != _scale(ENGLISH):
        return more
    return replace(more, scales={other: _scale(other), **more.scales})


def _area(area: QuestionArea, other: str) -> QuestionArea:
    ours, theirs, texts = _area_words(area.key, ENGLISH), _area_words(area.key, other), area.texts
    if ours and theirs and (area.name, area.short) == (ours.name, ours.short):
        # Engage may have changed its question since this round was opened; then people read what the round asks.
        asks = theirs.asks if area.asks == ours.asks else area.asks
        texts = {other: replace(theirs, asks=asks), **texts}
    return replace(area, texts=texts, questions=tuple(_question(each, other) for each in area.questions))


def _question(question: Question, other: str) -> Question:
    words = Wording(question.title, question.statement, question.why, question.levels, question.options)
    theirs = _words(question.key, other) if words == _words(question.key, ENGLISH) else None
    return question if theirs is None else replace(question, texts={other: theirs, **question.texts})


def _words(key: str, spoken: str) -> Wording | None:
    """Returns Engage's texts of one of its statements in this language; None for the key of another statement."""
    try:
        ours = content(spoken).indicator(key)
    except KeyError:
        return None
    return Wording(ours.title, ours.statement, ours.why, ours.levels)


def _area_words(key: str, spoken: str) -> AreaWording | None:
    try:
        ours = content(spoken).area(key)
    except KeyError:
        return None
    return AreaWording(ours.name, ours.short, ours.question)


def _scale(spoken: str) -> tuple[str, ...]:
    return tuple(level.label for level in content(spoken).scale.levels)
