"""Rules of feedback: who is asked when, and which results are shown.

Answers before and after an event are two sets that nothing links. Each is counted once, when the feedback
closes for good, so that no two results can be subtracted from one another.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Self

from msgspec import Struct
from msgspec.structs import replace

from engage.assessment.results.rules.options import options_result
from engage.assessment.results.rules.releases import OptionsResult
from engage.assessment.rules import Answer, AnswerKind, Indicator

QUESTIONS_MOST: Final = 10
# Everyone answers by a link that anyone may use again, so a question needs this many answers.
FEWEST: Final = 10
# People may answer about an event until this long after its day.
OPEN_AFTER: Final = timedelta(days=14)


class Moment(StrEnum):
    BEFORE = "before"
    AFTER = "after"


class FeedbackState(StrEnum):
    """The states of feedback that the history records."""

    OPEN = "open"
    CLOSED = "closed"


class AskedWhen(StrEnum):
    BEFORE = "before"
    AFTER = "after"
    BOTH = "both"

    def has(self, moment: Moment) -> bool:
        return self is AskedWhen.BOTH or self.value == moment.value


def is_over(day: date, today: date) -> bool:
    """Returns whether the time to answer about an event on this day is over."""
    return today > day + OPEN_AFTER


def moment_of(
    day: date, starts_at: datetime | None, asked: Collection[Moment], today: date, now: datetime
) -> Moment | None:
    """Returns the moment that is asked about now; None for none.

    On the day itself, the questions before the event are asked until it begins, if its time is known.
    """
    begins_later = today == day and starts_at is not None and now < starts_at and Moment.BEFORE in asked
    found = Moment.BEFORE if today < day or begins_later else Moment.AFTER
    return found if found in asked and not is_over(day, today) else None


class FeedbackSummary(Struct, frozen=True):
    """The results of one moment that may be shown: how many people answered, and each question's counts."""

    people: int
    options: tuple[OptionsResult, ...]

    def of(self, key: str) -> OptionsResult | None:
        return next((each for each in self.options if each.key == key), None)

    def to_json(self) -> dict[str, object]:
        return {"people": self.people, "options": [each.to_json() for each in self.options]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        options = (OptionsResult.from_json(each) for each in stored["options"])
        return cls(stored["people"], tuple(options))


def shown_from(k: int) -> int:
    """Returns how many people have to answer a question, before or after, where no group below k is shown."""
    return max(FEWEST, k)


def summary(
    asked: Sequence[Indicator], answers: Sequence[Mapping[str, Answer]], k: int
) -> FeedbackSummary | None:
    """Returns the results of these answers that may be shown.

    If too few answered, returns None, and not even their number. Within a question that is shown, an option
    that fewer than k chose is withheld.
    """
    if len(answers) < shown_from(k):
        return None
    options = (_of_question(each, [given.get(each.key) for given in answers], k) for each in asked)
    return FeedbackSummary(len(answers), tuple(options))


def _of_question(question: Indicator, answers: Sequence[Answer | None], k: int) -> OptionsResult:
    chosen = sum(bool(each is not None and each.chosen) for each in answers)
    if chosen < shown_from(k):
        return OptionsResult(question.key, question.meaning, len(answers))
    # Results are made only once, so it does not matter which people a count is made of.
    return replace(options_result(question, answers, k), stored_sets=None)


def packed(given: Mapping[str, Answer]) -> dict[str, object]:
    """Returns answers by question in the form that a row stores."""
    return {key: [each.kind.value, each.bits] for key, each in given.items()}


def unpacked(stored: Mapping[str, Any]) -> dict[str, Answer]:
    return {key: Answer.stored(AnswerKind(kind), None, bits) for key, (kind, bits) in stored.items()}
