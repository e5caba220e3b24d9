"""Decides when a step of Getting Started is complete, by the records or by a coordinator's declaration."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from engage.coalitions.rules import Stage
from engage.onboarding.evidence.rules import EvidenceLine, LineKey, Records, Thresholds


class StepKey(StrEnum):
    """The steps, in the order of the path."""

    STRATEGY = "strategy"
    TOOLKIT = "toolkit"
    ASSESS = "assess"
    STRENGTHS = "strengths"
    RELATIONSHIPS = "relationships"
    PLANNING = "planning"
    PLAN = "plan"
    KEEP_GOING = "keep_going"


# The order if no step has been started: first what people do together; reading accompanies that.
BEGIN: tuple[StepKey, ...] = (
    StepKey.ASSESS,
    StepKey.STRENGTHS,
    StepKey.RELATIONSHIPS,
    StepKey.PLANNING,
    StepKey.PLAN,
    StepKey.STRATEGY,
    StepKey.TOOLKIT,
)
_READING = frozenset({StepKey.STRATEGY, StepKey.TOOLKIT})
# *Keep it alive* never ends, so it is never next and never counted.
COUNTED: tuple[StepKey, ...] = tuple(key for key in StepKey if key is not StepKey.KEEP_GOING)


# -- evidence


def lines(key: StepKey, records: Records, thresholds: Thresholds) -> tuple[EvidenceLine, ...]:
    """Returns the lines of evidence for this step."""
    match key:
        case StepKey.STRATEGY:
            return (
                EvidenceLine(LineKey.PEOPLE_READ, records.people_read, thresholds.people_read),
                EvidenceLine(LineKey.AREAS_NOTED, records.areas_noted, records.areas),
            )
        case StepKey.TOOLKIT:
            return (EvidenceLine(LineKey.SECTIONS_NOTED, records.sections_noted, thresholds.sections_noted),)
        case StepKey.ASSESS:
            return (
                EvidenceLine(LineKey.CLOSED_ROUNDS, records.closed_rounds, 1),
                EvidenceLine(LineKey.ROUND_PEOPLE, records.best_round_people, thresholds.round_people),
                EvidenceLine(LineKey.ROUND_SECTORS, records.best_round_sectors, thresholds.round_sectors),
                EvidenceLine(
                    LineKey.AREAS_ANSWERED,
                    records.best_round_areas_answered,
                    records.best_round_areas or records.areas,
                ),
            )
        case StepKey.STRENGTHS:
            return (
                EvidenceLine(LineKey.STRENGTHS, records.strengths, thresholds.strengths),
                EvidenceLine(LineKey.STRENGTH_KINDS, records.strength_kinds, thresholds.strength_kinds),
                EvidenceLine(LineKey.NEEDS, records.needs, thresholds.needs),
                EvidenceLine(LineKey.NEEDS_ANSWERED, records.needs_answered, thresholds.needs),
            )
        case StepKey.RELATIONSHIPS:
            return (
                EvidenceLine(LineKey.CONTACTS, records.contacts, thresholds.contacts),
                EvidenceLine(LineKey.SECTORS_TALKED, records.sectors_talked, records.sectors_here),
                EvidenceLine(LineKey.SECTORS_FILLED, records.sectors_filled, records.sectors_expected),
            )
        case StepKey.PLANNING:
            looked_at = -(-records.tip_items * thresholds.tips_percent // 100)
            return (
                EvidenceLine(LineKey.TIPS_LOOKED_AT, records.tip_items_looked_at, looked_at),
                EvidenceLine(LineKey.SESSIONS, records.sessions, 1),
                EvidenceLine(LineKey.SESSION_SECTORS, records.session_sectors, thresholds.session_sectors),
                EvidenceLine(LineKey.NEEDS_RATED, records.needs_rated, thresholds.needs_rated),
                EvidenceLine(LineKey.SESSION_DECISIONS, records.session_decisions, 1),
            )
        case StepKey.PLAN:
            return (
                EvidenceLine(LineKey.ADOPTED_PLAN, int(records.adopted_plan), 1),
                EvidenceLine(LineKey.GOALS, records.goals, 1),
                EvidenceLine(
                    LineKey.GOALS_WITH_OBJECTIVE,
                    records.goals_with_objective,
                    records.goals,
                ),
                EvidenceLine(LineKey.GOALS_MEASURED, records.goals_measured, records.goals),
                EvidenceLine(
                    LineKey.OBJECTIVES_WITH_ACTION,
                    records.objectives_with_action,
                    records.objectives,
                ),
            )
        case StepKey.KEEP_GOING:
            return _keeping(records)


def _keeping(records: Records) -> tuple[EvidenceLine, ...]:
    """Returns evidence that holds only for a time.

    It holds until a review is due, an action is stuck, or the day of the next assessment has passed.
    """
    stuck = EvidenceLine(LineKey.STUCK_DISCUSSED, records.stuck_discussed, records.stuck)
    # A first assessment does not count as the next assessment.
    asks_again = records.open_round and records.closed_rounds > 0
    return (
        EvidenceLine(
            LineKey.REVIEW_HELD,
            int(records.review_is_current),
            1,
            records.reviewed_on,
            records.review_due_on,
        ),
        *((stuck,) if records.stuck else ()),
        EvidenceLine(
            LineKey.ASSESSMENT_SET,
            int(records.assessment_is_set or asks_again),
            1,
            None,
            records.assess_on,
        ),
    )


# -- steps


class StepState(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETE_BY_RECORDS = "complete_by_records"
    COMPLETE_BY_OVERRIDE = "complete_by_override"

    @property
    def is_complete(self) -> bool:
        return self in {StepState.COMPLETE_BY_RECORDS, StepState.COMPLETE_BY_OVERRIDE}


class OverrideWithoutReason(ValueError):
    """Raised if a coordinator declares a step complete without a reason."""


class Override(Struct, frozen=True):
    """A coordinator's declaration that a step is complete; `by` is the membership.

    Raises OverrideWithoutReason.
    """

    reason: str
    by: int
    on: date

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise OverrideWithoutReason


class OnboardingStep(Struct, frozen=True):
    key: StepKey
    lines: tuple[EvidenceLine, ...]
    override: Override | None = None
    # True if the step was started, although no line counts anything yet.
    has_begun: bool = False

    @property
    def state(self) -> StepState:
        """Returns the state. Met records outrank a coordinator's declaration."""
        if self.lines and all(line.holds for line in self.lines):
            return StepState.COMPLETE_BY_RECORDS
        if self.override is not None:
            return StepState.COMPLETE_BY_OVERRIDE
        if self.has_begun or any(line.have > 0 for line in self.lines):
            return StepState.IN_PROGRESS
        return StepState.NOT_STARTED

    @property
    def parts_done(self) -> int:
        """Returns how many of the step's lines are met."""
        return sum(line.holds for line in self.lines)

    def lacks_only(self, key: LineKey) -> bool:
        """Returns whether every line of the step is met except this one."""
        return [line.key for line in self.lines if not line.holds] == [key]

    @property
    def share(self) -> float:
        """Returns how complete the step is, from 0 to 1; 1 if a coordinator declared it complete."""
        if self.state.is_complete:
            return 1.0
        return sum(line.share for line in self.lines) / len(self.lines) if self.lines else 0.0


def steps(
    records: Records, thresholds: Thresholds, overrides: Mapping[StepKey, Override]
) -> tuple[OnboardingStep, ...]:
    """Returns the eight steps, in the order of the path."""
    return tuple(
        OnboardingStep(
            key,
            lines(key, records, thresholds),
            overrides.get(key),
            has_begun=key is StepKey.ASSESS and records.open_round,
        )
        for key in StepKey
    )


def states(path: Iterable[OnboardingStep]) -> dict[StepKey, StepState]:
    return {step.key: step.state for step in path}


def next_step(
    of_steps: Mapping[StepKey, StepState], shares: Mapping[StepKey, float] | None = None
) -> StepKey | None:
    """Returns the step to work on; None if the first seven are complete.

    Started steps come first, the most complete one before others. Reading is next only if nothing else is,
    because people read beside other work.
    """
    far = shares or {}
    left = [key for key in BEGIN if not _is_complete(of_steps, key)]
    under_way = [key for key in left if of_steps.get(key) is StepState.IN_PROGRESS]
    work = [key for key in under_way if key not in _READING]
    return max(work, key=lambda key: far.get(key, 0.0)) if work else next(iter(left), None)


class PeopleHere(Struct, frozen=True):
    """The number of members and of open invitation links, and how many people an assessment needs."""

    here: int
    invited: int
    wanted: int

    @property
    def are_few(self) -> bool:
        return self.here < self.wanted

    @property
    def comes_first(self) -> bool:
        """Returns whether inviting people should be the next step."""
        return self.here + self.invited < self.wanted


class StepsDone(Struct, frozen=True):
    done: int
    total: int


def steps_done(of_steps: Mapping[StepKey, StepState]) -> StepsDone:
    """Returns how many of the first seven steps are complete."""
    return StepsDone(sum(_is_complete(of_steps, key) for key in COUNTED), len(COUNTED))


def _is_complete(of_steps: Mapping[StepKey, StepState], key: StepKey) -> bool:
    return of_steps.get(key, StepState.NOT_STARTED).is_complete


# A coalition calls itself new if it is forming, or has met for less than a year.
NEW_FOR = timedelta(days=365)


def is_new_no_more(stage: Stage | None, created_at: datetime, now: datetime) -> bool:
    """Returns whether the coalition still calls itself new although it has been here for over a year."""
    return stage is Stage.NEW and now - created_at > NEW_FOR
