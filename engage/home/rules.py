"""Decides what Home shows first: the greeting, what is next, and how far back it counts changes."""

from enum import StrEnum

from msgspec import Struct

# If there was no meeting, Home counts the changes of this many days.
SINCE_DAYS = 30


class PartOfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


def part_of_day(hour: int) -> PartOfDay:
    """Returns the part of the day at this local hour. The hours soon after midnight count as evening."""
    if 4 <= hour < 12:
        return PartOfDay.MORNING
    return PartOfDay.AFTERNOON if 12 <= hour < 18 else PartOfDay.EVENING


class Next(StrEnum):
    """What the amber card may be about, the most urgent first."""

    LATE_ACTION = "late_action"
    APPROVE = "approve"
    CLOSE_ROUND = "close_round"
    ANSWER = "answer"
    STEP = "step"
    SOON_ACTION = "soon_action"
    NOTHING = "nothing"


class Situation(Struct, frozen=True):
    """The facts that decide what is next. Facts about things that the person may not do stay unset."""

    late_action: bool = False
    people_waiting: bool = False
    round_to_close: bool = False
    round_to_answer: bool = False
    step: bool = False
    soon_action: bool = False

    @property
    def is_pressing(self) -> bool:
        """Returns whether something outranks the path of Getting Started, which then need not be read."""
        return self.late_action or self.people_waiting or self.round_to_close or self.round_to_answer


def next_of(situation: Situation) -> Next:
    """Returns what is next: the person's own late things, then people waiting for them, then the path."""
    wanted = (
        (situation.late_action, Next.LATE_ACTION),
        (situation.people_waiting, Next.APPROVE),
        (situation.round_to_close, Next.CLOSE_ROUND),
        (situation.round_to_answer, Next.ANSWER),
        (situation.step, Next.STEP),
        (situation.soon_action, Next.SOON_ACTION),
    )
    return next((kind for holds, kind in wanted if holds), Next.NOTHING)
