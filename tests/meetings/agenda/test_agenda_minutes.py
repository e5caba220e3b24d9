"""Minutes spread over the time at hand: what holds for every agenda, and a few that people would check by hand."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.meetings.agenda.rules.minutes import STEP, MinutesSpread, Wish, short, spread, starts

fives = st.integers(1, 24).map(lambda each: each * STEP)
lines = st.builds(Wish, minutes=st.integers(0, 120), least=st.integers(0, 30))
breaks = st.builds(Wish, minutes=st.integers(0, 40), is_break=st.just(True))
agendas = st.lists(st.one_of(lines, lines, lines, breaks), max_size=25)
times = st.integers(5, 600)
round_agendas = st.lists(
    st.builds(Wish, minutes=fives, least=fives, is_break=st.booleans()), min_size=1, max_size=25
)


@given(agendas, times)
def test_the_sum_is_the_time_at_hand_or_says_by_how_much_not(wishes: list[Wish], at_hand: int) -> None:
    found = spread(wishes, at_hand)
    assert sum(found.minutes) == at_hand + found.over - found.spare
    assert found.over >= 0 and found.spare >= 0
    assert not (found.over and found.spare)


@given(agendas, times)
def test_every_line_has_its_least_and_stands_where_it_stood(wishes: list[Wish], at_hand: int) -> None:
    found = spread(wishes, at_hand)
    assert len(found.minutes) == len(wishes)
    for wish, minutes in zip(wishes, found.minutes, strict=True):
        assert minutes >= (wish.minutes if wish.is_break else max(wish.least, STEP))


@given(agendas, times)
def test_a_break_keeps_its_minutes(wishes: list[Wish], at_hand: int) -> None:
    for wish, minutes in zip(wishes, spread(wishes, at_hand).minutes, strict=True):
        assert not wish.is_break or minutes == wish.minutes


@given(round_agendas, fives)
def test_what_can_be_laid_out_in_fives_is(wishes: list[Wish], at_hand: int) -> None:
    assert all(minutes % STEP == 0 for minutes in spread(wishes, at_hand).minutes)


@given(agendas, times)
def test_at_most_one_line_that_is_no_break_has_no_round_number(wishes: list[Wish], at_hand: int) -> None:
    found = spread(wishes, at_hand)
    odd = [
        minutes
        for wish, minutes in zip(wishes, found.minutes, strict=True)
        if minutes % STEP and not wish.is_break
    ]
    assert len(odd) <= 1


@given(st.lists(st.builds(Wish, minutes=fives, is_break=st.booleans()), min_size=1, max_size=25))
def test_wishes_that_fit_come_out_as_they_are(wishes: list[Wish]) -> None:
    asked = tuple(wish.minutes for wish in wishes)
    assert spread(wishes, sum(asked)) == MinutesSpread(asked)


@given(agendas, times)
def test_who_asks_for_more_gets_no_less(wishes: list[Wish], at_hand: int) -> None:
    found = spread(wishes, at_hand).minutes
    alike = [(wish, minutes) for wish, minutes in zip(wishes, found, strict=True) if not wish.is_break]
    for wish, minutes in alike:
        for other, less in alike:
            if other.minutes < wish.minutes and other.lowest <= wish.lowest:
                # Fives are dealt whole, so that nearly equal wishes may be one apart.
                assert minutes >= less - STEP


@given(agendas, times)
def test_time_is_left_only_where_every_line_has_twice_what_it_asked_for(
    wishes: list[Wish], at_hand: int
) -> None:
    found = spread(wishes, at_hand)
    if found.spare:
        for wish, minutes in zip(wishes, found.minutes, strict=True):
            assert minutes >= (wish.minutes if wish.is_break else 2 * wish.minutes)


@given(agendas, times)
def test_spreading_again_changes_nothing_where_it_fitted(wishes: list[Wish], at_hand: int) -> None:
    once = spread(wishes, at_hand)
    if once.over or once.spare or at_hand % STEP or any(minutes % STEP for minutes in once.minutes):
        return
    again = [
        Wish(minutes, wish.least, wish.is_break) for wish, minutes in zip(wishes, once.minutes, strict=True)
    ]
    assert spread(again, at_hand) == once


@pytest.mark.parametrize(
    ("asked", "at_hand", "found"),
    [
        ([10, 20, 30], 60, MinutesSpread((10, 20, 30))),
        ([10, 20, 30], 30, MinutesSpread((5, 10, 15))),
        ([10, 20, 30], 90, MinutesSpread((15, 30, 45))),
        ([10, 10, 10], 47, MinutesSpread((17, 15, 15))),
        ([10, 10], 60, MinutesSpread((20, 20), spare=20)),
        ([10] * 20, 15, MinutesSpread((5,) * 20, over=85)),
        ([], 90, MinutesSpread((), spare=90)),
        ([0], 5, MinutesSpread((5,))),
    ],
)
def test_agendas_people_would_check_by_hand(asked: list[int], at_hand: int, found: MinutesSpread) -> None:
    assert spread([Wish(minutes) for minutes in asked], at_hand) == found


def test_a_break_that_is_no_five_leaves_the_rest_to_the_longest_line() -> None:
    wishes = [Wish(20), Wish(7, is_break=True), Wish(30)]
    assert spread(wishes, 60) == MinutesSpread((20, 7, 33))


def test_lines_begin_one_after_another() -> None:
    first = datetime(2026, 5, 12, 18, 0, tzinfo=UTC)
    assert [each.strftime("%H:%M") for each in starts(first, [10, 25, 5])] == ["18:00", "18:10", "18:35"]


@pytest.mark.parametrize(("asked", "least"), [(5, 5), (10, 5), (15, 5), (20, 10), (30, 15), (0, 5)])
def test_a_line_makes_sense_with_about_half_of_what_it_asks_for(asked: int, least: int) -> None:
    assert short(asked) == least
