"""Builds strengths and needs side by side, area by area."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import islice

from msgspec import Struct

from engage.assessment.questions import Question
from engage.coalitions.models import Membership
from engage.strengths.matches import labels as matches_labels
from engage.strengths.matches import queries as matches_queries
from engage.strengths.matches import rules as matches_rules
from engage.strengths.matches.queries import MatchRow, Pair
from engage.strengths.matches.rules import MatchWanted, Offered, Reason, Suggestion
from engage.strengths.models import Strength
from engage.strengths.needs.queries import NeedLine, Needs, needs_of
from engage.strengths.rules import MatchState
from engage.web.lists import ListFilters, enum_asked, flag_asked, number_asked, text_asked

PAGE_ROWS = 10
# A need shows at most this many suggestions; the need's own page shows all of them.
SUGGESTIONS = 2
# A strength's own page shows at most this many.
MORE = 5


class ExplorerShow(StrEnum):
    ALL = "all"
    UNMATCHED = "unmatched"
    MATCHED = "matched"


class ExplorerFilters(ListFilters, frozen=True):
    """The filters in the address; invalid values are ignored.

    `keep` is a need that was just matched and so stays listed.
    """

    show: ExplorerShow = enum_asked(ExplorerShow, ExplorerShow.ALL)
    area: str = text_asked(60)
    keep: int = number_asked(0, travels=False)
    whole: bool = flag_asked("all", says="rows")

    def fits(self, need: NeedLine) -> bool:
        if self.area and need.area != self.area:
            return False
        return (
            self.show is ExplorerShow.ALL
            or need.is_matched is (self.show is ExplorerShow.MATCHED)
            or need.number == self.keep
        )


class ExplorerIdea(Struct, frozen=True):
    """A suggestion, with its reasons in words."""

    need: NeedLine
    strength: Offered
    reasons: tuple[str, ...]


class ExplorerNeedRow(Struct, frozen=True):
    """A need with its matches; `more` counts suggestions beyond those in `ideas`."""

    need: NeedLine
    matches: list[MatchRow]
    ideas: list[ExplorerIdea]
    more: int


class ExplorerStrengthRow(Struct, frozen=True):
    """A strength with the needs that it could meet."""

    strength: Offered
    ideas: list[ExplorerIdea]
    more: int


class ExplorerBoard(Struct, frozen=True, dict=True):
    """Everything needed to suggest matches of needs and strengths, read once for a page."""

    needs: Needs
    pairs: list[Pair]
    # These are by id, oldest first.
    offers: dict[int, Offered]

    @cached_property
    def matched(self) -> set[tuple[int, int]]:
        return {(pair.need_id, pair.strength_id) for pair in self.pairs}

    @property
    def unmatched(self) -> list[NeedLine]:
        return [need for need in self.needs.open if not need.is_matched]

    @property
    def unused(self) -> list[Offered]:
        """Returns the strengths without a match that is not declined, oldest first."""
        return [each for each in self.offers.values() if not each.is_used]

    def wanted(self, need: NeedLine) -> MatchWanted:
        """Returns the need in the form that matching uses."""
        question = self._question(need)
        ask = frozenset(question.ask) if question is not None else frozenset()
        return MatchWanted(need.id, need.area, need.indicator, ask)

    def _question(self, need: NeedLine) -> Question | None:
        """Returns the question as the need's round asked it."""
        shown = self.needs.rounds.of(need.round_id)
        return shown.question(need.indicator) if shown is not None else None

    def ideas_for(self, need: NeedLine) -> list[Suggestion]:
        return matches_rules.strengths_for(self.wanted(need), self.offers.values(), self.matched)

    def in_words(self, found: Suggestion, need: NeedLine) -> ExplorerIdea:
        strength = self.offers[found.strength_id]
        return ExplorerIdea(need, strength, self._said(found.reasons, need, strength))

    def _said(self, reasons: Iterable[Reason], need: NeedLine, strength: Offered) -> tuple[str, ...]:
        question = self._question(need)
        title = question.title if question is not None else need.title
        return tuple(
            matches_labels.reason_words(each, title, need.area_name, strength.who) for each in reasons
        )

    def reasons_for(self, need_id: int, strength_id: int) -> tuple[str, ...]:
        """Returns in words what the two have in common; empty if the strength is no longer on offer."""
        need = next(each for each in self.needs.lines if each.id == need_id)
        offered = self.offers.get(strength_id)
        if offered is None:
            return ()
        return self._said(matches_rules.reasons(self.wanted(need), offered), need, offered)


def board_of(membership: Membership) -> ExplorerBoard:
    """Reads the board in a constant number of queries, however many needs and strengths there are."""
    needs, pairs = needs_of(membership), matches_queries.pairs_of(membership)
    return ExplorerBoard(needs, pairs, matches_queries.offers_of(membership, pairs))


def need_rows(
    membership: Membership,
    board: ExplorerBoard,
    needs: Sequence[NeedLine],
    most: int | None = SUGGESTIONS,
) -> list[ExplorerNeedRow]:
    """Returns these needs with their matches and at most `most` suggestions each."""
    by_need: dict[int, list[MatchRow]] = defaultdict(list)
    matches = matches_queries.matches_of(membership, needs=[need.id for need in needs])
    # Declined matches come last.
    for row in sorted(matches, key=lambda each: each.state is MatchState.DECLINED):
        by_need[row.need_id].append(row)
    found = []
    for need in needs:
        ideas = board.ideas_for(need)
        shown = [board.in_words(each, need) for each in islice(ideas, most)]
        found.append(ExplorerNeedRow(need, by_need.get(need.id, []), shown, len(ideas) - len(shown)))
    return found


def ideas_of_strength(board: ExplorerBoard, strength: Strength) -> list[ExplorerIdea]:
    """Returns the first of the open needs that a strength could meet; empty if it is not on offer."""
    offered = [each for each in board.offers.values() if each.id == strength.id]
    return [idea for line in strength_lines(board, offered, most=MORE) for idea in line.ideas]


def strength_lines(
    board: ExplorerBoard, strengths: Iterable[Offered], most: int | None = SUGGESTIONS
) -> list[ExplorerStrengthRow]:
    """Returns these strengths, each with the open needs that it could meet, the most pressing first."""
    needs = {need.id: need for need in board.needs.open}
    wanted = [board.wanted(need) for need in needs.values()]
    matched = board.matched
    found = []
    for offered in strengths:
        ideas = matches_rules.needs_for(offered, wanted, matched)
        shown = [board.in_words(each, needs[each.need_id]) for each in islice(ideas, most)]
        found.append(ExplorerStrengthRow(offered, shown, len(ideas) - len(shown)))
    return found


def looked_on(needs: Iterable[NeedLine]) -> tuple[list[NeedLine], list[tuple[NeedLine, date]]]:
    """Returns needs without a strength: those never searched for, and those for which none was found."""
    needs = list(needs)
    open_ = [need for need in needs if need.no_strength_on is None]
    return open_, [(need, need.no_strength_on) for need in needs if need.no_strength_on is not None]
