"""Tests that no sum, and no sums added to or subtracted from each other, tell what a single coalition has."""

import random
from collections import Counter
from itertools import combinations, product

import pytest

from engage.operations.network.rules import FEWEST, NOTHING, Sum, next_sum


def mark(coalition: int, number: int) -> str:
    return f"{coalition}|{number}"


def told(numbers: dict[int, int], *before: Sum) -> Sum | None:
    return next_sum(numbers, before, mark)


def published(numbers: dict[int, int], *before: Sum) -> Sum:
    found = told(numbers, *before)
    assert found is not None
    return found


def test_a_sum_needs_five_coalitions() -> None:
    assert told(dict.fromkeys(range(FEWEST - 1), 7)) is None
    found = published(dict.fromkeys(range(FEWEST), 7))
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
    first = published(before)
    assert told(before | change, first) is None
    gone = {coalition: number for coalition, number in before.items() if coalition not in change}
    assert told(gone, first) is None


def test_five_changes_make_a_new_sum_and_five_that_stop_end_it() -> None:
    first = published(dict.fromkeys(range(6), 7))
    second = published(dict.fromkeys(range(5), 8) | {5: 7}, first)
    assert (second.total, second.coalitions) == (47, 6)
    assert told({5: 7}, first, second) is NOTHING
    assert told({}, first, second, NOTHING) is None
    assert told(dict.fromkeys(range(5), 8) | {5: 9}, first, second, NOTHING) is None


def test_a_sum_is_compared_with_every_earlier_one_and_not_only_with_the_last() -> None:
    """Five coalitions, ten, then the first five and one more: the third less the first is the sixth's number."""
    first = published(dict.fromkeys(range(5), 13))
    second = published(dict.fromkeys(range(10), 15), first)
    assert told(dict.fromkeys(range(5), 13) | {10: 7}, first, second) is None


def test_two_sums_and_a_third_of_both_and_one_more_do_not_tell_that_one() -> None:
    """The third differs from either in six coalitions, and less both it is one coalition's number."""
    first = published(dict.fromkeys(range(5), 13))
    second = published(dict.fromkeys(range(5, 10), 15), first)
    both = dict.fromkeys(range(5), 13) | dict.fromkeys(range(5, 10), 15)
    assert told(both | {10: 7}, first, second) is None
    assert told(both, first, second) is not None, "less both, nothing is left"
    assert told(both | dict.fromkeys(range(10, 15), 7), first, second) is not None


def coalitions_left(vectors: list[Counter[tuple[int, int]]], signs: tuple[int, ...]) -> set[int]:
    """Returns whose numbers are left when sums are added and subtracted, each coalition with each of its numbers."""
    left: Counter[tuple[int, int]] = Counter()
    for vector, sign in zip(vectors, signs, strict=True):
        for atom in vector:
            left[atom] += sign
    return {coalition for (coalition, _number), times in left.items() if times}


@pytest.mark.parametrize("seed", range(6))
def test_sums_and_differences_of_two_and_three_leave_five_coalitions_or_none(seed: int) -> None:
    """Numbers change, coalitions begin and stop; every sum that is published is tried with all others."""
    chance = random.Random(seed)
    numbers: dict[int, int] = {}
    sums: list[Sum] = []
    seen: list[Counter[tuple[int, int]]] = []
    for _month in range(400):
        for coalition in chance.sample(range(14), chance.randint(1, 8)):
            if chance.random() < 0.4:
                numbers.pop(coalition, None)
            else:
                numbers[coalition] = chance.randrange(3)
        found = told(numbers, *sums)
        if found is not None:
            sums.append(found)
            if found.coalitions:
                seen.append(Counter(numbers.items()))
        if len(seen) == 25:
            break
    assert len(seen) > 8
    for many in (1, 2, 3):
        for some in combinations(seen, many):
            for signs in product((1, -1), repeat=many):
                left = coalitions_left(list(some), signs)
                assert not left or len(left) >= FEWEST, (signs, left)
