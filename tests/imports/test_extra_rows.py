"""Rows below a table that are no rows of it: totals, notes, and its heading once more."""

import pytest

from engage.imports.extra_rows import extra_rows, without_headings
from engage.imports.reading import Record, read

TABLE = "Beds,Ask,Ann\nLaw,Call,Ben\n"


def found(text: str) -> list[int]:
    return [each.number for each in extra_rows(read(text.encode()).records)]


@pytest.mark.parametrize(
    ("below", "rows"),
    [
        ("", []),
        ("TOTAL,2 actions\n", [3]),
        ("Grand Total: 2\n", [3]),
        ("\n*Dates may change.\nAdopted in May\n", [4, 5]),
        ("TOTAL,2\n\n*Dates may change.\n", [3, 5]),
        ("Total Health,Ask\n", []),
        ("A goal without actions\n", []),
        ("\nMore,Ask\n", []),
        ("One\nMore,Ask\n\nLast\n", []),
    ],
)
def test_totals_and_notes_below_a_table_are_no_rows_of_it(below: str, rows: list[int]) -> None:
    assert found(TABLE + below) == rows


def test_a_table_with_headings_above_its_rows_has_notes_below() -> None:
    rows = "GOAL 1\nAsk,Ann\nGOAL 2\nCall,Ben\n"
    assert found(f"{rows}\nDates may change.\n") == [6]
    assert found(rows) == []
    assert found(f"{rows}One\nTwo\nGo,Ann\n\nLast\n") == []


def test_a_table_of_one_column_has_no_notes() -> None:
    assert found("Ask\n\nCall\n\nGo\n") == []


def test_the_names_of_the_columns_are_no_row_again() -> None:
    heading = Record(1, ("Goal", "Action"))
    rows = (Record(2, ("Beds", "Ask")), Record(3, ("Goal ", "", "Action")), Record(4, ("Goal",)))
    assert [each.number for each in without_headings(rows, heading)] == [2, 4]
    assert without_headings(rows, None) == rows
    assert without_headings(rows, Record(1, ("Goal",))) == rows
