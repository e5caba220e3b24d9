"""Rules of meetings: their states, who may sign in and write when, and what becomes of a sheet and a line."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engage.meetings.rules import (
    AttendanceChange,
    MeetingState,
    Mode,
    Outcome,
    at_closing,
    collisions,
    is_due,
    may_sign_in,
    may_write_minutes,
    meeting_state,
)

STARTS = datetime(2026, 5, 4, 18, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_meeting_is_planned_until_it_starts_and_then_open_until_it_is_closed() -> None:
    assert meeting_state(STARTS, None, STARTS - SECOND) is MeetingState.PLANNED
    assert meeting_state(STARTS, None, STARTS) is MeetingState.STARTED
    assert meeting_state(STARTS, STARTS, STARTS - SECOND) is MeetingState.CLOSED


def test_people_sign_in_from_two_hours_before_a_meeting_to_a_day_after() -> None:
    early = STARTS - timedelta(hours=2)
    assert not may_sign_in(STARTS, None, early - SECOND)
    assert may_sign_in(STARTS, None, early)
    assert may_sign_in(STARTS, None, STARTS + timedelta(days=1))
    assert not may_sign_in(STARTS, None, STARTS + timedelta(days=1) + SECOND)
    assert not may_sign_in(STARTS, STARTS, STARTS)


def test_minutes_are_written_from_the_day_before_on() -> None:
    assert not may_write_minutes(STARTS, STARTS - timedelta(days=1) - SECOND)
    assert may_write_minutes(STARTS, STARTS - timedelta(days=1))


def test_a_decision_is_due_from_its_day_on_and_never_without_one() -> None:
    day = date(2026, 5, 4)
    assert not is_due(day, day - timedelta(days=1))
    assert is_due(day, day)
    assert not is_due(None, day)


@pytest.mark.parametrize(
    ("saved", "found"),
    [
        (None, []),  # no one else touched it
        (Mode.HERE, []),  # someone else set the same
        (Mode.EXCUSED, ["ana"]),
    ],
)
def test_a_tick_collides_where_someone_else_set_another_one(saved: Mode | None, found: list[str]) -> None:
    assert collisions({"ana": AttendanceChange(None, Mode.HERE)}, {"ana": saved}) == found


def test_closing_a_meeting_settles_only_its_open_lines() -> None:
    assert at_closing(Outcome.OPEN, is_noted=True) is Outcome.DONE
    assert at_closing(Outcome.OPEN, is_noted=False) is Outcome.NOT_REACHED
    assert at_closing(Outcome.DROPPED, is_noted=True) is Outcome.DROPPED
