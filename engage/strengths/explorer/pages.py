"""Builds strengths and needs side by side, area by area."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import islice
from typing import Any

from msgspec import Struct

from engage.assessment.questions import Question
from engage.coalitions.models import Membership
from engage.strengths.matches import queries as matches_queries
from engage.strengths.matches import rules as matches_rules
from engage.strengths.matches import words as matches_words
from engage.strengths.matches.queries import MatchRow, Offers, Pair, StrengthRow
from engage.strengths.matches.rules import Offered, Reason, Suggestion, Wanted
from engage.strengths.models import Need, Strength
from engage.strengths.needs.queries import NeedLine, Needs, needs_of
from engage.strengths.rules import MatchState
from engage.web.lists import ListFilters, enum_asked, flag_asked, number_asked, text_asked

PAGE_ROWS = 10
# This many suggestions are beside each need; its own page shows all of them.
SUGGESTIONS = 2
# A strength's own page shows at most this many.
MORE = 5


class Show(StrEnum):
    ALL = "all"
    UNMATCHED = "unmatched"
    MATCHED = "matched"


class ExplorerFilters(ListFilters, frozen=True):
    """The filters in the address; invalid values are ignored. `keep` is the need that was just matched, which stays."""

    show: Show = enum_asked(Show, Show.ALL)
    area: str = text_asked(60)
    keep: int = number_asked(0, travels=False)
    whole: bool = flag_asked("all", says="rows")

    def fits(self, need: NeedLine) -> bool:
        if self.area and need.area != self.area:
            return False
        return (
            self.show is Show.ALL
            or is_matched(need) is (self.show is Show.MATCHED)
            or need.number == self.keep
        )


def is_matched(need: NeedLine) -> bool:
    """Returns whether it has a match that was not declined."""
    return need.matched > 0


class MatchLine(Struct, frozen=True):
    """A match on the page of its need or strength; `waits` is true until someone answers."""

    id: int
    title: str
    who: str
    state: str
    tag: str
    ask: str
    how: str
    is_withdrawn: bool
    waits: bool
    actions: Sequence[Any]


class Idea(Struct, frozen=True):
    """A suggestion in words. `title` and `who` are those of the strength."""

    need: NeedLine
    strength_id: int
    title: str
    who: str
    reasons: tuple[str, ...]


class NeedRow(Struct, frozen=True):
    """A need with its matches; `more` counts suggestions beyond those in `ideas`."""

    need: NeedLine
    matches: list[MatchLine]
    ideas: list[Idea]
    more: int

    @property
    def is_matched(self) -> bool:
        return is_matched(self.need)


class StrengthLine(Struct, frozen=True):
    """A strength with the needs that it could meet."""

    id: int
    title: str
    who: str
    limits: str
    ideas: list[Idea]
    more: int


class Board(Struct, frozen=True, dict=True):
    """Everything needed to compare needs and strengths, read once for a page."""

    needs: Needs
    pairs: list[Pair]
    offers: Offers

    @cached_property
    def matched(self) -> set[tuple[int, int]]:
        return {(pair.need_id, pair.strength_id) for pair in self.pairs}

    @property
    def unmatched(self) -> list[NeedLine]:
        return [need for need in self.needs.open if not is_matched(need)]

    @property
    def unused(self) -> list[Offered]:
        """Returns the strengths without a live match, oldest first."""
        return [each for each in self.offers.offered if not each.is_used]

    def wanted(self, need: NeedLine) -> Wanted:
        """Returns the need in the form that matching uses."""
        question = self._question(need)
        ask = frozenset(question.ask) if question is not None else frozenset()
        return Wanted(need.id, need.area, need.indicator, ask)

    def _question(self, need: NeedLine) -> Question | None:
        """Returns the question that the need's round asked."""
        shown = self.needs.rounds.of(need.round_id)
        return shown.question(need.indicator) if shown is not None else None

    def ideas_for(self, need: NeedLine) -> list[Suggestion]:
        return matches_rules.strengths_for(self.wanted(need), self.offers.offered, self.matched)

    def in_words(self, found: Suggestion, need: NeedLine) -> Idea:
        strength = self.offers.rows[found.strength_id]
        return Idea(
            need, strength.id, strength.title, who(strength), self._said(found.reasons, need, strength)
        )

    def _said(self, reasons: Iterable[Reason], need: NeedLine, strength: StrengthRow) -> tuple[str, ...]:
        question = self._question(need)
        title = question.title if question is not None else need.title
        whose = who(strength)
        return tuple(matches_words.reason_words(each, title, need.area_name, whose) for each in reasons)

    def reasons_for(self, need_id: int, strength_id: int) -> tuple[str, ...]:
        """Returns in words what the two have in common; empty if the strength is no longer on offer."""
        need = next(each for each in self.needs.lines if each.id == need_id)
        offered = next((each for each in self.offers.offered if each.id == strength_id), None)
        if offered is None:
            return ()
        found = matches_rules.reasons(self.wanted(need), offered)
        return self._said(found, need, self.offers.rows[strength_id])


def who(strength: StrengthRow) -> str:
    """Returns the strength's giver."""
    return matches_words.giver_words(strength.giver, strength.organization)


def board_of(membership: Membership) -> Board:
    """Reads the board in a constant number of queries, however many needs and strengths there are."""
    needs, pairs = needs_of(membership), matches_queries.pairs_of(membership)
    return Board(needs, pairs, matches_queries.offers_of(membership, pairs))


def need_rows(
    membership: Membership,
    board: Board,
    needs: Sequence[NeedLine],
    actions: Mapping[int, Sequence[Any]],
    most: int | None = SUGGESTIONS,
) -> list[NeedRow]:
    """Returns these needs with their matches and at most `most` suggestions each. `actions` are by the match's id."""
    by_need: dict[int, list[MatchLine]] = defaultdict(list)
    matches = matches_queries.matches_of(membership, needs=[need.id for need in needs])
    # Declined matches come last.
    for row in sorted(matches, key=lambda each: each.state is MatchState.DECLINED):
        by_need[row.need_id].append(match_line(row, actions))
    found = []
    for need in needs:
        ideas = board.ideas_for(need)
        shown = [board.in_words(each, need) for each in islice(ideas, most)]
        found.append(NeedRow(need, by_need.get(need.id, []), shown, len(ideas) - len(shown)))
    return found


def matched_with_need(
    membership: Membership, need: Need, actions: Mapping[int, Sequence[Any]]
) -> list[MatchLine]:
    """Returns the matches of one need, for its page."""
    return [match_line(row, actions) for row in matches_queries.matches_of(membership, needs=[need.id])]


def matched_with_strength(
    membership: Membership, board: Board, strength: Strength, actions: Mapping[int, Sequence[Any]]
) -> list[MatchLine]:
    """Returns the matches of one strength, for its page."""
    needs = {need.id: need for need in board.needs.lines}
    return [
        match_line(row, actions, f"{needs[row.need_id].number}. {needs[row.need_id].title}")
        for row in matches_queries.matches_of(membership, strength_id=strength.id)
    ]


def ideas_of_strength(board: Board, strength: Strength) -> list[Idea]:
    """Returns the first of the open needs that a strength could meet; empty if it is not on offer."""
    offered = [each for each in board.offers.offered if each.id == strength.id]
    return [idea for line in strength_lines(board, offered, most=MORE) for idea in line.ideas]


def match_line(row: MatchRow, actions: Mapping[int, Sequence[Any]], title: str = "") -> MatchLine:
    """Returns a match in words; `title` replaces the strength's, as on the strength's own page."""
    return MatchLine(
        id=row.id,
        title=title or row.strength,
        who=matches_words.giver_words(row.giver, row.organization),
        state=matches_words.state_words(row.state, row.asked_on),
        tag=matches_words.MATCH_TAGS[row.state],
        ask=matches_words.ask_words(row.ask_person, row.ask),
        how=row.how,
        is_withdrawn=row.withdrawn_on is not None,
        waits=row.state in {MatchState.TO_ASK, MatchState.ASKED},
        actions=actions.get(row.id, ()),
    )


def strength_lines(
    board: Board, strengths: Iterable[Offered], most: int | None = SUGGESTIONS
) -> list[StrengthLine]:
    """Returns these strengths, each with the open needs that it could meet, the most pressing first."""
    needs = {need.id: need for need in board.needs.open}
    wanted = [board.wanted(need) for need in needs.values()]
    matched = board.matched
    found = []
    for offered in strengths:
        row = board.offers.rows[offered.id]
        ideas = matches_rules.needs_for(offered, wanted, matched)
        shown = [board.in_words(each, needs[each.need_id]) for each in islice(ideas, most)]
        found.append(StrengthLine(row.id, row.title, who(row), row.limits, shown, len(ideas) - len(shown)))
    return found


def looked_on(needs: Iterable[NeedLine]) -> tuple[list[NeedLine], list[tuple[NeedLine, date]]]:
    """Returns needs without a strength: those for which no one has searched, and those for which none was found."""
    needs = list(needs)
    open_ = [need for need in needs if need.no_strength_on is None]
    return open_, [(need, need.no_strength_on) for need in needs if need.no_strength_on is not None]
