"""Builds a ballot for a phone: each need with the marks on it, and any errors."""

from collections.abc import Mapping

from msgspec import Struct

from engage.strengths.labels import FEASIBILITY_LABELS, IMPORTANCE_LABELS
from engage.strengths.votes.labels import ballot_problem, left_words, mark_problem, what_to_do
from engage.strengths.votes.rules import (
    BallotProblem,
    MarkProblem,
    ReadBallot,
    VoteMark,
    VoteMethod,
    read_dots,
    read_ratings,
)


class BallotLine(Struct, frozen=True):
    """One need of the ballot.

    `error` is empty if there is none; `wrong` names the row of numbers with the error.
    """

    id: int
    title: str
    mark: VoteMark
    error: str
    wrong: str


class BallotScale(Struct, frozen=True):
    """A row of numbers to choose from."""

    name: str
    words: Mapping[int, str]


class BallotSheet:
    """A ballot as plain values: a form of sixty fields would be slow when forty phones send one at once."""

    def __init__(
        self, method: VoteMethod, titles: Mapping[int, str], dots: int | None, each: int | None
    ) -> None:
        self.method, self.titles, self.dots, self.each = method, titles, dots, each
        self.is_dots = method is VoteMethod.DOTS
        self._read = ReadBallot({}, {}, None)
        self.was_filled = False

    def fill(self, marks: Mapping[int, VoteMark]) -> None:
        """Fills in the marks that this browser has saved."""
        self._read = ReadBallot(marks, {}, None)
        self.was_filled = bool(marks)

    def read(self, posted: Mapping[str, str]) -> None:
        """Reads a posted ballot."""
        if self.is_dots:
            sent = {need: posted.get(f"dots-{need}", "") for need in self.titles}
            self._read = read_dots(sent, self.dots or 0, self.each or 0)
        else:
            pairs = {
                need: (posted.get(f"importance-{need}", ""), posted.get(f"feasibility-{need}", ""))
                for need in self.titles
            }
            self._read = read_ratings(pairs)

    @property
    def marks(self) -> Mapping[int, VoteMark]:
        return self._read.marks

    @property
    def counts(self) -> bool:
        """Returns whether the ballot can be submitted as it is."""
        return self._read.counts

    @property
    def asks(self) -> str:
        return what_to_do(self.method, self.dots, self.each)

    @property
    def scales(self) -> list[BallotScale]:
        return [BallotScale("importance", IMPORTANCE_LABELS), BallotScale("feasibility", FEASIBILITY_LABELS)]

    @property
    def choices(self) -> range:
        """Returns how many dots one need can get."""
        return range((self.each or 0) + 1)

    @property
    def given(self) -> int:
        return sum(mark.dots or 0 for mark in self.marks.values())

    @property
    def left(self) -> list[str]:
        """Returns the text for each number of dots that are left, from 0 on."""
        return [left_words(number) for number in range((self.dots or 0) + 1)]

    @property
    def too_many(self) -> str:
        """Returns the error for too many dots; script on the page puts their number in place of #."""
        return ballot_problem(BallotProblem.TOO_MANY_DOTS, self.method, self.dots, "#")

    @property
    def said_of_dots(self) -> str:
        number = (self.dots or 0) - self.given
        return self.left[number] if number >= 0 else self.problem

    @property
    def problem(self) -> str:
        """Returns the error that concerns the whole ballot."""
        problem: BallotProblem | None = self._read.problem
        return "" if problem is None else ballot_problem(problem, self.method, self.dots, self.given)

    @property
    def lines(self) -> list[BallotLine]:
        return [self._line(need, title) for need, title in self.titles.items()]

    def _line(self, need: int, title: str) -> BallotLine:
        wrong = self._read.wrong.get(need)
        return BallotLine(
            id=need,
            title=title,
            mark=self.marks.get(need, VoteMark()),
            error=mark_problem(wrong) if wrong is not None else "",
            wrong=self._row(wrong),
        )

    def _row(self, wrong: MarkProblem | None) -> str:
        if wrong is None:
            return ""
        if self.is_dots:
            return "dots"
        return "feasibility" if wrong is MarkProblem.NO_FEASIBILITY else "importance"

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Returns the errors for the summary, each with the id of its field."""
        first = next(iter(self.titles), 0)
        name = "dots" if self.is_dots else "importance"
        value = 0 if self.is_dots else 1
        whole = [(self.problem, f"{name}-{first}-{value}")] if self.problem else []
        lines = [line for line in self.lines if line.error]
        return whole + [(f"{line.title}: {line.error}", f"{line.wrong}-{line.id}-{value}") for line in lines]
