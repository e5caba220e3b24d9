"""Rules of answers: until when, which, and when a reminder is due."""

from datetime import UTC, datetime, timedelta

import pytest

from engage.meetings.replies.rules import TRIES_MOST, Said, is_due, may_reply, offered, tally
from engage.meetings.rules import Coming

# Tuesday, March 2, 2027, 6:00 PM in Chicago; the day before at eight is 14:00 UTC on March 1.
STARTS = datetime(2027, 3, 3, 0, 0, tzinfo=UTC)
DUE = datetime(2027, 3, 1, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_one_may_answer_until_the_meeting_ends_or_is_closed() -> None:
    end = STARTS + timedelta(minutes=90)
    assert may_reply(STARTS, 90, None, end - MINUTE)
    assert not may_reply(STARTS, 90, None, end)
    assert not may_reply(STARTS, 90, STARTS, STARTS - MINUTE)


def test_online_is_offered_only_where_the_meeting_has_a_link() -> None:
    assert Coming.ONLINE in offered(has_link=True)
    assert offered(has_link=False) == (Coming.YES, Coming.PERHAPS, Coming.NO)


@pytest.mark.parametrize(
    ("now", "answered", "tries", "due"),
    [
        (DUE - MINUTE, DUE - timedelta(days=5), 0, False),
        (DUE, DUE - timedelta(days=5), 0, True),
        # An hourly run that was missed is made up for until the meeting begins, not later.
        (STARTS - MINUTE, DUE - timedelta(days=5), 0, True),
        (STARTS, DUE - timedelta(days=5), 0, False),
        # Whoever answers on the day before knows of it.
        (DUE + MINUTE, DUE, 0, False),
        (DUE, DUE - timedelta(days=5), TRIES_MOST, False),
    ],
)
def test_a_reminder_is_due_from_the_morning_of_the_day_before_by_the_coalitions_clock(
    now: datetime, answered: datetime, tries: int, due: bool
) -> None:
    assert is_due(STARTS, "America/Chicago", answered, tries, now) is due


def test_the_tally_counts_answers_those_of_before_and_the_silent() -> None:
    said = [
        Said(1, Coming.YES, False, False, "Ann"),
        Said(2, Coming.ONLINE, False, True, "Bob"),
        Said(3, Coming.NO, False, False, "Cy"),
    ]
    found = tally(said, 10)
    assert found.numbers == {Coming.YES: 1, Coming.ONLINE: 1, Coming.PERHAPS: 0, Coming.NO: 1}
    assert (found.old, found.silent) == (1, 7)
    assert tally(said, 2).silent == 0
