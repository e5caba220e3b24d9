"""Defines what the records must show for a step of Getting Started to be complete.

It holds thresholds, counts of records, and lines of evidence.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import asdict

from engage.meetings.rules import HeldSession


class LineKey(StrEnum):
    PEOPLE_READ = "people_read"
    AREAS_NOTED = "areas_noted"
    SECTIONS_NOTED = "sections_noted"
    CLOSED_ROUNDS = "closed_rounds"
    ROUND_PEOPLE = "round_people"
    ROUND_SECTORS = "round_sectors"
    AREAS_ANSWERED = "areas_answered"
    STRENGTHS = "strengths"
    STRENGTH_KINDS = "strength_kinds"
    NEEDS = "needs"
    NEEDS_ANSWERED = "needs_answered"
    CONTACTS = "contacts"
    SECTORS_TALKED = "sectors_talked"
    SECTORS_FILLED = "sectors_filled"
    TIPS_LOOKED_AT = "tips_looked_at"
    SESSIONS = "sessions"
    SESSION_SECTORS = "session_sectors"
    NEEDS_RATED = "needs_rated"
    SESSION_DECISIONS = "session_decisions"
    ADOPTED_PLAN = "adopted_plan"
    GOALS = "goals"
    GOALS_WITH_OBJECTIVE = "goals_with_objective"
    GOALS_MEASURED = "goals_measured"
    OBJECTIVES_WITH_ACTION = "objectives_with_action"
    REVIEW_HELD = "review_held"
    STUCK_DISCUSSED = "stuck_discussed"
    ASSESSMENT_SET = "assessment_set"


# -- thresholds, which each coalition can change


class Bounds(Struct, frozen=True):
    low: int
    high: int


BOUNDS: Mapping[str, Bounds] = {
    "people_read": Bounds(1, 50),
    "sections_noted": Bounds(1, 30),
    "round_people": Bounds(1, 50),
    "round_sectors": Bounds(1, 50),
    "answered_percent": Bounds(10, 100),
    "strengths": Bounds(1, 100),
    "strength_kinds": Bounds(1, 6),
    "needs": Bounds(1, 30),
    "contacts": Bounds(1, 100),
    "session_sectors": Bounds(1, 18),
    "needs_rated": Bounds(1, 30),
    "tips_percent": Bounds(10, 100),
    "review_weeks": Bounds(4, 52),
}


class OutOfBounds(ValueError):
    def __init__(self, name: str, value: int) -> None:
        super().__init__(name, value)
        self.name = name
        self.value = value
        self.bounds = BOUNDS[name]


class Thresholds(Struct, frozen=True):
    """The coalition's thresholds. Raises OutOfBounds for the first one outside its bounds."""

    people_read: int = 2
    sections_noted: int = 3
    round_people: int = 5
    round_sectors: int = 3
    answered_percent: int = 60
    strengths: int = 10
    strength_kinds: int = 3
    needs: int = 3
    contacts: int = 5
    session_sectors: int = 3
    needs_rated: int = 3
    tips_percent: int = 30
    # The next review is due this long after the last one, unless that review set a day.
    review_weeks: int = 13

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if not BOUNDS[name].low <= value <= BOUNDS[name].high:
                raise OutOfBounds(name, value)


def is_area_answered(answered: int, indicators: int, percent: int) -> bool:
    """Returns whether at least `percent` of the area's indicators were answered.

    An area without indicators never counts as answered.
    """
    return indicators >= 1 and answered * 100 >= percent * indicators


# -- records


class Records(Struct, frozen=True):
    """Counts of one coalition, as queries find them.

    All counts about rounds are of one round, because five people in one round and three sectors in another
    are not enough. Of an open round, only its existence counts, because its progress is not a result.
    """

    people_read: int = 0
    areas_noted: int = 0
    areas: int = 0
    sections_noted: int = 0
    closed_rounds: int = 0
    best_round_people: int = 0
    best_round_sectors: int = 0
    best_round_areas_answered: int = 0
    # The number of areas in that round; 0 if no round has results.
    best_round_areas: int = 0
    open_round: bool = False
    strengths: int = 0
    strength_kinds: int = 0
    needs: int = 0
    # Needs that have a matching strength, or were searched without finding one.
    needs_answered: int = 0
    # Organizations with a main contact.
    contacts: int = 0
    # Expected sectors: all, those with an organization, those of them with a conversation, and those that are
    # filled or that someone will ask by a day.
    sectors_expected: int = 0
    sectors_here: int = 0
    sectors_talked: int = 0
    sectors_filled: int = 0
    # Items of the Tips for the coalition's stage: all, and those with a state.
    tip_items: int = 0
    tip_items_looked_at: int = 0
    # Closed planning sessions; sectors and decisions are those of the best session.
    sessions: int = 0
    session_sectors: int = 0
    session_decisions: int = 0
    # Needs that have importance and feasibility, by a vote or by hand.
    needs_rated: int = 0
    adopted_plan: bool = False
    goals: int = 0
    goals_with_objective: int = 0
    # Goals with an objective that has a measure.
    goals_measured: int = 0
    objectives: int = 0
    objectives_with_action: int = 0
    # The day of the plan's last review, the day on which the next one is due, and whether that day is in the
    # future.
    reviewed_on: date | None = None
    review_due_on: date | None = None
    review_is_current: bool = False
    # Stuck actions in open plans, and those of them that were discussed since they got stuck.
    stuck: int = 0
    stuck_discussed: int = 0
    # The day of the next assessment, and whether it is in the future.
    assess_on: date | None = None
    assessment_is_set: bool = False


class RoundEvidence(Struct, frozen=True):
    """Counts of a closed round; `areas` are those that the round asked about and that apply here."""

    people: int
    sectors: int
    areas_answered: int
    areas: int


def best_round(rounds: Iterable[RoundEvidence], thresholds: Thresholds) -> RoundEvidence | None:
    """Returns the round to use for `Records`, from closed rounds by date.

    It is the round that meets most lines; if several do, the one with most people, then the latest.
    """
    best: RoundEvidence | None = None
    best_rank: tuple[int, int] = (-1, -1)
    for candidate in rounds:
        held = (
            (candidate.people >= thresholds.round_people)
            + (candidate.sectors >= thresholds.round_sectors)
            + (0 < candidate.areas <= candidate.areas_answered)
        )
        rank = (held, candidate.people)
        if best is None or rank >= best_rank:
            best, best_rank = candidate, rank
    return best


# Two halves of a session are at most this far apart.
HALVES = timedelta(days=45)


def best_session(sessions: Iterable[HeldSession], thresholds: Thresholds) -> HeldSession | None:
    """Returns the session to use for `Records`, from closed sessions by date.

    Sessions close together count as parts of one. It is the session that meets most lines; if several do, the
    one with most sectors, then the latest.
    """
    whole: list[HeldSession] = []
    for each in sessions:
        if whole and each.starts_at - whole[-1].starts_at <= HALVES:
            first = whole.pop()
            each = HeldSession(
                first.starts_at, first.sectors | each.sectors, first.decisions + each.decisions
            )
        whole.append(each)

    def rank(session: HeldSession) -> tuple[int, int, datetime]:
        sectors = len(session.sectors)
        held = (sectors >= thresholds.session_sectors) + (session.decisions > 0)
        return held, sectors, session.starts_at

    return max(whole, key=rank, default=None)


# -- lines of evidence


class EvidenceLine(Struct, frozen=True):
    """A line of evidence: the coalition has `have` of something, and the step needs `need`."""

    key: LineKey
    have: int
    need: int
    # The dates of something that repeats: the last and the next.
    last_on: date | None = None
    next_on: date | None = None

    @property
    def holds(self) -> bool:
        """Returns whether the line is met. A line that needs 0 (all goals, if there are none) is not met."""
        return self.need >= 1 and self.have >= self.need

    @property
    def share(self) -> float:
        """Returns how much of the line is met, from 0 to 1."""
        return min(self.have / self.need, 1.0) if self.need else 0.0
