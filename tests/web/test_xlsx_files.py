"""Workbooks hold what they were given, whatever it is, and read as openpyxl reads them."""

import sys
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from engage.web.csv_files import Field
from engage.web.xlsx_files import XlsxSheet, workbook_bytes


@pytest.fixture(autouse=True, params=["rustpy_xlsxwriter", "xlsxwriter"])
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Has each test run with either library, so that either may go."""
    for name in {"rustpy_xlsxwriter", "xlsxwriter"} - {request.param}:
        monkeypatch.setitem(sys.modules, name, None)  # importing it fails
    return str(request.param)


def sheets(*given: XlsxSheet) -> list[Any]:
    return load_workbook(BytesIO(workbook_bytes(given))).worksheets


def cell(field: Field) -> Any:
    return sheets(XlsxSheet("Plan", ["Action"], [[field]], {"Action": 30}, ()))[0]["A2"]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "{=1}",
        "https://example.org",
        "mailto:ann@example.org",
        "00123",
        "_x0041_",
        "<r>",
        "<r>a & b</r>",
        "<r><b></r>",
        "<r><t>Two\nlines</t></r>",
    ],
)
def test_a_text_stays_the_text_that_it_is(text: str) -> None:
    assert (cell(text).value, cell(text).data_type) == (text, "s")


def test_what_xml_cannot_hold_breaks_no_workbook() -> None:
    assert cell("<r>a\uffffb\x07</r>").value == "<r>ab</r>"
    assert cell("a\uffffb\x07").value


def test_a_text_is_cut_to_what_a_cell_holds() -> None:
    assert cell("a" * 40_000).value == "a" * 32_767


def test_numbers_and_days_are_no_texts_and_a_day_outside_the_columns_of_days_is_one() -> None:
    rows = [[12, date(2027, 1, 31), date(2027, 1, 31)], [9.5, None, ""]]
    sheet = sheets(XlsxSheet("Plan", ["Count", "Due", "Note"], rows, {}, ["Due"]))[0]
    first, second = ([each.value for each in row] for row in sheet.iter_rows(min_row=2))
    assert (first[0], first[1].date(), first[2]) == (12, date(2027, 1, 31), "2027-01-31")
    assert second == [9.5, None, None]


def test_each_sheet_has_its_head_frozen_and_filtered_even_without_rows_and_with_a_name_twice() -> None:
    first, second = sheets(
        XlsxSheet("Plan", ["Name", "Name"], [], {"Name": 30}, ()),
        XlsxSheet("plan", ["Name", "Name"], [["Ann", "Lee"]], {}, ()),
    )
    assert [first.title, second.title] == ["Plan", "plan 2"]
    for sheet, last in ((first, None), (second, "Lee")):
        assert sheet["A1"].font.b and sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:B2"
        assert (sheet["A1"].value, sheet["B1"].value.strip(), sheet["B2"].value) == ("Name", "Name", last)
    assert first.column_dimensions["A"].width > second.column_dimensions["A"].width


def test_a_wide_column_wraps_its_texts() -> None:
    assert cell("a").alignment.wrap_text and cell("a").alignment.vertical == "top"
    narrow = sheets(XlsxSheet("Plan", ["Action"], [["a"]], {}, ()))[0]["A2"]
    assert not narrow.alignment.wrap_text and narrow.alignment.vertical == "top"


def test_nothing_of_a_workbook_is_written_to_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", "/nowhere")
    assert cell("a").value == "a"


def test_both_libraries_write_equal_cells(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if library == "xlsxwriter":
        return  # compared once
    texts = ["Ann", "", "<r>a & b</r>", " spaces ", "two\nlines", "=1+1", "ñ 字 😀", "_x0041_", "a" * 40_000]
    rows: list[list[Field]] = [
        [text, n, n / 3, date(2027, 1, 1) + timedelta(n), date(2027, 1, n + 1)]
        for n, text in enumerate(texts)
    ]
    rows += [[None, -1, 1e15, None, None], ["last", 2**40, 0.1 + 0.2, date(1999, 12, 31), ""]]
    head = ["Action", "Count", "Share", "Due", "Note"]
    given = (
        XlsxSheet("Plan", head, rows, {"Action": 40, "Note": 21, "Count": 8}, ["Due"]),
        XlsxSheet("plan", ["Name", "Name"], [], {}, ()),
    )
    first = sheets(*given)
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "rustpy_xlsxwriter", None)
    second = sheets(*given)
    assert [each.title for each in first] == [each.title for each in second] == ["Plan", "plan 2"]
    for one, other in zip(first, second, strict=True):
        assert (one.freeze_panes, one.auto_filter.ref) == (other.freeze_panes, other.auto_filter.ref)
        assert {name: round(each.width) for name, each in one.column_dimensions.items()} == {
            name: round(each.width) for name, each in other.column_dimensions.items()
        }
        cells, others = (
            [[_seen(cell) for cell in row] for row in each.iter_rows(max_row=len(rows) + 1)]
            for each in (one, other)
        )
        assert cells == others


def _seen(cell: Any) -> tuple[object, ...]:
    """What a person sees of a cell; how an empty one would show a value is nothing to see."""
    if cell.value is None:
        return (None,)
    alignment = cell.alignment
    # A spreadsheet keeps 15 digits.
    is_number = isinstance(cell.value, int | float)
    return (
        f"{cell.value:.15g}" if is_number else cell.value,
        cell.data_type,
        cell.number_format,
        cell.font.b,
        cell.border.bottom.style,
        alignment.vertical,
        bool(alignment.wrap_text),
    )
