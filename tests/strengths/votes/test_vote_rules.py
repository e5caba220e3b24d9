"""Tests what a ballot may say and what many ballots add up to, in plain Python."""

import statistics
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.strengths.votes.rules import (
    FEWEST,
    KEPT_FOR,
    LEVELS,
    VOTE_MOVES,
    BallotProblem,
    MarkProblem,
    VoteCounts,
    VoteMark,
    VoteMethod,
    VoteResult,
    VoteState,
    may_move,
    may_reopen,
    median,
    places,
    read_dots,
    read_ratings,
    result_of,
)

COUNTS = st.lists(st.integers(0, 60), min_size=5, max_size=5)


# -- the middle


@pytest.mark.parametrize(
    ("counts", "middle"),
    [
        ([0, 0, 0, 0, 0], None),
        ([0, 0, 1, 0, 0], 3),
        ([1, 0, 0, 0, 1], 3),
        ([0, 1, 1, 0, 0], 2.5),
        ([1, 1, 1, 1, 1], 3),
        ([0, 0, 0, 2, 1], 4),
        ([3, 0, 0, 0, 3], 3),
    ],
)
def test_the_middle_of_two_middle_ratings_is_their_mean(counts: list[int], middle: float | None) -> None:
    assert median(counts) == middle


@given(COUNTS)
def test_the_middle_is_that_of_the_ratings_one_by_one(counts: list[int]) -> None:
    ratings = [level for level, count in enumerate(counts, 1) for _rating in range(count)]
    assert median(counts) == (statistics.median(ratings) if ratings else None)


# -- the ranking


@pytest.mark.parametrize(
    ("weights", "placed"),
    [
        ([20, 12.5, 12.5, 4], [1, 2, 2, 4]),
        ([4, 20, 12.5, 12.5], [4, 1, 2, 2]),
        ([7, 7, 7], [1, 1, 1]),
        ([None, 3, None, 0], [None, 1, None, 2]),
        ([], []),
    ],
)
def test_equals_share_a_place_and_the_next_one_comes_after_all_of_them(
    weights: list[float | None], placed: list[int | None]
) -> None:
    assert places(weights) == placed


@given(st.lists(st.none() | st.floats(0, 25)))
def test_a_place_is_one_more_than_how_many_are_ahead(weights: list[float | None]) -> None:
    known = [weight for weight in weights if weight is not None]
    for weight, place in zip(weights, places(weights), strict=True):
        ahead = None if weight is None else sum(other > weight for other in known) + 1
        assert place == ahead


@given(st.lists(st.floats(0, 25)), st.randoms())
def test_the_order_of_the_needs_changes_no_place(weights: list[float], chance: object) -> None:
    before = dict(zip(weights, places(weights), strict=True))
    chance.shuffle(weights)  # type: ignore[attr-defined]
    assert dict(zip(weights, places(weights), strict=True)) == before


# -- what is shown


def test_two_ballots_on_a_need_show_nothing_and_three_do() -> None:
    two = VoteCounts((0, 0, 0, 0, 2), (2, 0, 0, 0, 0), voters=2)
    assert result_of(VoteMethod.RATING, two, by_hand=False) == VoteResult(2)
    three = VoteCounts((0, 0, 0, 0, 3), (0, 1, 1, 1, 0), voters=3)
    assert result_of(VoteMethod.RATING, three, by_hand=False) == VoteResult(3, 5, 3)
    shown = result_of(VoteMethod.RATING, three, by_hand=False)
    assert (shown.product, shown.weight) == (15, 15)


def test_dots_of_two_people_show_nothing_either() -> None:
    assert result_of(VoteMethod.DOTS, VoteCounts(dots=6, voters=2), by_hand=False) == VoteResult(2)
    assert result_of(VoteMethod.DOTS, VoteCounts(voters=3), by_hand=False) == VoteResult(3, dots=0)


def test_hands_were_seen_by_everybody_so_that_two_count() -> None:
    two = VoteCounts((0, 0, 0, 0, 2), (1, 1, 0, 0, 0), voters=2)
    assert result_of(VoteMethod.RATING, two, by_hand=True) == VoteResult(2, 5, 1.5)
    assert result_of(VoteMethod.DOTS, VoteCounts(dots=0), by_hand=True) == VoteResult(0, dots=0)
    assert result_of(VoteMethod.DOTS, VoteCounts(dots=7), by_hand=True).weight == 7
    assert result_of(VoteMethod.DOTS, None, by_hand=True) == VoteResult(0)
    assert result_of(VoteMethod.RATING, VoteCounts(), by_hand=True) == VoteResult(0)


@given(COUNTS, COUNTS, st.integers(0, FEWEST - 1))
def test_fewer_ballots_than_three_never_show_a_number(
    importance: list[int], feasibility: list[int], voters: int
) -> None:
    shown = result_of(VoteMethod.RATING, VoteCounts(importance, feasibility, 4, voters), by_hand=False)
    assert (shown.importance, shown.feasibility, shown.dots, shown.weight) == (None, None, None, None)


# -- one ballot


def test_a_need_left_out_says_nothing() -> None:
    read = read_ratings({1: ("", ""), 2: ("5", "3")})
    assert read.counts
    assert read.marks == {2: VoteMark(5, 3)}


def test_every_level_from_one_to_five_can_be_given() -> None:
    assert [*LEVELS] == [1, 2, 3, 4, 5]
    assert read_ratings({level: (str(level), str(level)) for level in LEVELS}).marks == {
        level: VoteMark(level, level) for level in LEVELS
    }


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        (("5", ""), MarkProblem.NO_FEASIBILITY),
        (("", "2"), MarkProblem.NO_IMPORTANCE),
        (("6", "2"), MarkProblem.NOT_OFFERED),
        (("2", "0"), MarkProblem.NOT_OFFERED),
        (("٣", "2"), MarkProblem.NOT_OFFERED),
        (("1e0", "2"), MarkProblem.NOT_OFFERED),
    ],
)
def test_half_a_rating_and_a_number_that_is_none_are_refused(
    sent: tuple[str, str], wrong: MarkProblem
) -> None:
    read = read_ratings({1: sent, 2: ("4", "4")})
    assert not read.counts
    assert read.wrong == {1: wrong}
    # What was right is still there to be shown again.
    assert read.marks[2] == VoteMark(4, 4)


def test_an_empty_ballot_is_none() -> None:
    assert read_ratings({1: ("", "")}).problem is BallotProblem.EMPTY
    assert read_dots({1: "0", 2: ""}, 5, 3).problem is BallotProblem.EMPTY


def test_dots_can_be_kept_but_not_made_up() -> None:
    assert read_dots({1: "0", 2: "3", 3: "1"}, 5, 3).marks == {2: VoteMark(dots=3), 3: VoteMark(dots=1)}
    assert read_dots({1: "3", 2: "2"}, 5, 3).counts
    assert read_dots({1: "3", 2: "3"}, 5, 3).problem is BallotProblem.TOO_MANY_DOTS
    assert read_dots({1: "4"}, 5, 3).wrong == {1: MarkProblem.NOT_OFFERED}
    assert read_dots({1: "-1"}, 5, 3).wrong == {1: MarkProblem.NOT_OFFERED}


@given(
    st.dictionaries(st.integers(1, 9), st.sampled_from([*map(str, range(-1, 22)), "", "²", "٣", "1.0", "x"])),
    st.integers(1, 20),
    st.integers(1, 20),
)
def test_a_ballot_that_counts_never_holds_more_dots_than_it_may(
    sent: dict[int, str], dots: int, each: int
) -> None:
    read = read_dots(sent, dots, each)
    if read.counts:
        given = [mark.dots or 0 for mark in read.marks.values()]
        assert 1 <= sum(given) <= dots
        assert all(1 <= one <= each for one in given)


SENT = st.sampled_from(["", "0", "1", "3", "5", "6", "²", "٣", " 1", "1.0"])


@given(st.dictionaries(st.integers(1, 9), st.tuples(SENT, SENT)))
def test_a_ballot_that_counts_rates_whole_from_one_to_five(sent: dict[int, tuple[str, str]]) -> None:
    read = read_ratings(sent)
    if read.counts:
        assert read.marks
        for mark in read.marks.values():
            assert mark.importance in range(1, 6) and mark.feasibility in range(1, 6)


# -- moves


def test_a_vote_moves_one_way_and_back_only_by_throwing_away_or_reopening() -> None:
    assert may_move(VoteState.PREPARED, VoteState.OPEN)
    assert not may_move(VoteState.PREPARED, VoteState.CLOSED)
    assert may_move(VoteState.OPEN, VoteState.PREPARED)
    assert may_move(VoteState.OPEN, VoteState.CLOSED)
    assert may_move(VoteState.CLOSED, VoteState.OPEN)
    assert not may_move(VoteState.CLOSED, VoteState.PREPARED)
    assert not any(may_move(state, state) for state in VOTE_MOVES)


def test_a_closed_vote_can_be_opened_again_for_a_day() -> None:
    noon = datetime(2026, 11, 3, 12, tzinfo=UTC)
    assert timedelta(days=1) == KEPT_FOR
    assert may_reopen(noon, noon + KEPT_FOR - timedelta(seconds=1))
    assert not may_reopen(noon, noon + KEPT_FOR)
    assert not may_reopen(None, noon)
