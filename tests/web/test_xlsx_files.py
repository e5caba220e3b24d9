"""Workbooks hold what they were given, whatever it is, and read as openpyxl reads them."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from engage.web.csv_files import Field
from engage.web.xlsx_files import XlsxSheet, workbook_bytes


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
