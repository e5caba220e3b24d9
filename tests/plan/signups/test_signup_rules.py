"""When people may sign in at an event, and how many may sign up."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engage.plan.signups import service
from engage.plan.signups.rules import may_sign_in
from tests.client import EngageClient
from tests.plan.signups.test_signups import make_event, names, sign_up

EVENING = datetime(2026, 3, 4, 19, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "may"),
    [
        (EVENING - timedelta(hours=2) - SECOND, False),
        (EVENING - timedelta(hours=2), True),
        (EVENING + timedelta(hours=12) - SECOND, True),
        (EVENING + timedelta(hours=12), False),
    ],
)
def test_people_sign_in_from_two_hours_before_until_twelve_hours_after_it_began(
    now: datetime, may: bool
) -> None:
    assert may_sign_in(EVENING.date(), EVENING, now.date(), now) is may


def test_without_a_time_people_sign_in_all_of_its_day_and_on_no_other() -> None:
    day = EVENING.date()
    assert may_sign_in(day, None, day, EVENING)
    assert not may_sign_in(day, None, date(2026, 3, 5), EVENING)


def test_no_more_people_sign_up_than_a_flood_may_bring(
    client: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SIGNUPS_MOST", 2)
    event = make_event()
    for name in ("Ana Cruz", "Dan Ito"):
        assert sign_up(client, event, name=name).status == 303
    assert sign_up(client, event, name="Lee Park").has("No one can sign up anymore.")
    assert names(event) == ["Ana Cruz", "Dan Ito"]
