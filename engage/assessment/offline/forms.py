"""Reads an opened answer as its form would, and draws the questions that a phone keeps."""

from werkzeug.datastructures import MultiDict

from engage.assessment.answering.forms import AnswerForm
from engage.assessment.offline.rules import Opened
from engage.assessment.questions import Question, QuestionSet
from engage.assessment.rules import Said


def said_of(questions: QuestionSet, found: Opened) -> Said | None:
    """Returns the answer; None if the round does not ask this, or does not offer this answer."""
    pair = questions.find(found.question)
    if pair is None:
        return None
    given = MultiDict([("answer", each) for each in found.answer])
    form = AnswerForm(pair[1], questions.scale, None, with_note=False, formdata=given, meta={"csrf": False})
    return form.said if form.validate() else None


def kept_form(question: Question, questions: QuestionSet) -> AnswerForm:
    """Returns the question as the phone keeps it: without an answer and without a note."""
    return AnswerForm(
        question,
        questions.scale,
        None,
        with_note=False,
        formdata=None,
        prefix=f"{question.key}-",
        meta={"csrf": False},
    )
