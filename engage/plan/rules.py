"""Rules for statuses, moves, progress and dates of the plan of action."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct

SOON_DAYS = 14


# -- the plan


class PlanStatus(StrEnum):
    DRAFT = "draft"
    ADOPTED = "adopted"
    CLOSED = "closed"


# A draft may be closed without adoption, because there is at most one draft and a group may drop it. A closed
# plan is read-only; the next plan is a new one.
PLAN_MOVES: dict[PlanStatus, frozenset[PlanStatus]] = {
    PlanStatus.DRAFT: frozenset({PlanStatus.ADOPTED, PlanStatus.CLOSED}),
    PlanStatus.ADOPTED: frozenset({PlanStatus.CLOSED}),
    PlanStatus.CLOSED: frozenset(),
}


class PlanIsClosed(ValueError):
    """The plan is closed, so nothing in it can change."""


def landing(plans: Iterable[PlanStatus]) -> PlanStatus | None:
    """Returns the plan for a one-step action: the adopted plan, or else the draft, or else (None) a new draft."""
    open_plans = set(plans)
    for status in (PlanStatus.ADOPTED, PlanStatus.DRAFT):
        if status in open_plans:
            return status
    return None


# -- an action's status


class ActionStatus(StrEnum):
    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    STUCK = "stuck"
    DONE = "done"
    NO_LONGER_NEEDED = "no_longer_needed"


MOVES: dict[ActionStatus, frozenset[ActionStatus]] = {
    status: frozenset(ActionStatus) - {status} for status in ActionStatus
}
OPEN = frozenset({ActionStatus.NOT_STARTED, ActionStatus.UNDER_WAY, ActionStatus.STUCK})


class Reason(StrEnum):
    """The question that a change of status asks."""

    HELP = "help"
    WHY_DROPPED = "why_dropped"
    WHY_REOPENED = "why_reopened"


class SameStatus(ValueError):
    def __init__(self, status: ActionStatus) -> None:
        super().__init__(status)
        self.status = status


class MissingReason(ValueError):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def reason_needed(from_: ActionStatus, to: ActionStatus) -> Reason | None:
    """Returns the single question of a change of status.

    From done to stuck or no longer needed, its answer is also the reason for reopening.
    """
    if to is from_:
        return None
    if to is ActionStatus.STUCK:
        return Reason.HELP
    if to is ActionStatus.NO_LONGER_NEEDED:
        return Reason.WHY_DROPPED
    if from_ is ActionStatus.DONE:
        return Reason.WHY_REOPENED
    return None


def reason_after(
    from_: ActionStatus | None, kept: str, to: ActionStatus, said: str, *, otherwise: str
) -> str:
    """Returns an action's reason after a file sets its status and `said`; `from_` is None for a new action.

    If a reason is required and missing, it is `otherwise`. Importing the same file twice gives the same
    result.
    """
    if to is ActionStatus.DONE:
        return ""
    if to is from_:
        # Help that was needed earlier may remain with a status that needs no reason; a file's new text
        # replaces it.
        return said if said and kept else kept
    if reason_needed(from_ or ActionStatus.NOT_STARTED, to) is not None:
        return said or otherwise
    return said if from_ is None else ""


class QuickAnswer(StrEnum):
    """The answers that a person can give about an action with one press."""

    ON_TRACK = "on_track"
    DONE = "done"
    STUCK = "stuck"
    NEW_DATE = "new_date"


def status_said(answer: QuickAnswer, status: ActionStatus) -> ActionStatus:
    """Returns the action's status after the answer; a new date does not change it."""
    return {
        QuickAnswer.ON_TRACK: ActionStatus.UNDER_WAY,
        QuickAnswer.DONE: ActionStatus.DONE,
        QuickAnswer.STUCK: ActionStatus.STUCK,
        QuickAnswer.NEW_DATE: status,
    }[answer]


class Move(Struct, frozen=True):
    from_: ActionStatus
    to: ActionStatus
    reason: str = ""

    def check(self, plan: PlanStatus) -> None:
        """Raises PlanIsClosed, SameStatus, MissingReason, in this order."""
        if plan is PlanStatus.CLOSED:
            raise PlanIsClosed
        if self.to not in MOVES[self.from_]:
            raise SameStatus(self.from_)
        needed = reason_needed(self.from_, self.to)
        if needed is not None and not self.reason.strip():
            raise MissingReason(needed)


# -- progress


class Progress(Struct, frozen=True):
    """`done` of `total` actions; actions that are no longer needed are counted separately."""

    done: int = 0
    total: int = 0
    no_longer_needed: int = 0

    @property
    def all(self) -> int:
        """Returns the number of all actions, including those no longer needed."""
        return self.total + self.no_longer_needed

    @property
    def percent(self) -> int:
        """Returns 0 to 100, to the nearest whole number as published plans write it; 100 only if all are done."""
        if self.done == self.total:
            return 100 if self.total else 0
        return min(99, (self.done * 200 + self.total) // (self.total * 2))


class _Tally(Struct):
    done: int = 0
    total: int = 0
    no_longer_needed: int = 0

    def add(self, status: ActionStatus, count: int) -> None:
        if status is ActionStatus.NO_LONGER_NEEDED:
            self.no_longer_needed += count
        else:
            self.total += count
            self.done += count if status is ActionStatus.DONE else 0

    @property
    def progress(self) -> Progress:
        return Progress(self.done, self.total, self.no_longer_needed)


class Rollup(Struct, frozen=True):
    """Progress at three levels. The plan consists of its goals and `loose`, the actions not yet under a goal."""

    plan: Progress
    loose: Progress
    _goals: Mapping[int, Progress]
    _objectives: Mapping[int, Progress]

    def goal(self, goal_id: int) -> Progress:
        """Returns the progress of all the goal's actions, including its objectives'; 0 of 0 if it has none."""
        return self._goals.get(goal_id, Progress())

    def objective(self, objective_id: int) -> Progress:
        return self._objectives.get(objective_id, Progress())


def rollup(rows: Iterable[tuple[int | None, int | None, ActionStatus, int]]) -> Rollup:
    """Adds up rows of (goal id, objective id, status, count); an objective's row also names its goal."""
    plan, loose = _Tally(), _Tally()
    goals: dict[int, _Tally] = {}
    objectives: dict[int, _Tally] = {}
    for goal_id, objective_id, status, count in rows:
        plan.add(status, count)
        (loose if goal_id is None else goals.setdefault(goal_id, _Tally())).add(status, count)
        if objective_id is not None:
            objectives.setdefault(objective_id, _Tally()).add(status, count)
    return Rollup(
        plan.progress,
        loose.progress,
        {goal_id: tally.progress for goal_id, tally in goals.items()},
        {objective_id: tally.progress for objective_id, tally in objectives.items()},
    )


# -- dates


class DueBeforeStart(ValueError):
    def __init__(self, start: date, due: date) -> None:
        super().__init__(start, due)
        self.start = start
        self.due = due


def check_dates(start: date | None, due: date | None) -> None:
    """Raises DueBeforeStart. An action may start and be due on the same day, and either date may be missing."""
    if start is not None and due is not None and due < start:
        raise DueBeforeStart(start, due)


class DueKind(StrEnum):
    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    NONE = "none"


class DueWords(Struct, frozen=True):
    """The parts of a due date for a template; `days`, late or left, is never negative."""

    kind: DueKind
    days: int = 0


def due_words(due: date | None, today: date, status: ActionStatus) -> DueWords:
    """Returns None if there is no date, or if the action is finished."""
    if due is None or status not in OPEN:
        return DueWords(DueKind.NONE)
    days = (due - today).days
    if days < 0:
        return DueWords(DueKind.LATE, -days)
    if days == 0:
        return DueWords(DueKind.TODAY)
    return DueWords(DueKind.SOON if days <= SOON_DAYS else DueKind.LATER, days)


def counting_day(plan: PlanStatus, today: date) -> date:
    """Returns the day from which lateness is counted: before all days in a closed plan, where nothing is late."""
    return date.min if plan is PlanStatus.CLOSED else today


def is_late(due: date | None, status: ActionStatus, today: date) -> bool:
    return due_words(due, today, status).kind is DueKind.LATE


# -- numbers


def next_number(highest: int | None) -> int:
    """Returns the next number in a coalition. `highest` counts the trash too, so that numbers never repeat."""
    return (highest or 0) + 1


class CarryWhy(StrEnum):
    """The reasons for carrying something over."""

    NOT_FINISHED = "not_finished"
    CONTINUES = "continues"
    OTHER = "other"
