"""Rules of feedback: who is asked when, and what is told of the answers.

Answers before and after an event are two sets that nothing ties together. Each is counted once, when the feedback
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
# People answer about an event until so long after its day.
OPEN_AFTER: Final = timedelta(days=14)


class Moment(StrEnum):
    BEFORE = "before"
    AFTER = "after"


class FeedbackState(StrEnum):
    """What history tells of it."""

    OPEN = "open"
    CLOSED = "closed"


class AskedWhen(StrEnum):
    BEFORE = "before"
    AFTER = "after"
    BOTH = "both"

    def has(self, moment: Moment) -> bool:
        return self is AskedWhen.BOTH or self.value == moment.value


def is_over(day: date, today: date) -> bool:
    """Returns whether no one answers about an event of this day anymore."""
    return today > day + OPEN_AFTER


def moment_of(
    day: date, starts_at: datetime | None, asked: Collection[Moment], today: date, now: datetime
) -> Moment | None:
    """Returns what is asked now; None for nothing.

    On the day itself people still answer what is asked before until it begins, where its time is known.
    """
    begins_later = today == day and starts_at is not None and now < starts_at and Moment.BEFORE in asked
    found = Moment.BEFORE if today < day or begins_later else Moment.AFTER
    return found if found in asked and not is_over(day, today) else None


class Told(Struct, frozen=True):
    """What is told of one moment's answers: how many people answered, and each question's options."""

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
    """Returns what may be told of these people's answers; None, not even their number, of fewer than k."""
    if len(answers) < k:
        return None
    options = (options_result(each, [given.get(each.key) for given in answers], k) for each in asked)
    return Told(len(answers), tuple(options))


def packed(given: Mapping[str, Answer]) -> dict[str, object]:
    """Returns answers by question as a row holds them."""
    return {key: [each.kind.value, each.bits] for key, each in given.items()}


def unpacked(stored: Mapping[str, Any]) -> dict[str, Answer]:
    return {key: Answer.stored(AnswerKind(kind), None, bits) for key, (kind, bits) in stored.items()}
