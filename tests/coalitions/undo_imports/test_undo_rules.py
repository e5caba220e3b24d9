"""What an import changed, and what of it can be undone: on plain values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.coalitions.undo_imports.rules import Record, free_of, records_of, state_of, worth_keeping

keys = st.tuples(st.sampled_from(["goal", "action", "update"]), st.integers(1, 6))


def test_a_row_is_added_changed_or_removed() -> None:
    before = {1: {"title": "Beds", "version": 1}, 2: {"title": "Vans", "version": 4}, 3: {"title": "Gone"}}
    after = {1: {"title": "Beds", "version": 1}, 2: {"title": "Rides", "version": 5}, 7: {"title": "New"}}
    assert records_of("goal", before, after) == [
        Record("goal", 2, state_of(after[2]), {"title": "Vans", "version": 4}),
        Record("goal", 7, state_of(after[7])),
        Record("goal", 3, values={"title": "Gone"}),
    ]


def test_of_an_added_row_no_text_is_kept() -> None:
    (added,) = records_of("goal", {}, {7: {"title": "A long title"}})
    assert "title" not in added.state and added.before is None and added.values is None


@pytest.mark.parametrize(
    "other",
    [{"title": "Bed"}, {"title": "Beds", "area": "x"}, {"title": "Beds", "is_open": False}, {}],
)
def test_any_other_value_is_another_state(other: dict[str, object]) -> None:
    assert state_of({"title": "Beds", "area": ""}) != state_of(other)


def test_a_new_column_that_is_empty_is_the_same_state() -> None:
    assert state_of({"title": "Beds"}) == state_of({"title": "Beds", "hours": "", "until": None, "count": 0})


def test_a_row_in_which_only_its_version_changed_is_left_out_unless_a_part_of_it_changed() -> None:
    plan, action = Record("plan", 1, "s", {"version": 1}), Record("action", 5, "s", {"version": 2})
    helper = Record("helper", 9, "s")
    assert worth_keeping([plan, action, helper], {helper.key: action.key}) == [action, helper]


def test_what_something_else_refers_to_stays_and_so_does_what_that_is_part_of() -> None:
    goal, objective, action, other = ("goal", 1), ("objective", 1), ("action", 1), ("action", 2)
    update = ("update", 9)
    holders = {goal: {objective, action, other}, objective: {action}, action: {update}}
    free, held = free_of({goal, objective, action, other}, holders)
    assert free == {other}
    assert held == {goal: {objective, action}, objective: {action}, action: {update}}


@given(st.sets(keys), st.dictionaries(keys, st.sets(keys, max_size=4)))
def test_nothing_goes_to_which_something_that_stays_refers(
    open_: set[tuple[str, int]], holders: dict[tuple[str, int], set[tuple[str, int]]]
) -> None:
    free, held = free_of(open_, holders)
    assert free | held.keys() == open_ and not free & held.keys()
    assert all(holders.get(key, set()) <= free for key in free)
    assert all(held[key] for key in held)
