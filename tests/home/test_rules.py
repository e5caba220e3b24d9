"""Tests what home says first."""

import pytest

from engage.coalitions.rules import first_name
from engage.home.rules import (
    Next,
    PartOfDay,
    Situation,
    next_of,
    part_of_day,
)


@pytest.mark.parametrize(
    ("hour", "part"),
    [
        (0, PartOfDay.EVENING),
        (3, PartOfDay.EVENING),
        (4, PartOfDay.MORNING),
        (11, PartOfDay.MORNING),
        (12, PartOfDay.AFTERNOON),
        (17, PartOfDay.AFTERNOON),
        (18, PartOfDay.EVENING),
        (23, PartOfDay.EVENING),
    ],
)
def test_the_greeting_goes_by_the_hour(hour: int, part: PartOfDay) -> None:
    assert part_of_day(hour) is part


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Maria Santos", "Maria"),
        ("Cher", "Cher"),
        ("Lt. Okafor", "Lt. Okafor"),
        ("Dr. Ana Ruiz", "Dr. Ana Ruiz"),
    ],
)
def test_a_person_is_greeted_by_first_name_or_with_title(name: str, greeted: str) -> None:
    assert first_name(name) == greeted


EVERYTHING = {
    "meeting_to_close": Next.CLOSE_MEETING,
    "late_action": Next.LATE_ACTION,
    "people_waiting": Next.APPROVE,
    "round_to_close": Next.CLOSE_ROUND,
    "round_to_answer": Next.ANSWER,
    "step": Next.STEP,
    "soon_action": Next.SOON_ACTION,
}


@pytest.mark.parametrize("field", EVERYTHING)
def test_what_comes_first_leaves_the_rest_for_later(field: str) -> None:
    names = list(EVERYTHING)
    from_here = dict.fromkeys(names[names.index(field) :], True)
    assert next_of(Situation(**from_here)) is EVERYTHING[field]


def test_the_path_is_read_only_where_nothing_presses() -> None:
    pressing = {"meeting_to_close", "late_action", "people_waiting", "round_to_close", "round_to_answer"}
    assert {field for field in EVERYTHING if Situation(**{field: True}).is_pressing} == pressing


def test_nothing_to_do_is_said_too() -> None:
    assert next_of(Situation()) is Next.NOTHING
