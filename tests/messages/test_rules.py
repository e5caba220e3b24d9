"""Tests what is late, due this week or new, without an application."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from engage.messages.rules import lists, new_since

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Thing:
    key: str
    due_on: date | None = None
    comes_first: bool = False


@pytest.mark.parametrize(
    ("days", "where"),
    [(-400, "late"), (-1, "late"), (0, "this_week"), (6, "this_week"), (7, "new"), (None, "new")],
)
def test_late_and_this_week_say_more_than_new(days: int | None, where: str) -> None:
    thing = Thing("a", None if days is None else TODAY + timedelta(days=days))
    found = lists([thing], {"a"}, TODAY)
    assert getattr(found, where) == [thing]
    assert sum(map(len, (found.late, found.this_week, found.new, found.later))) == 1


def test_what_is_neither_dated_nor_new_waits_for_later() -> None:
    found = lists([Thing("a"), Thing("")], {"b"}, TODAY)
    assert [thing.key for thing in found.later] == ["a", ""]
    assert not found.is_empty
    assert lists([], {"b"}, TODAY).is_empty


@pytest.mark.parametrize(
    ("days", "where"), [((-1, -9), "late"), ((5, 0), "this_week"), ((30, 7), "later"), ((60, None), "later")]
)
def test_each_list_is_in_the_order_of_days(days: tuple[int | None, int | None], where: str) -> None:
    late, soon = (None if day is None else TODAY + timedelta(days=day) for day in days)
    found = lists([Thing("b", late), Thing("a", soon)], (), TODAY)
    assert [thing.key for thing in getattr(found, where)] == ["a", "b"]


@pytest.mark.parametrize(
    ("looked", "here", "expected"),
    [(3, 90, 3), (None, 5, 5), (None, 90, 30), (80, 90, 30)],
)
def test_new_is_what_came_since_the_last_look_and_never_older_than_a_month(
    looked: int | None, here: int, expected: int
) -> None:
    looked_at = None if looked is None else NOW - timedelta(days=looked)
    assert new_since(looked_at, NOW - timedelta(days=here), NOW) == NOW - timedelta(days=expected)
