from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.toolkit.rules import TITLE_LONGEST, details_of, is_all_read, is_late, title_of

TODAY = date(2026, 11, 25)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "title", "details"),
    [
        ("Ask the hotels.", "Ask the hotels.", ""),
        ("  Ask the hotels.\n", "Ask the hotels.", ""),
        (
            "Ask the hotels.\nThey have rooms in winter.",
            "Ask the hotels.",
            "Ask the hotels.\nThey have rooms in winter.",
        ),
        ("word " * 70, ("word " * 59).strip() + "...", ("word " * 70).strip()),
        ("x" * 400, "x" * 297 + "...", "x" * 400),
    ],
)
def test_a_notes_first_line_is_the_title_and_nothing_of_it_is_lost(
    text: str, title: str, details: str
) -> None:
    assert (title_of(text), details_of(text)) == (title, details)


@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_a_title_is_never_empty_and_never_too_long(text: str) -> None:
    assert 1 <= len(title_of(text)) <= TITLE_LONGEST


@pytest.mark.parametrize(
    ("read", "is_read"),
    [([], False), ([None], False), ([TODAY, None], False), ([TODAY], True), ([TODAY, YESTERDAY], True)],
)
def test_a_section_is_read_when_every_reader_has_read_it(read: list[date | None], is_read: bool) -> None:
    assert is_all_read(read) is is_read


@pytest.mark.parametrize(
    ("due_on", "read", "late"),
    [
        (YESTERDAY, [None], True),
        (YESTERDAY, [TODAY, None], True),
        (YESTERDAY, [TODAY], False),
        (YESTERDAY, [], False),
        (TODAY, [None], False),
        (TOMORROW, [None], False),
        (None, [None], False),
    ],
)
def test_reading_is_late_from_the_day_after_while_someone_still_reads(
    due_on: date | None, read: list[date | None], late: bool
) -> None:
    assert is_late(due_on, read, TODAY) is late
