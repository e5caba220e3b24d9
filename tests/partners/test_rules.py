"""Tests which organizations may be the same, and which have to be looked at again."""

import re
from datetime import date

import pytest

from engage.partners.rules import Level, are_alike, core_words, fragments, needs_a_look

ALIKE = pytest.mark.parametrize(
    ("first", "second"),
    [
        ("grace church", "the grace church"),
        ("grace church", "grace church of riverbend"),
        ("riverbend hospital", "riverbend hosptial"),
        ("rape crisis center", "rcc"),
        ("rape crisis center", "r c c"),
        ("hope house", "hope house inc"),
        ("st. mary's", "st mary's"),
        ("the county", "county"),
        ("hope hse", "hope house"),  # a third of the letters are others at most
    ],
)


@ALIKE
def test_likely_the_same(first: str, second: str) -> None:
    assert are_alike(first, second)
    assert are_alike(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [("grace church", "hope house"), ("riverbend county sheriff", "riverbend schools"), ("", "hope house")],
)
def test_not_the_same(first: str, second: str) -> None:
    assert not are_alike(first, second)


@ALIKE
def test_a_search_by_pieces_finds_whatever_is_likely_the_same(first: str, second: str) -> None:
    for name, other in ((first, second), (second, first)):
        likes = [re.escape(piece).replace("%", ".*") for piece in fragments(name)]
        assert any(re.fullmatch(like, other) for like in likes)


def test_a_name_is_searched_by_pieces_that_survive_a_slip_and_by_its_initials() -> None:
    assert fragments("riverbend hope") == ["%end%", "%erb%", "%ho%", "%pe%", "%r%h%", "%riv%"]
    assert fragments("grace") == ["%ace%", "%g%r%a%c%e%", "%gr%"]
    assert fragments("the rcc") == ["%r%c%c%", "%rcc%"]
    assert fragments("abcdefghijklmnop")[0] == "%a%b%c%d%e%f%g%h%i%j%k%l%"
    assert fragments("a_b \\d") == ["%a%d%", r"%a\_b%", "%d%"]


COMMON = "a an and at co company corp county for foundation inc llc ltd of s the"


@pytest.mark.parametrize("word", COMMON.split())
def test_words_that_many_names_share_tell_none_from_another(word: str) -> None:
    assert core_words(f"hope {word}") == ["hope"]
    assert core_words(word) == [word]


def test_how_firm_a_relationship_is_keeps_its_number() -> None:
    assert [*map(int, Level)] == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("looked", "is_old"),
    [(date(2025, 5, 4), False), (date(2025, 5, 3), True), (date(2026, 5, 4), False)],
)
def test_after_twelve_months_an_organization_needs_a_look(looked: date, is_old: bool) -> None:
    assert needs_a_look(looked, date(2026, 5, 4)) is is_old


def test_a_year_before_the_last_day_of_february_is_the_28th() -> None:
    assert not needs_a_look(date(2023, 2, 28), date(2024, 2, 29))
    assert needs_a_look(date(2023, 2, 27), date(2024, 2, 29))
