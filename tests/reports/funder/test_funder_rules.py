"""Which parts of an activity's people may stand beside their total."""

import pytest

from engage.plan.activities.rules import Audience
from engage.reports.funder.rules import told_apart


@pytest.mark.parametrize(
    ("reached", "counted", "handed_out"),
    [
        (33, (20, 10), [20, 10]),  # three others
        (30, (20, 10), [20, 10]),  # no one else
        (31, (20, 10), [0, 0]),  # one other, whom the total would tell
        (32, (20, 10), [0, 0]),
        (22, (20, 2), [0, 0]),  # a part of two
    ],
)
def test_no_part_is_handed_out_where_the_total_would_tell_of_one_or_two_people(
    reached: int, counted: tuple[int, ...], handed_out: list[int]
) -> None:
    audiences = [Audience(f"kind {place}", people) for place, people in enumerate(counted)]
    assert [each.handed_out for _key, each in told_apart(reached, audiences)] == handed_out
