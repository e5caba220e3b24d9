"""Rows that leave empty what the row above says for them, too."""

import pytest

from engage.imports.empty_below import filled, is_repeated
from engage.imports.reading import Record


def rows(*cells: str) -> list[Record]:
    """Makes rows of texts like "Beds|Six|Ask"."""
    return [Record(number, tuple(text.split("|"))) for number, text in enumerate(cells, 2)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param(["Beds|Six|Ask", "||Visit"], ["Beds|Six|Ask", "Beds|Six|Visit"], id="both"),
        pytest.param(
            ["Beds|Six|Ask", "|Ten|Visit"], ["Beds|Six|Ask", "Beds|Ten|Visit"], id="another objective"
        ),
        pytest.param(
            ["Beds|Six|Ask", "Law||Read"], ["Beds|Six|Ask", "Law||Read"], id="another goal's objective"
        ),
        pytest.param(["BEDS|Six|Ask", "beds||Visit"], ["BEDS|Six|Ask", "beds|Six|Visit"], id="the same goal"),
        pytest.param(["Beds||", "|Six|", "||Ask"], ["Beds||", "Beds|Six|", "Beds|Six|Ask"], id="in steps"),
        pytest.param(["||Ask", "Beds||Visit"], ["||Ask", "Beds||Visit"], id="before the first goal"),
        pytest.param(["Beds|Six|Ask", "||"], ["Beds|Six|Ask", "||"], id="an empty row"),
        pytest.param(["Beds|Six|Ask", "| |Visit"], ["Beds|Six|Ask", "Beds|Six|Visit"], id="a space"),
    ],
)
def test_an_empty_goal_is_the_one_above(written: list[str], meant: list[str]) -> None:
    assert filled(rows(*written), [0, 1, 2]) == rows(*meant)


def test_the_levels_stand_in_any_columns_and_a_short_row_is_filled_too() -> None:
    table = [Record(2, ("Ask", "x", "Beds")), Record(3, ("Visit",))]
    assert filled(table, [2, 0])[1] == Record(3, ("Visit", "", "Beds"))
    assert filled(table, [0]) == filled(table, []) == table


@pytest.mark.parametrize(
    ("written", "repeated"),
    [
        (["Beds|Six|Ask", "||Visit", "Law||Read"], False),
        (["Beds|Six|Ask", "beds|Ten|Visit"], True),
        (["Beds|Six|Ask", "||Visit", "Beds|Ten|Call"], False),
        (["Beds||Ask", "Law||Ask"], False),
    ],
)
def test_a_goal_in_two_rows_one_after_the_other_is_repeated(written: list[str], repeated: bool) -> None:
    assert is_repeated(rows(*written), [0, 1, 2]) is repeated
