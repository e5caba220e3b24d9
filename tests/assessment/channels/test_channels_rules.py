"""What coordinators see of who came: no number below k, by itself or by laying the two lists over one another."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta, timezone
from itertools import product

import pytest

from engage.assessment.channels import rules
from engage.assessment.channels.rules import Seen, hour_of, seen
from engage.assessment.rules import WayIn

K = 3
Truth = tuple[int, int, tuple[int, ...]]


def told(truth: Truth) -> Seen:
    link, slips, sectors = truth
    ways = {WayIn.ACCOUNT: 7, WayIn.LINK: link, WayIn.SLIPS: slips}
    return seen(ways, {f"s{place}": number for place, number in enumerate(sectors)}, K)


def every_truth(sectors: int, most: int) -> list[Truth]:
    return [
        (link, sum(numbers) - link, numbers)
        for numbers in product(range(most + 1), repeat=sectors)
        for link in range(sum(numbers) + 1)
    ]


def singled_out(truths: list[Truth]) -> list[tuple[Truth, int]]:
    """Returns every truth with a number from 1 to k-1 that no other truth with the same lists leaves open."""
    alike: defaultdict[str, list[Truth]] = defaultdict(list)
    for truth in truths:
        alike[repr(told(truth).to_json())].append(truth)
    found = []
    for worlds in alike.values():
        for place, values in enumerate(zip(*((a, b, *rest) for a, b, rest in worlds), strict=True)):
            if len(set(values)) == 1 and 0 < values[0] < K:
                found.append((worlds[0], place))
    return found


@pytest.mark.parametrize(("sectors", "most"), [(3, 5), (2, 7)])
def test_no_small_number_follows_from_the_two_lists(sectors: int, most: int) -> None:
    assert singled_out(every_truth(sectors, most)) == []


def test_the_search_finds_lists_that_are_only_cut_at_k(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check of the checker."""
    monkeypatch.setattr(rules, "_is_safe", lambda *_numbers: True)
    assert singled_out(every_truth(3, 5))


def test_numbers_from_k_on_are_told_where_they_single_out_no_one() -> None:
    assert told((6, 3, (5, 4, 0))) == Seen(
        {WayIn.ACCOUNT: 7, WayIn.LINK: 6, WayIn.SLIPS: 3, WayIn.PAPER: None}, {"s0": 5, "s1": 4}
    )
    assert told((7, 2, (5, 4, 0))).sectors == {"s0": 5}
    assert told((4, 4, (5, 2, 1))).sectors == {
        "s0": 5
    }  # who knows that three are left knows of neither sector
    assert told((6, 0, (3, 3, 0))).sectors == {"s0": 3, "s1": 3}
    assert Seen.from_json(told((6, 3, (5, 4, 0))).to_json()) == told((6, 3, (5, 4, 0)))


def test_whoever_begins_is_counted_with_all_others_of_the_same_hour_wherever_it_is() -> None:
    in_kathmandu = timezone(timedelta(hours=5, minutes=45))
    begun = datetime(2026, 5, 4, 12, 34, 56, 789, in_kathmandu)
    assert hour_of(begun) == datetime(2026, 5, 4, 6, tzinfo=UTC)
