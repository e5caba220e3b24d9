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
from msgspec.structs import asdict

from engage.assessment.results.rules.options import options_result
from engage.assessment.results.rules.releases import OptionsResult
from engage.assessment.rules import Answer, AnswerKind, Indicator

QUESTIONS_MOST: Final = 10
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


class Told(Struct, frozen=True):
    """The shown results of one moment: how many people answered, and each question's counts."""

    people: int
    options: tuple[OptionsResult, ...]

    def of(self, key: str) -> OptionsResult | None:
        return next((each for each in self.options if each.key == key), None)

    def to_json(self) -> dict[str, object]:
        return {"people": self.people, "options": [asdict(each) for each in self.options]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        options = (OptionsResult(**{**each, "counts": tuple(each["counts"])}) for each in stored["options"])
        return cls(stored["people"], tuple(options))


def told(asked: Sequence[Indicator], answers: Sequence[Mapping[str, Answer]], k: int) -> Told | None:
    """Returns the results of these answers that may be shown; None, without even their number, for fewer than k."""
    if len(answers) < k:
        return None
    options = (options_result(each, [given.get(each.key) for given in answers], k) for each in asked)
    return Told(len(answers), tuple(options))


def packed(given: Mapping[str, Answer]) -> dict[str, object]:
    """Returns answers by question in the form that a row stores."""
    return {key: [each.kind.value, each.bits] for key, each in given.items()}


def unpacked(stored: Mapping[str, Any]) -> dict[str, Answer]:
    return {key: Answer.stored(AnswerKind(kind), None, bits) for key, (kind, bits) in stored.items()}
