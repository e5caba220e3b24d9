"""Rules of voting on needs: the states of a vote, what a ballot may contain, and how ballots are added up."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

LEVELS = range(1, 6)
# With fewer ballots on a need than this no number is shown or stored, because two people could compute each
# other's.
FEWEST = 3
MOST_BALLOTS = 500
MOST_NEEDS = 30
# A group can consider this many needs at once, so this many are ticked for a new vote.
GOOD_NUMBER = 12
MOST_DOTS = 20
MOST_PEOPLE = 5000
# A closed vote can be reopened for this long; then its ballots are deleted and only the counts stay.
KEPT_FOR = timedelta(hours=24)


class VoteMethod(StrEnum):
    """The ways to vote on a need."""

    RATING = "rating"
    DOTS = "dots"


class VoteAccess(StrEnum):
    """The people who may vote by phone: those with the link, one ballot per browser, or one ballot per slip."""

    OPEN = "open"
    CODES = "codes"


class VoteState(StrEnum):
    PREPARED = "prepared"
    OPEN = "open"
    CLOSED = "closed"


# Going back to prepared deletes all ballots.
VOTE_MOVES: Mapping[VoteState, frozenset[VoteState]] = {
    VoteState.PREPARED: frozenset({VoteState.OPEN}),
    VoteState.OPEN: frozenset({VoteState.CLOSED, VoteState.PREPARED}),
    VoteState.CLOSED: frozenset({VoteState.OPEN}),
}


def may_move(before: VoteState, after: VoteState) -> bool:
    return after in VOTE_MOVES[before]


def may_reopen(closed_at: datetime | None, now: datetime) -> bool:
    """Returns whether the ballots still exist, so that the vote can be reopened."""
    return closed_at is not None and now - closed_at < KEPT_FOR


# -- one ballot


class VoteMark(Struct, frozen=True):
    """The marks of one ballot on one need: both ratings, or dots."""

    importance: int | None = None
    feasibility: int | None = None
    dots: int | None = None


class BallotProblem(StrEnum):
    """The reasons why a ballot cannot be counted as it is."""

    EMPTY = "empty"
    TOO_MANY_DOTS = "too_many_dots"


class MarkProblem(StrEnum):
    """The reasons why a mark on one need cannot be counted."""

    NO_IMPORTANCE = "no_importance"
    NO_FEASIBILITY = "no_feasibility"
    NOT_OFFERED = "not_offered"


class ReadBallot(Struct, frozen=True):
    """A ballot that was sent: its marks by need, and its errors."""

    marks: Mapping[int, VoteMark]
    wrong: Mapping[int, MarkProblem]
    problem: BallotProblem | None

    @property
    def counts(self) -> bool:
        return self.problem is None and not self.wrong


def read_ratings(sent: Mapping[int, tuple[str, str]]) -> ReadBallot:
    """Reads importance and feasibility by need. A need may be left out, but not rated only half."""
    marks: dict[int, VoteMark] = {}
    wrong: dict[int, MarkProblem] = {}
    for need, (importance, feasibility) in sent.items():
        if not importance and not feasibility:
            continue
        read = (_level(importance), _level(feasibility))
        marks[need] = VoteMark(*read)
        if (importance and read[0] is None) or (feasibility and read[1] is None):
            wrong[need] = MarkProblem.NOT_OFFERED
        elif read[0] is None:
            wrong[need] = MarkProblem.NO_IMPORTANCE
        elif read[1] is None:
            wrong[need] = MarkProblem.NO_FEASIBILITY
    return ReadBallot(marks, wrong, None if marks else BallotProblem.EMPTY)


def _level(text: str) -> int | None:
    return int(text) if text in {"1", "2", "3", "4", "5"} else None


def read_dots(sent: Mapping[int, str], dots: int, each: int) -> ReadBallot:
    """Reads dots: `dots` in total and at most `each` on one need.

    Fewer are allowed, but a ballot needs at least one.
    """
    marks: dict[int, VoteMark] = {}
    wrong: dict[int, MarkProblem] = {}
    for need, text in sent.items():
        if text in {"", "0"}:
            continue
        if text.isascii() and text.isdecimal() and len(text) < 4 and 1 <= int(text) <= each:
            marks[need] = VoteMark(dots=int(text))
        else:
            wrong[need] = MarkProblem.NOT_OFFERED
    given = sum(mark.dots or 0 for mark in marks.values())
    if given > dots:
        return ReadBallot(marks, wrong, BallotProblem.TOO_MANY_DOTS)
    return ReadBallot(marks, wrong, None if marks or wrong else BallotProblem.EMPTY)


# -- many ballots


class VoteCounts(Struct, frozen=True):
    """How often a need got each level from 1 to 5, or its total of dots.

    `voters` is how many people rated it. For dots it is everyone who cast a ballot, because giving a need
    none is a choice, too.
    """

    importance: Sequence[int] = (0, 0, 0, 0, 0)
    feasibility: Sequence[int] = (0, 0, 0, 0, 0)
    dots: int = 0
    voters: int = 0


class VoteResult(Struct, frozen=True):
    """The total of a need's ballots. `voters` is always given; the rest only if it may be shown."""

    voters: int
    importance: float | None = None
    feasibility: float | None = None
    dots: int | None = None

    @property
    def product(self) -> float | None:
        """Returns importance x feasibility, 1 to 25."""
        if self.importance is None or self.feasibility is None:
            return None
        return self.importance * self.feasibility

    @property
    def weight(self) -> float | None:
        """Returns the number by which needs are ranked."""
        return self.product if self.dots is None else float(self.dots)


def median(counts: Sequence[int]) -> float | None:
    """Returns the middle of the ratings, given as counts by level.

    It is the mean of the two middle ones if their number is even, and None without a rating.
    """
    total = sum(counts)
    if total == 0:
        return None
    return (_nth(counts, (total - 1) // 2) + _nth(counts, total // 2)) / 2


def _nth(counts: Sequence[int], place: int) -> int:
    for level, count in zip(LEVELS, counts, strict=True):
        if place < count:
            return level
        place -= count
    raise IndexError(place)


def result_of(method: VoteMethod, counts: VoteCounts | None, *, by_hand: bool) -> VoteResult:
    """Returns a need's result.

    Everyone saw the hands, so any number is shown; ballots need at least `FEWEST`. `counts` is None if hands
    have not been counted yet.
    """
    if counts is None or (not by_hand and counts.voters < FEWEST):
        return VoteResult(counts.voters if counts is not None else 0)
    if method is VoteMethod.DOTS:
        return VoteResult(counts.voters, dots=counts.dots)
    importance, feasibility = median(counts.importance), median(counts.feasibility)
    if importance is None or feasibility is None:
        return VoteResult(counts.voters)
    return VoteResult(counts.voters, importance, feasibility)


def places(weights: Iterable[float | None]) -> list[int | None]:
    """Returns the ranks, the heaviest first; equals share a rank and the next one skips: 1, 2, 2, 4.

    A rank is None if there is nothing to rank by.
    """
    every = list(weights)
    known = sorted((weight for weight in every if weight is not None), reverse=True)
    return [None if weight is None else known.index(weight) + 1 for weight in every]


class NotCounted(StrEnum):
    """The reasons why a valid ballot was not accepted."""

    CLOSED = "closed"
    USED = "used"
    FULL = "full"
    CHANGED = "changed"
