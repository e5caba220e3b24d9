"""Rules of accounts: when a session is over, how tries refill, and how a code is compared."""

from datetime import UTC, datetime, timedelta

import pytest

from engage.accounts.rules import (
    CODE_WAITS,
    PACES,
    PER_ACCOUNT,
    PER_ADDRESS,
    PER_ASKER,
    PER_COALITION_MAIL,
    PER_CODE,
    PER_EVENT_MAIL,
    PER_GUESS,
    PER_MAILED_LINK,
    PER_SIGNUP,
    Bucket,
    Dear,
    guessed_first,
    is_to_be_noted,
    plain_code,
    session_is_over,
    step_of,
    steps_around,
    was_recently,
    weakness,
)
from engage.limits import Limits

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LIMITS = Limits(idle=3 * DAY, life=14 * DAY)


@pytest.mark.parametrize(
    ("began", "seen", "is_over"),
    [
        (-14 * DAY, -3 * DAY, False),
        (-14 * DAY - SECOND, -SECOND, True),
        (-4 * DAY, -3 * DAY - SECOND, True),
        (HOUR, HOUR, False),  # a clock may be a little wrong
        (HOUR + SECOND, HOUR + SECOND, True),
    ],
)
def test_a_session_ends_after_rest_after_its_life_or_where_it_began_in_the_future(
    began: timedelta, seen: timedelta, is_over: bool
) -> None:
    assert session_is_over(NOON + began, NOON + seen, NOON, LIMITS) is is_over


@pytest.mark.parametrize("way", [1, -1])
def test_being_seen_is_noted_after_ten_minutes_also_behind_a_wrong_clock(way: int) -> None:
    assert not is_to_be_noted(NOON - way * timedelta(minutes=10), NOON)
    assert is_to_be_noted(NOON - way * timedelta(minutes=10, seconds=1), NOON)


def test_a_password_counts_for_ten_minutes_and_never_from_the_future() -> None:
    assert was_recently(NOON, NOON)
    assert was_recently(NOON - timedelta(minutes=10), NOON)
    assert not was_recently(NOON - timedelta(minutes=10) - SECOND, NOON)
    assert not was_recently(NOON + SECOND, NOON)
    assert not was_recently(None, NOON)


def test_tries_refill_with_time_up_to_what_the_bucket_holds() -> None:
    bucket = Bucket(capacity=10, refill=timedelta(minutes=2))
    assert bucket.filled(3, NOON - timedelta(minutes=4), NOON) == 5
    assert bucket.filled(3, NOON - HOUR, NOON) == 10
    assert bucket.filled(3, NOON + HOUR, NOON) == 3
    assert bucket.full_after == timedelta(minutes=20)


def test_whoever_has_no_whole_try_waits_for_the_rest_of_it() -> None:
    bucket = Bucket(capacity=10, refill=timedelta(minutes=2))
    assert bucket.wait(0.25) == timedelta(seconds=90)
    assert bucket.wait(1) == bucket.wait(5) == timedelta()


@pytest.mark.parametrize(
    ("tries", "at_once", "an_hour"),
    [
        (PACES[Dear.SEARCH], 120, 120 * 60),
        (PACES[Dear.TABLE], 40, 40 * 60),
        (PACES[Dear.PAPER], 20, 20 * 60),
        (PACES[Dear.LINK], 60, 60 * 60),
        (PER_ACCOUNT, 10, 60),
        (PER_CODE, 10, 4),
        (PER_GUESS, 10, 10),
        (PER_MAILED_LINK, 3, 3),
        (PER_ASKER, 30, 30),
        (PER_EVENT_MAIL, 30, 30),
        (PER_COALITION_MAIL, 60, 60),
        (PER_SIGNUP, 300, 300),
        (PER_ADDRESS, 200, 200),
    ],
)
def test_so_many_tries_are_had_at_once_and_in_each_hour_after(
    tries: Bucket, at_once: int, an_hour: int
) -> None:
    """These are the numbers of docs/security.md."""
    assert (tries.capacity, HOUR / tries.refill) == (at_once, an_hour)


def test_a_right_password_waits_ten_minutes_for_its_code() -> None:
    assert timedelta(minutes=10) == CODE_WAITS


def test_steps_of_thirty_seconds_are_tried_from_the_nearest_on() -> None:
    assert step_of(datetime.fromtimestamp(59, UTC)) == 1
    assert step_of(datetime.fromtimestamp(60, UTC)) == 2
    assert [*steps_around(5, 2)] == [5, 4, 6, 3, 7]


def test_a_code_is_compared_without_what_people_type_between() -> None:
    assert plain_code(" AB-12 cd3٤") == "ab12cd3"


def test_a_guesser_tries_the_password_and_its_parts() -> None:
    assert guessed_first("Sunshine2024!") == {"sunshine2024!", "sunshine"}
    assert guessed_first("Qwerty qwerty") == {"qwerty qwerty", "qwertyqwerty", "qwerty"}
    assert guessed_first("20242024") == {"20242024", "2024"}
    assert guessed_first("sunsunx1!") == {"sunsunx1!", "sunsunx"}
    assert guessed_first("sunsun1!") == {"sunsun1!", "sunsun", "sun"}
    assert guessed_first("zzzz") == {"zzzz", "z"}


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("abcabcabcabd", None),  # four different letters, of which nothing repeats
        ("abcaabcbabcc", "common"),  # three
        ("coalitionanana1", None),  # six are left beside the word
        ("coalition anna", "own_words"),  # five are
        ("marihushushus1", None),  # Mari is one of the names, Hus is too short to be one
        ("marimarimarihus", "own_words"),
        ("freedomtoolkitengage", "own_words"),
        ("traffickingfreedom", "own_words"),
    ],
)
def test_a_password_needs_four_letters_and_six_beside_known_words(password: str, reason: str | None) -> None:
    assert weakness(password, lambda _guesses: False, "Mari Hus") == reason


def test_a_password_has_128_characters_at_most() -> None:
    kestrels = "kestrel moon " * 10
    assert weakness(kestrels[:128], lambda _guesses: False) is None
    assert weakness(kestrels[:129], lambda _guesses: False) == "long"


@pytest.mark.parametrize(
    "password", ["qwertyuiopas", "correcthorsebatterystaple", "abcdefghijkl", "123456789012"]
)
def test_what_the_list_of_breaches_lacks_is_common_too(password: str) -> None:
    assert weakness(password, lambda _guesses: False) == "common"


def test_the_list_of_breaches_is_asked_of_every_part() -> None:
    assert weakness("kestrel moon 1", lambda guesses: "kestrel moon" in guesses) == "common"
