"""Builds a ballot for a phone: each need with its marks, and any errors."""

from collections.abc import Mapping

from msgspec import Struct

from engage.strengths.votes.rules import (
    BallotProblem,
    Mark,
    MarkProblem,
    ReadBallot,
    VoteMethod,
    read_dots,
    read_ratings,
)
from engage.strengths.votes.words import ballot_problem, mark_problem, what_to_do
from engage.strengths.words import FEASIBILITY_WORDS, IMPORTANCE_WORDS


class SheetLine(Struct, frozen=True):
    """One need. `error` is empty if there is none; `wrong` names the row of numbers with the error."""

    id: int
    title: str
    mark: Mark
    error: str
    wrong: str


class Scale(Struct, frozen=True):
    """A row of numbers to choose from."""

    name: str
    words: Mapping[int, str]


class BallotSheet:
    """A ballot as plain values instead of a form of sixty fields, because forty phones send it at once."""

    def __init__(
        self, method: VoteMethod, titles: Mapping[int, str], dots: int | None, each: int | None
    ) -> None:
        self.method, self.titles, self.dots, self.each = method, titles, dots, each
        self.is_dots = method is VoteMethod.DOTS
        self._read = ReadBallot({}, {}, None)
        self.was_filled = False

    def fill(self, marks: Mapping[int, Mark]) -> None:
        """Fills in what this browser marked before."""
        self._read = ReadBallot(marks, {}, None)
        self.was_filled = bool(marks)

    def read(self, posted: Mapping[str, str]) -> None:
        """Reads what was sent."""
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
    def marks(self) -> Mapping[int, Mark]:
        return self._read.marks

    @property
    def counts(self) -> bool:
        """Returns whether it can be submitted as it is."""
        return self._read.counts

    @property
    def asks(self) -> str:
        return what_to_do(self.method, self.dots, self.each)

    @property
    def scales(self) -> list[Scale]:
        return [Scale("importance", IMPORTANCE_WORDS), Scale("feasibility", FEASIBILITY_WORDS)]

    @property
    def choices(self) -> range:
        """Returns how many dots one need can get."""
        return range((self.each or 0) + 1)

    @property
    def given(self) -> int:
        return sum(mark.dots or 0 for mark in self.marks.values())

    @property
    def problem(self) -> str:
        """Returns the error of the ballot as a whole."""
        problem: BallotProblem | None = self._read.problem
        return "" if problem is None else ballot_problem(problem, self.method, self.dots, self.given)

    @property
    def lines(self) -> list[SheetLine]:
        return [self._line(need, title) for need, title in self.titles.items()]

    def _line(self, need: int, title: str) -> SheetLine:
        wrong = self._read.wrong.get(need)
        return SheetLine(
            id=need,
            title=title,
            mark=self.marks.get(need, Mark()),
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
