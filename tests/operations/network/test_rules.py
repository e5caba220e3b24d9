"""Tests that no sum, and no two sums one after the other, tell what a single coalition has."""

import random

import pytest

from engage.operations.network.rules import FEWEST, NOTHING, Sum, next_sum


def mark(coalition: int, number: int) -> str:
    return f"{coalition}|{number}"


def told(numbers: dict[int, int], before: Sum = NOTHING) -> Sum:
    return next_sum(numbers, before, mark)


def test_a_sum_needs_five_coalitions() -> None:
    assert told(dict.fromkeys(range(FEWEST - 1), 7)) is NOTHING
    found = told(dict.fromkeys(range(FEWEST), 7))
    assert (found.total, found.coalitions) == (35, 5)


@pytest.mark.parametrize(
    "change",
    [
        {0: 9},
        {0: 9, 1: 9, 2: 9, 3: 9},
        {10: 9},
        {10: 9, 11: 9, 12: 9, 13: 9},
        {0: 9, 1: 9, 10: 9, 11: 9},
    ],
)
def test_what_fewer_than_five_change_begin_or_stop_changes_no_sum(change: dict[int, int]) -> None:
    before = dict.fromkeys(range(6), 7)
    first = told(before)
    assert told(before | change, first) is first
    gone = {coalition: number for coalition, number in before.items() if coalition not in change}
    assert told(gone, first) is first


def test_five_changes_make_a_new_sum_and_five_that_stop_end_it() -> None:
    first = told(dict.fromkeys(range(6), 7))
    second = told(dict.fromkeys(range(5), 8) | {5: 7}, first)
    assert (second.total, second.coalitions) == (47, 6)
    ended = told({5: 7}, second)
    assert (ended.total, ended.coalitions) == (0, 0)
    assert told({}, ended) is ended
    assert told(dict.fromkeys(range(5), 8) | {5: 9}, ended) is ended


def test_of_any_two_sums_that_were_told_at_least_five_coalitions_differ() -> None:
    chance = random.Random(5)
    numbers: dict[int, int] = {}
    seen, found = [dict(numbers)], NOTHING
    for _day in range(3000):
        coalition = chance.randrange(12)
        if chance.random() < 0.3:
            numbers.pop(coalition, None)
        else:
            numbers[coalition] = chance.randrange(4)
        before, found = found, told(numbers, found)
        if found is not before and found.coalitions:
            earlier = seen[-1]
            moved = {key for key in numbers | earlier if numbers.get(key) != earlier.get(key)}
            assert len(moved) >= FEWEST and len(numbers) >= FEWEST
            seen.append(dict(numbers))
    assert len(seen) > 50
