"""Adds Engage's translations to a question set, wherever the set still has Engage's own English text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from msgspec.structs import replace

from engage.assessment.questions import AreaWording, Question, QuestionArea, QuestionSet, QuestionWording
from engage.content.loader import content
from engage.extensions import language
from engage.languages import ENGLISH, offered


def in_all_languages(questions: QuestionSet) -> QuestionSet:
    """Returns the set with the texts of each language: its own, and Engage's where its English is still Engage's."""
    if questions.language != ENGLISH:
        return questions
    for other in offered():
        if other != ENGLISH:
            questions = _with(questions, other)
    return questions


def as_read(stored: Mapping[str, object]) -> QuestionSet:
    """Returns a stored set in the reader's language; texts that it lacks stay in the set's own language."""
    questions = QuestionSet.from_json(stored)
    if questions.language == language():
        return questions
    return translated(questions, language())


@lru_cache(maxsize=16)
def translated(questions: QuestionSet, wanted: str) -> QuestionSet:
    """Returns the set in this language; texts that it lacks stay in the set's own language.

    The result is cached, because translating forty questions takes a tenth of the time of a page.
    """
    return in_all_languages(questions).in_language(wanted)


@lru_cache(maxsize=16)
def stored_questions(text: str) -> QuestionSet:
    """Returns the set in a round's stored JSON, in all languages.

    The JSON is the cache key, so the cache cannot be stale.
    """
    return in_all_languages(QuestionSet.from_json(json.loads(text)))


def _with(questions: QuestionSet, other: str) -> QuestionSet:
    """Returns the set with Engage's texts in one more language added."""
    more = replace(questions, areas=tuple(_area(each, other) for each in questions.areas))
    if other not in more.languages or more.scale != _scale(ENGLISH):
        return more
    return replace(more, scales={other: _scale(other), **more.scales})


def _area(area: QuestionArea, other: str) -> QuestionArea:
    ours, theirs, texts = _area_words(area.key, ENGLISH), _area_words(area.key, other), area.texts
    if ours and theirs and (area.name, area.short) == (ours.name, ours.short):
        # Engage may have changed its own text since this round was opened; then what the round asks is shown
        # instead.
        asks = theirs.asks if area.asks == ours.asks else area.asks
        texts = {other: replace(theirs, asks=asks), **texts}
    return replace(area, texts=texts, questions=tuple(_question(each, other) for each in area.questions))


def _question(question: Question, other: str) -> Question:
    words = QuestionWording(
        question.title, question.statement, question.why, question.levels, question.options
    )
    for ours, theirs in zip(_words(question.key, ENGLISH), _words(question.key, other), strict=True):
        if words == ours:
            return replace(question, texts={other: theirs, **question.texts})
    return question


def _words(key: str, spoken: str) -> list[QuestionWording]:
    """Returns Engage's texts for this key in this language, and the earlier ones; empty if the key is not Engage's."""
    try:
        ours = content(spoken).indicator(key)
    except KeyError:
        return []
    return [
        QuestionWording(each.title, each.statement, each.why, each.levels) for each in (ours, ours.before)
    ]


def _area_words(key: str, spoken: str) -> AreaWording | None:
    try:
        ours = content(spoken).area(key)
    except KeyError:
        return None
    return AreaWording(ours.name, ours.short, ours.question)


def _scale(spoken: str) -> tuple[str, ...]:
    return tuple(level.label for level in content(spoken).scale.levels)
