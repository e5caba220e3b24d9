"""Tests who counts as quiet: never those who joined lately, and the last day that counts is counted."""

from datetime import date, timedelta

import pytest

from engage.coalitions.inactive_rules import LastSign, Sign, inactive_since, is_inactive, last_of

TODAY = date(2026, 11, 25)
LONG_AGO = date(2025, 1, 1)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("joined", "last", "days", "quiet"),
    [
        (LONG_AGO, ago(91), 90, True),
        (LONG_AGO, ago(90), 90, False),
        (LONG_AGO, TODAY, 90, False),
        (LONG_AGO, None, 90, True),
        (ago(90), None, 90, True),
        (ago(89), None, 90, False),
        (ago(10), ago(200), 90, False),  # who left and came back has just begun again
        (LONG_AGO, ago(20), 14, True),
        (LONG_AGO, ago(300), 365, False),
    ],
)
def test_quiet_is_who_gave_no_sign_within_the_days(
    joined: date, last: date | None, days: int, quiet: bool
) -> None:
    assert is_inactive(joined, last, TODAY, days) is quiet


def test_days_are_counted_over_the_end_of_a_year() -> None:
    assert inactive_since(date(2027, 1, 10), 90) == date(2026, 10, 12)


def test_the_latest_sign_is_the_one_that_is_told() -> None:
    old, new = LastSign(Sign.MEETING, ago(50)), LastSign(Sign.TICK, ago(3))
    assert last_of([old, new]) == new
    assert last_of([]) is None


def test_of_two_on_one_day_a_meeting_is_told_rather_than_a_tick() -> None:
    tick, meeting = LastSign(Sign.TICK, TODAY), LastSign(Sign.MEETING, TODAY)
    assert last_of([tick, meeting]) == last_of([meeting, tick]) == meeting
