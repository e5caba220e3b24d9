"""Days and times of the wall clock, also in the nights it is changed."""

from datetime import UTC, date, datetime, time

import pytest

from engage.clock import local_day
from engage.meetings.moments import NoSuchTime, comes_twice, local_time, moment_of

CHICAGO, BERLIN, LORD_HOWE = "America/Chicago", "Europe/Berlin", "Australia/Lord_Howe"


@pytest.mark.parametrize(
    ("zone", "day", "at", "utc"),
    [
        (CHICAGO, date(2027, 3, 13), time(18), datetime(2027, 3, 14, 0, tzinfo=UTC)),
        (CHICAGO, date(2027, 3, 14), time(1, 59), datetime(2027, 3, 14, 7, 59, tzinfo=UTC)),
        (CHICAGO, date(2027, 3, 14), time(3), datetime(2027, 3, 14, 8, tzinfo=UTC)),
        (CHICAGO, date(2027, 3, 14), time(18), datetime(2027, 3, 14, 23, tzinfo=UTC)),
        (BERLIN, date(2027, 7, 1), time(18), datetime(2027, 7, 1, 16, tzinfo=UTC)),
    ],
)
def test_a_meeting_is_at_the_coalitions_own_clock(zone: str, day: date, at: time, utc: datetime) -> None:
    assert moment_of(day, at, zone) == utc
    assert (local_day(utc, zone), local_time(utc, zone)) == (day, at)


@pytest.mark.parametrize(
    ("zone", "day", "at", "after"),
    [
        (CHICAGO, date(2027, 3, 14), time(2), time(3)),
        (CHICAGO, date(2027, 3, 14), time(2, 59), time(3)),
        (BERLIN, date(2027, 3, 28), time(2, 30), time(3)),
        # By half an hour.
        (LORD_HOWE, date(2026, 10, 4), time(2, 10), time(2, 30)),
    ],
)
def test_a_time_that_the_clock_jumps_over_does_not_exist(zone: str, day: date, at: time, after: time) -> None:
    with pytest.raises(NoSuchTime) as refused:
        moment_of(day, at, zone)
    assert refused.value.after == after


def test_of_a_time_that_comes_twice_the_first_is_taken() -> None:
    first = moment_of(date(2026, 11, 1), time(1, 30), CHICAGO)
    assert first == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert comes_twice(first, CHICAGO)
    assert not comes_twice(moment_of(date(2026, 11, 1), time(2, 30), CHICAGO), CHICAGO)
    assert not comes_twice(moment_of(date(2026, 11, 1), time(0, 30), CHICAGO), CHICAGO)
