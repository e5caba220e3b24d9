"""Rules of coalitions: months, the states of people, and what becomes of an invitation."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engage.coalitions.rules import (
    InvitationProgress,
    InvitationState,
    PersonState,
    expiry,
    invitation_progress,
    invitation_state,
    months_before,
    person_state,
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2026, 5, 4), 1, date(2026, 4, 4)),
        (date(2026, 5, 31), 1, date(2026, 4, 30)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 31), 1, date(2025, 12, 31)),
        (date(2026, 12, 31), 1, date(2026, 11, 30)),
        (date(2026, 1, 15), 24, date(2024, 1, 15)),
    ],
)
def test_months_are_counted_back_to_the_same_day_or_the_months_last(
    day: date, months: int, earlier: date
) -> None:
    assert months_before(day, months) == earlier


@pytest.mark.parametrize(
    ("approved_at", "disabled_at", "left_on", "state"),
    [
        (None, None, None, PersonState.WAITING),
        (NOON, None, None, PersonState.ACTIVE),
        (NOON, NOON, None, PersonState.DISABLED),
        (None, NOON, None, PersonState.DISABLED),
        (NOON, NOON, DAY, PersonState.LEFT),
    ],
)
def test_the_strongest_fact_says_what_a_person_is(
    approved_at: datetime | None, disabled_at: datetime | None, left_on: date | None, state: PersonState
) -> None:
    assert person_state(approved_at, disabled_at, left_on) is state


@pytest.mark.parametrize(
    ("uses_left", "expires_in", "is_revoked", "state"),
    [
        (1, timedelta(seconds=1), False, InvitationState.USABLE),
        (1, timedelta(0), False, InvitationState.EXPIRED),
        (0, timedelta(0), False, InvitationState.USED),
        (0, timedelta(0), True, InvitationState.REVOKED),
    ],
)
def test_an_invitation_is_usable_while_nothing_ended_it(
    uses_left: int, expires_in: timedelta, is_revoked: bool, state: InvitationState
) -> None:
    revoked_at = NOON if is_revoked else None
    assert invitation_state(uses_left, NOON + expires_in, revoked_at, NOON) is state


def test_an_invitation_ends_after_its_days() -> None:
    assert expiry(NOON, 7) == NOON + timedelta(days=7)


@pytest.mark.parametrize(
    ("is_used", "has_started", "was_sent", "progress"),
    [
        (False, False, False, InvitationProgress.NOT_SENT),
        (False, False, True, InvitationProgress.SENT),
        (False, True, False, InvitationProgress.STARTED),
        (True, False, False, InvitationProgress.JOINED),
    ],
)
def test_of_an_invitation_the_furthest_is_told(
    is_used: bool, has_started: bool, was_sent: bool, progress: InvitationProgress
) -> None:
    found = invitation_progress(is_used=is_used, has_started=has_started, was_sent=was_sent)
    assert found is progress
