"""Decides what Home says first: the greeting, what is next, and how far back it looks."""

from enum import StrEnum

from msgspec import Struct

# If there was no meeting, Home counts what changed in this many days.
SINCE_DAYS = 30


class PartOfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


def part_of_day(hour: int) -> PartOfDay:
    """Returns the part of the day in the coalition's time zone; the hours after midnight still count as evening."""
    if 4 <= hour < 12:
        return PartOfDay.MORNING
    return PartOfDay.AFTERNOON if 12 <= hour < 18 else PartOfDay.EVENING


class Next(StrEnum):
    """The subjects of the amber card, the most urgent first."""

    LATE_ACTION = "late_action"
    APPROVE = "approve"
    CLOSE_ROUND = "close_round"
    ANSWER = "answer"
    STEP = "step"
    SOON_ACTION = "soon_action"
    NOTHING = "nothing"


class Situation(Struct, frozen=True):
    """The facts on which the choice depends. Things that a person may not do are never set for them."""

    late_action: bool = False
    people_waiting: bool = False
    round_to_close: bool = False
    round_to_answer: bool = False
    step: bool = False
    soon_action: bool = False

    @property
    def is_pressing(self) -> bool:
        """Returns whether something comes before the path, which then need not be read."""
        return self.late_action or self.people_waiting or self.round_to_close or self.round_to_answer


def next_of(situation: Situation) -> Next:
    """Returns what is next: first my own late things, then people who wait for me, then the path."""
    wanted = (
        (situation.late_action, Next.LATE_ACTION),
        (situation.people_waiting, Next.APPROVE),
        (situation.round_to_close, Next.CLOSE_ROUND),
        (situation.round_to_answer, Next.ANSWER),
        (situation.step, Next.STEP),
        (situation.soon_action, Next.SOON_ACTION),
    )
    return next((kind for holds, kind in wanted if holds), Next.NOTHING)
