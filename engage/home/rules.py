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

    CLOSE_MEETING = "close_meeting"
    LATE_ACTION = "late_action"
    APPROVE = "approve"
    CLOSE_ROUND = "close_round"
    ANSWER = "answer"
    STEP = "step"
    SOON_ACTION = "soon_action"
    NOTHING = "nothing"


class Situation(Struct, frozen=True):
    """The facts that decide what is next. Facts about things that the person may not do stay unset."""

    meeting_to_close: bool = False
    late_action: bool = False
    people_waiting: bool = False
    round_to_close: bool = False
    round_to_answer: bool = False
    step: bool = False
    soon_action: bool = False

    @property
    def is_pressing(self) -> bool:
        """Returns whether something outranks the path of Getting Started, which then need not be read."""
        mine = self.meeting_to_close or self.late_action
        return mine or self.people_waiting or self.round_to_close or self.round_to_answer


def next_of(situation: Situation) -> Next:
    """Returns what is next: what holds up everyone, the person's own late things, people who wait, then the path."""
    wanted = (
        (situation.meeting_to_close, Next.CLOSE_MEETING),
        (situation.late_action, Next.LATE_ACTION),
        (situation.people_waiting, Next.APPROVE),
        (situation.round_to_close, Next.CLOSE_ROUND),
        (situation.round_to_answer, Next.ANSWER),
        (situation.step, Next.STEP),
        (situation.soon_action, Next.SOON_ACTION),
    )
    return next((kind for holds, kind in wanted if holds), Next.NOTHING)
