"""Rules for answers, the states of a round, and how far a respondent has come.

`results/rules/releases.py` defines what a closed round shows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import IntEnum, StrEnum
from math import ceil
from typing import Final, Self

from msgspec import Struct


class Rating(IntEnum):
    """The five levels of an indicator. Each indicator describes what its levels mean."""

    ZERO = 0
    ONE = 1
    TWO = 2
    THREE = 3
    FOUR = 4


class AnswerKind(StrEnum):
    RATING = "rating"
    CHOICE = "choice"
    DONT_KNOW = "dont_know"
    DOES_NOT_APPLY = "does_not_apply"


class QuestionKind(StrEnum):
    """The kinds of answers a question offers: five levels, options of which to choose one or several, or yes and no."""

    LEVELS = "levels"
    ONE = "one"
    SEVERAL = "several"
    YES_NO = "yes_no"


# A note on the reason of an answer has at most so many characters.
NOTE_LONGEST: Final = 2000
FEWEST_OPTIONS: Final = 2
MOST_OPTIONS: Final = 7


class Answer(Struct, frozen=True):
    """One respondent's answer to one question. Only a rating has a number, so nothing else can be averaged.

    `chosen` are the indexes of the chosen options, from 0, in order. Raises ValueError for a rating outside 0
    to 4, for a number in another kind of answer, and for options in any kind but a choice.
    """

    kind: AnswerKind
    rating: int | None = None
    chosen: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if (self.kind is AnswerKind.CHOICE) != bool(self.chosen):
            raise ValueError("a choice names its options, and nothing else does")
        if list(self.chosen) != sorted(set(self.chosen) & set(range(MOST_OPTIONS))):
            raise ValueError(f"there are no such options: {self.chosen}")
        if self.kind is not AnswerKind.RATING:
            if self.rating is not None:
                raise ValueError(f"{self.kind} carries no number")
            return
        if self.rating is None:
            raise ValueError("a rating needs its number")
        Rating(self.rating)

    @classmethod
    def rated(cls, rating: int) -> Self:
        return cls(AnswerKind.RATING, rating)

    @classmethod
    def chose(cls, *options: int) -> Self:
        return cls(AnswerKind.CHOICE, chosen=tuple(sorted(options)))

    @classmethod
    def stored(cls, kind: AnswerKind, rating: int | None, bits: int | None) -> Self:
        """Returns the answer from the columns of a row."""
        chosen = tuple(option for option in range(MOST_OPTIONS) if (bits or 0) >> option & 1)
        return cls(kind, rating, chosen)

    @property
    def bits(self) -> int | None:
        """Returns the chosen options as stored: the sum of 2 to the power of each index; None without a choice."""
        return sum(1 << option for option in self.chosen) or None


DONT_KNOW = Answer(AnswerKind.DONT_KNOW)
DOES_NOT_APPLY = Answer(AnswerKind.DOES_NOT_APPLY)


# The keys that are pressed for answers without a number when a paper form is entered.
KEYED: Final = {"d": DONT_KNOW, "n": DOES_NOT_APPLY}


def keyed(code: str) -> Answer | None:
    """Returns the answer for a pressed key: 0 to 4, d (don't know) or n (does not apply); None for any other key."""
    if code in {"0", "1", "2", "3", "4"}:
        return Answer.rated(int(code))
    return KEYED.get(code.lower())


def keyed_choice(code: str, options: int, *, several: bool) -> Answer | None:
    """Returns the answer for keys such as "2", or "1 3" if several may be chosen; d and n as in `keyed`."""
    if code.lower() in KEYED:
        return KEYED[code.lower()]
    digits = code.replace(",", "").replace(" ", "")
    known = {str(number + 1): number for number in range(options)}
    if not digits or len(set(digits)) < len(digits) or not set(digits) <= known.keys():
        return None
    return Answer.chose(*(known[digit] for digit in digits)) if several or len(digits) == 1 else None


class Said(Struct, frozen=True):
    """An answer with the respondent's note on its reason."""

    answer: Answer
    note: str = ""


class Indicator(Struct, frozen=True):
    """An indicator of a round's frozen questions. If its meaning number changes, it is a new question.

    `options` is the number of options to choose from; 0 for a statement to rate.
    """

    key: str
    meaning: int = 1
    options: int = 0
    several: bool = False


class Area(Struct, frozen=True):
    """A focus area of a round's frozen questions, with its indicators in the order of asking."""

    key: str
    indicators: tuple[Indicator, ...]


class RoundState(StrEnum):
    OPEN = "open"
    OVER = "over"
    CLOSED = "closed"


def round_state(closed_at: datetime | None, closes_on: date | None, today: date) -> RoundState:
    """Returns the state of a round.

    `today` is the day in the coalition's time zone; the last day still counts as open.
    """
    if closed_at is not None:
        return RoundState.CLOSED
    if closes_on is not None and closes_on < today:
        return RoundState.OVER
    return RoundState.OPEN


class Asked(StrEnum):
    """Who may answer a round: everyone in the coalition, only invited people, or anyone with the open link.

    A round for anyone takes no answers with an account. One such round may be open beside a round for members.
    """

    EVERYONE = "everyone"
    INVITED = "invited"
    ANYONE = "anyone"


class ChannelKind(StrEnum):
    """The two kinds of channels to answer without an account."""

    # An open link, on a poster for example: anyone who has it may answer.
    LINK = "link"
    # Slips on paper or by mail: each has a code of its own, which starts one response.
    SLIPS = "slips"


class BroughtIn(StrEnum):
    """How many of a round's answers were brought in from a file, where people gave them elsewhere."""

    NONE = "none"
    SOME = "some"
    ALL = "all"


class WayIn(StrEnum):
    """The ways in which a response was given."""

    ACCOUNT = "account"
    LINK = "link"
    SLIPS = "slips"
    PAPER = "paper"


class RespondentState(StrEnum):
    """One person's state in a round that takes answers. It says how far they are, never what they answered."""

    NOT_ASKED = "not_asked"
    NOT_STARTED = "not_started"
    STARTED = "started"
    FINISHED = "finished"
    # The person took part before the round was reopened, so it is not known anymore which answers are theirs.
    COUNTED = "counted"

    @property
    def waits(self) -> bool:
        """Returns whether there is something to remind this person of."""
        return self in {RespondentState.NOT_STARTED, RespondentState.STARTED}


def respondent_state(*, is_asked: bool, took_part: bool, submitted: bool | None) -> RespondentState:
    """Returns the person's state. `submitted` is None for someone without a response of their own.

    `took_part` takes precedence over everything else, so that no one answers a round twice.
    """
    if took_part:
        return RespondentState.COUNTED
    if submitted is not None:
        return RespondentState.FINISHED if submitted else RespondentState.STARTED
    return RespondentState.NOT_STARTED if is_asked else RespondentState.NOT_ASKED


class Filled(StrEnum):
    """The states of an area in the respondent's task list."""

    NOT_STARTED = "not_started"
    PARTLY = "partly"
    ALL = "all"


class AnsweringProgress(Struct, frozen=True):
    """The number of indicators that one respondent has answered. It says how far they are, and is never a result."""

    answered: int
    total: int

    @property
    def filled(self) -> Filled:
        if not self.answered:
            return Filled.NOT_STARTED
        return Filled.ALL if self.answered == self.total else Filled.PARTLY


def area_progress(area: Area, answered: Collection[str]) -> AnsweringProgress:
    """Returns the area's progress; a rating, don't know and does not apply all count as answered."""
    return AnsweringProgress(
        sum(indicator.key in answered for indicator in area.indicators), len(area.indicators)
    )


def whole_progress(questions: Sequence[Area], answered: Collection[str]) -> AnsweringProgress:
    rows = [area_progress(area, answered) for area in questions]
    return AnsweringProgress(sum(row.answered for row in rows), sum(row.total for row in rows))


# How many words people read in a minute, and how long they take to choose an answer.
WORDS_A_MINUTE: Final = 200
SECONDS_TO_CHOOSE: Final = 10


def minutes_to_answer(words: int, questions: int) -> int:
    """Returns about how many minutes it takes to read these words and to answer these questions.

    The number is rounded up, above ten minutes to a multiple of five, because it is only an estimate.
    """
    minutes = ceil(words / WORDS_A_MINUTE + questions * SECONDS_TO_CHOOSE / 60)
    return minutes if minutes <= 10 else ceil(minutes / 5) * 5


def next_unanswered(
    questions: Sequence[Area], answered: Collection[str], after: str | None = None
) -> str | None:
    """Returns the first unanswered indicator after `after`, or else from the start; None if all are answered.

    Starting again from the start brings a respondent back to questions that they skipped.
    """
    keys = [indicator.key for area in questions for indicator in area.indicators]
    start = keys.index(after) + 1 if after in keys else 0
    return next((key for key in keys[start:] + keys[:start] if key not in answered), None)
