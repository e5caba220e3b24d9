"""Workbooks as another program reads them."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from engage.imports import workbooks
from engage.imports.reading import read
from engage.web.csv_files import Field
from engage.web.xlsx_files import XlsxSheet, workbook_bytes, xlsx_bytes

HEAD = ["Title", "Count", "Day"]


def made(*rows: Sequence[Field]) -> Any:
    """Returns a sheet with these rows, read anew."""
    return load_workbook(BytesIO(xlsx_bytes("Plan", HEAD, rows, {"Title": 40}))).active


def test_a_sheet_has_a_frozen_head_a_filter_over_all_and_columns_as_wide_as_asked() -> None:
    sheet = made(("Ask", 1, date(2026, 6, 15)), ("Visit", 2, None))
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:C3")
    assert sheet["A1"].font.bold and not sheet["A2"].font.bold
    assert sheet["A2"].alignment.wrap_text and not sheet["B2"].alignment.wrap_text
    assert sheet.column_dimensions["A"].width > 40 > 13 > sheet.column_dimensions["B"].width > 12


@pytest.mark.parametrize(
    ("field", "read_as"),
    [
        ("=1+1", "=1+1"),
        ("<r>a & b</r> \u201cc\u201d", "<r>a & b</r> \u201cc\u201d"),
        ("  two\nlines\t", "  two\nlines\t"),
        ("", None),
        (None, None),
        (-3, -3),
        (2.5, 2.5),
        (date(2026, 6, 15), datetime.fromisoformat("2026-06-15")),
        (date(1900, 3, 1), datetime.fromisoformat("1900-03-01")),
        # A spreadsheet has no right number for these.
        (date(1900, 2, 28), "1900-02-28"),
        (date(1776, 7, 4), "1776-07-04"),
    ],
)
def test_a_cell_is_read_as_what_it_was(field: Field, read_as: object) -> None:
    cell = made((field, None, None))["A2"]
    assert cell.value == read_as
    assert cell.data_type != "f"


@pytest.mark.parametrize(("text", "held"), [("a" * 40_000, 32_767), ("\U0001f600" * 20_000, 16_383)])
def test_a_text_is_cut_to_what_a_cell_holds(text: str, held: int) -> None:
    assert made((text, None, None))["A2"].value == text[:held]


def test_what_xml_cannot_hold_is_written_by_its_number_and_what_looks_so_comes_back() -> None:
    raw = xlsx_bytes("Plan", ["Action", "Due"], [("a\0b\r\ud800", None), ("_x0041_ and _x41_", None)], {})
    xml = ZipFile(BytesIO(raw)).read("xl/worksheets/sheet1.xml").decode()
    assert ">a_x0000_b_x000D__xD800_<" in xml
    assert read(workbooks.csv_of(raw)).records[-1].cells[0] == "_x0041_ and _x41_"


def test_sheets_have_names_that_a_spreadsheet_takes_and_stand_in_order() -> None:
    names = ["Plan: A/B & <c>", "PLAN A B & <C>", "\x01[]", "x" * 40, "x" * 40]
    raw = workbook_bytes(XlsxSheet(name, ["Title"] * 30, [], {}) for name in names)
    book = load_workbook(BytesIO(raw))
    assert book.sheetnames == ["Plan A B & <c>", "PLAN A B & <C> 2", "Engage", "x" * 31, f"{'x' * 25} 2"]
    assert [sheet.auto_filter.ref for sheet in book.worksheets] == ["A1:AD1"] * 5
    assert [sheet.sheet_view.tabSelected for sheet in book.worksheets] == [True, None, None, None, None]


def test_the_same_rows_give_the_same_file() -> None:
    assert xlsx_bytes("Plan", HEAD, [("Ask", 1, None)], {}) == xlsx_bytes(
        "Plan", HEAD, [("Ask", 1, None)], {}
    )
