"""What words and numbers of scales mean, as far as that is certain."""

import pytest

from engage.assessment.imports import scales
from engage.assessment.imports.scales import Direction


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("Strongly agree", "4"),
        ("strongly  AGREE.", "4"),
        ("5 - Strongly agree", "4"),
        ("1 Strongly agree", "4"),
        ("Totalmente de acuerdo", "4"),
        ("Neutral", "2"),
        ("Never", "0"),
        ("En desacuerdo", "1"),
        ("I don’t know", scales.DONT_KNOW),
        ("No sé", scales.DONT_KNOW),
        ("N/A", scales.DOES_NOT_APPLY),
        ("Purple", None),
        ("", None),
    ],
)
def test_words_of_usual_scales_are_suggested(word: str, meaning: str | None) -> None:
    assert scales.meaning_of(word) == meaning


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4", 4),
        (" 4.0 ", 4),
        ("4 stars", 4),
        ("4/5", 4),
        ("★★★★", 4),
        ("★★☆☆☆", 2),
        ("1 estrella", 1),
        ("10", 10),
    ],
)
def test_numbers_and_stars_are_numbers(text: str, number: int) -> None:
    assert scales.number_in(text) == number


@pytest.mark.parametrize("text", ["4.5", "4 of them", "-1", "four", "4;5", "100"])
def test_anything_else_is_no_number_of_a_scale(text: str) -> None:
    assert scales.number_in(text) is None


def test_a_scale_of_numbers_can_be_read_in_the_ways_that_fit_it() -> None:
    both = [*Direction]
    assert scales.directions({1, 3, 4}) == both
    assert scales.directions({1, 5}) == [Direction.ONE_TO_FIVE, Direction.FIVE_TO_ONE]
    assert scales.directions({0, 2}) == [Direction.ZERO_TO_FOUR, Direction.FOUR_TO_ZERO]
    assert scales.directions({0, 5}) == scales.directions({3, 7}) == []


def test_each_direction_reads_all_five_numbers() -> None:
    assert Direction.ONE_TO_FIVE.ratings == {"1": "0", "2": "1", "3": "2", "4": "3", "5": "4"}
    assert Direction.FIVE_TO_ONE.ratings == {"1": "4", "2": "3", "3": "2", "4": "1", "5": "0"}
    assert Direction.ZERO_TO_FOUR.ratings == {str(each): str(each) for each in range(5)}
    assert Direction.FOUR_TO_ZERO.ratings["0"] == "4"


def test_columns_of_another_scale_are_asked_about_apart() -> None:
    assert scales.scales({"a": {0, 3}, "b": {5}, "c": {2, 3}}) == {
        "from_0": ["a"],
        "to_5": ["b"],
        "other": ["c"],
    }
    assert scales.scales({"b": {5}, "c": {2, 3}}) == {"to_5": ["b", "c"]}
    assert scales.scales({"c": {2, 3}}) == {"other": ["c"]}
