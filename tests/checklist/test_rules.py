import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.checklist.rules import (
    MOVES,
    ChecklistProgress,
    ItemState,
    NotForUsIsNotTicked,
    before_done,
    progress,
    ticked,
)

NOT_YET, IN_PROGRESS, DONE, NOT_FOR_US = ItemState


@pytest.mark.parametrize("state", [NOT_YET, IN_PROGRESS])
@pytest.mark.parametrize("before", [None, *ItemState])
def test_the_tick_finishes_what_is_not_yet_done(state: ItemState, before: ItemState | None) -> None:
    assert ticked(state, before) is DONE


@pytest.mark.parametrize("state", [NOT_YET, IN_PROGRESS])
def test_ticking_twice_goes_back_to_what_it_was(state: ItemState) -> None:
    remembered = before_done(state, DONE, None)

    assert ticked(ticked(state, None), remembered) is state


@pytest.mark.parametrize("before", [None, DONE, NOT_FOR_US])
def test_unticking_without_earlier_work_goes_back_to_not_yet(before: ItemState | None) -> None:
    assert ticked(DONE, before) is NOT_YET


def test_what_is_not_for_us_has_no_tick() -> None:
    with pytest.raises(NotForUsIsNotTicked):
        ticked(NOT_FOR_US, NOT_YET)


@pytest.mark.parametrize(
    ("old", "new", "before", "remembered"),
    [
        (IN_PROGRESS, DONE, None, IN_PROGRESS),
        (NOT_YET, DONE, IN_PROGRESS, NOT_YET),
        (DONE, DONE, IN_PROGRESS, IN_PROGRESS),
        (DONE, NOT_YET, IN_PROGRESS, None),
        (NOT_YET, IN_PROGRESS, None, None),
    ],
)
def test_what_came_before_is_remembered_only_while_done(
    old: ItemState, new: ItemState, before: ItemState | None, remembered: ItemState | None
) -> None:
    assert before_done(old, new, before) is remembered


def test_every_state_may_be_chosen_after_every_other() -> None:
    assert all(MOVES[state] == set(ItemState) - {state} for state in ItemState)


def test_not_for_us_leaves_the_denominator() -> None:
    assert progress([DONE, NOT_FOR_US, IN_PROGRESS, NOT_YET, DONE, NOT_FOR_US]) == ChecklistProgress(2, 4, 2)


@pytest.mark.parametrize(
    ("states", "percent"),
    [
        ([], 0),
        ([NOT_FOR_US], 0),
        ([DONE], 100),
        ([DONE, NOT_YET, NOT_YET], 33),
        ([DONE] * 199 + [NOT_YET], 99),
    ],
)
def test_a_hundred_percent_means_all_of_something(states: list[ItemState], percent: int) -> None:
    assert progress(states).percent == percent


@given(st.lists(st.sampled_from(ItemState)))
def test_progress_counts_every_item_once_and_stays_in_bounds(states: list[ItemState]) -> None:
    result = progress(iter(states))

    assert result.total + result.not_for_us == len(states)
    assert 0 <= result.done <= result.total
    assert 0 <= result.percent <= 100
    assert (result.percent == 100) is (result.done == result.total > 0)
