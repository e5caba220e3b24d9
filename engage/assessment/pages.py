"""Builds the links to the other languages in which a sheet of a round can be printed."""

from __future__ import annotations

from flask import url_for

from engage.assessment.models import Round
from engage.assessment.questions import QuestionSet
from engage.assessment.results.labels import language_name
from engage.web.lists import Choice


def languages(endpoint: str, round_: Round, questions: QuestionSet, shown: str) -> list[Choice]:
    """Returns the languages in which a page of the round can be printed; empty if there is only one."""
    if len(questions.languages) == 1:
        return []
    return [
        Choice(language_name(each), url_for(endpoint, round_id=round_.id, lang=each), each == shown)
        for each in questions.languages
    ]
