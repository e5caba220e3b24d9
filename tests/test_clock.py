"""Days where the coalition is."""

from datetime import UTC, date, datetime

import pytest

from engage.clock import local_day, start_of_day


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("America/Chicago", date(2026, 11, 3), datetime(2026, 11, 3, 6, tzinfo=UTC)),
        ("America/Chicago", date(2026, 7, 3), datetime(2026, 7, 3, 5, tzinfo=UTC)),
        ("Europe/Berlin", date(2027, 7, 1), datetime(2027, 6, 30, 22, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_its_own_midnight(zone: str, day: date, begins: datetime) -> None:
    assert start_of_day(day, zone) == begins
    assert local_day(begins, zone) == day
