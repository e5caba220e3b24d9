"""Workbooks are read as they look: real files of a spreadsheet's kinds of cells, and what is not one or is too much."""

import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from xlsxwriter import Workbook

from engage.imports import workbooks
from engage.imports.reading import Trouble, Unreadable, read
from engage.limits import MOST_COLUMNS, MOST_ROWS


def workbook(fill: Callable[[Any, Any], None], before: tuple[str, ...] = ()) -> bytes:
    """Returns a workbook whose sheet `fill` writes; sheets named in `before` stand empty or hidden in front."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        for name in before:
            sheet = book.add_worksheet(name)
            if name == "Hidden":
                sheet.write(0, 0, "secret")
                sheet.hide()
        sheet = book.add_worksheet("Plan")
        sheet.activate()
        fill(book, sheet)
    return file.getvalue()


def rows(raw: bytes) -> list[tuple[int, tuple[str, ...]]]:
    return [(record.number, record.cells) for record in read(workbooks.sheets_of(raw).csv).records]


def trouble(raw: bytes) -> Trouble:
    with pytest.raises(Unreadable) as refused:
        read(workbooks.sheets_of(raw).csv)
    return refused.value.trouble


def test_each_kind_of_cell_is_read_as_a_person_sees_it() -> None:
    def fill(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "m/d/yyyy"})
        share = book.add_format({"num_format": "0%"})
        sheet.write_row(0, 0, ["Action", "Due", "Count", "Share", "Sure", "Sum", "Error"])
        sheet.write_string(1, 0, "=Ask, then “call”\nagain")
        sheet.write_datetime(1, 1, datetime.fromisoformat("2026-06-15"), day)
        sheet.write_number(1, 2, 12)
        sheet.write_number(1, 3, 0.75, share)
        sheet.write_boolean(1, 4, True)
        sheet.write_formula(1, 5, "=C2*2", None, 24)
        sheet.write_formula(1, 6, "=1/0", None, "#DIV/0!")

    assert rows(workbook(fill)) == [
        (1, ("Action", "Due", "Count", "Share", "Sure", "Sum", "Error")),
        (2, ("=Ask, then “call”\nagain", "2026-06-15", "12", "75%", "Yes", "24")),
    ]


@pytest.mark.parametrize(
    ("value", "form", "seen"),
    [
        (1200.5, '"$"#,##0.00', "$1,200.50"),
        (3000, "_($* #,##0.00_)", "$3,000"),
        (-12, "[$$-409]0", "-$12"),
        (12, "[$€-2]0", "12"),
        (46096, "[$-409]m/d/yyyy", "2026-03-15"),
        (46082, "m/d/yyyy", "2026-03-01"),
        (46082, "mmm-yy", "2026-03"),
        (46082, "[$-en-US]mmmm\\ yyyy;@", "2026-03"),
        (46096, "mmm-yy", "2026-03-15"),
        (0.1 + 0.2, "General", "0.3"),
    ],
)
def test_money_has_its_sign_a_month_no_day_and_a_sum_no_digits_that_no_one_sees(
    value: float, form: str, seen: str
) -> None:
    raw = workbook(lambda book, sheet: sheet.write_number(0, 0, value, book.add_format({"num_format": form})))
    assert rows(raw) == [(1, (seen,))]


def test_a_merged_cell_is_said_in_each_of_its_rows_and_rows_keep_their_numbers() -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 1, "Our plan")
        sheet.write_row(2, 0, ["Goal", "Action"])
        sheet.merge_range(3, 0, 5, 0, "More beds")
        for number, action in enumerate(("Ask", "Call", "Sign"), 3):
            sheet.write_string(number, 1, action)
        sheet.write_row(6, 0, ["", "Alone"])

    assert rows(workbook(fill)) == [
        (1, ("Our plan",)),
        (3, ("Goal", "Action")),
        (4, ("More beds", "Ask")),
        (5, ("More beds", "Call")),
        (6, ("More beds", "Sign")),
        (7, ("", "Alone")),
    ]


def test_names_with_a_prefix_as_some_programs_write_them_mean_the_same() -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 1, 0, "More beds")
        sheet.write_column(0, 1, ["Ask", "Call"])

    with zipfile.ZipFile(BytesIO(workbook(fill))) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    name = "xl/worksheets/sheet1.xml"
    prefixed = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", parts[name]).replace(b" xmlns=", b" xmlns:x=")
    assert rows(zipped({**parts, name: prefixed})) == [(1, ("More beds", "Ask")), (2, ("More beds", "Call"))]


def test_the_first_visible_sheet_that_holds_something_is_read() -> None:
    raw = workbook(lambda _book, sheet: sheet.write_row(0, 0, ["Name", "Town"]), before=("Empty", "Hidden"))
    assert rows(raw) == [(1, ("Name", "Town"))]


def test_the_sheets_that_were_not_read_are_named() -> None:
    raw = workbook(lambda _book, sheet: sheet.write(0, 0, "Grace"), before=("Empty", "Hidden"))
    assert workbooks.sheets_of(raw).names == ("Plan", "Empty")


def test_a_cover_page_in_front_is_passed_over_for_the_table_behind_it() -> None:
    def cover(book: Any, sheet: Any) -> None:
        sheet.write_column(0, 0, ["Our coalition", "Plan of action"])
        sheet.write_row(3, 0, ["As of", "May"])
        table = book.add_worksheet("Table")
        table.write_row(0, 0, ["Goal", "Action"])
        table.write_row(1, 0, ["Beds", "Ask"])

    assert rows(workbook(cover)) == [(1, ("Goal", "Action")), (2, ("Beds", "Ask"))]


def test_a_format_that_reaches_further_than_the_words_is_no_row() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["Name", "Town"])
        sheet.write_blank(900_000, 300, None, book.add_format({"bold": True}))

    assert rows(workbook(fill)) == [(1, ("Name", "Town"))]


def test_a_link_is_its_words_and_nothing_behind_it_is_asked_for() -> None:
    raw = workbook(lambda _book, sheet: sheet.write_url(0, 0, "https://example.org/x", string="The page"))
    assert rows(raw) == [(1, ("The page",))]


def test_a_cell_at_the_far_end_of_a_sheet_costs_nothing_and_is_refused() -> None:
    def far(row: int, column: int) -> Callable[[Any, Any], None]:
        def fill(_book: Any, sheet: Any) -> None:
            sheet.write_string(0, 0, "Name")
            sheet.write_string(row, column, "x")

        return fill

    assert trouble(workbook(far(1_048_575, 0))) is Trouble.MANY_ROWS
    assert trouble(workbook(far(1, 16_383))) is Trouble.MANY_COLUMNS


def test_more_rows_or_columns_than_a_file_may_have_are_refused() -> None:
    def long(_book: Any, sheet: Any) -> None:
        for number in range(MOST_ROWS + 11):
            sheet.write_string(number, 0, "x")

    assert trouble(workbook(long)) is Trouble.MANY_ROWS
    wide = workbook(lambda _book, sheet: sheet.write_row(0, 0, ["x"] * (MOST_COLUMNS + 5)))
    assert trouble(wide) is Trouble.MANY_COLUMNS


def zipped(parts: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def understating(raw: bytes) -> bytes:
    """Returns the archive with a directory that says each part is one byte long."""
    changed = bytearray(raw)
    at = 0
    while (at := changed.find(b"PK\x01\x02", at)) >= 0:
        changed[at + 24 : at + 28] = (1).to_bytes(4, "little")
        at += 4
    return bytes(changed)


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><workbook>&j;</workbook>"
)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"PK\x03\x04rest", Trouble.WORKBOOK),
        (zipped({"word/document.xml": b"<w/>"}), Trouble.WORKBOOK),
        (zipped({"xl/workbook.xml": b"<workbook/>"}), Trouble.WORKBOOK),
        (zipped({"xl/workbook.xml": b"not xml"}), Trouble.WORKBOOK),
        (zipped({"xl/workbook.xml": ENTITIES, "[Content_Types].xml": ENTITIES}), Trouble.WORKBOOK),
        (zipped({"xl/workbook.xml": bytes(workbooks.MOST_UNPACKED + 1)}), Trouble.TOO_LARGE),
        (understating(zipped({"xl/workbook.xml": bytes(workbooks.MOST_UNPACKED)})), Trouble.WORKBOOK),
        (zipped({f"xl/{n}.xml": b"" for n in range(501)} | {"xl/workbook.xml": b""}), Trouble.TOO_LARGE),
        (workbook(lambda _book, _sheet: None), Trouble.EMPTY),
    ],
)
def test_what_is_no_workbook_and_what_unpacks_into_too_much_is_refused(raw: bytes, expected: Trouble) -> None:
    assert trouble(raw) is expected


def altered(raw: bytes, part: str, old: bytes, new: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    assert old in parts[part]
    return zipped(parts | {part: parts[part].replace(old, new)})


def test_one_long_text_that_every_cell_repeats_is_refused_before_it_fills_the_memory() -> None:
    small = workbook(lambda _book, sheet: sheet.write_row(0, 0, ["LONG"] * MOST_COLUMNS))
    large = altered(small, "xl/sharedStrings.xml", b"LONG", b"x" * 30_000_000)
    assert len(large) < 50_000
    with pytest.raises(Unreadable) as refused:
        workbooks.sheets_of(large)
    assert refused.value.trouble is Trouble.TOO_LARGE


def test_a_sheet_that_is_listed_ten_thousand_times_is_read_no_longer_than_a_file_may_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbooks, "MOST_SECONDS", 1)
    small = workbook(lambda book, sheet: sheet.write_blank(0, 0, None, book.add_format({"bold": True})))
    sheet = b'<sheet name="Plan" sheetId="1" r:id="rId1"/>'
    with pytest.raises(Unreadable) as refused:
        workbooks.sheets_of(altered(small, "xl/workbook.xml", sheet, sheet * 10_000))
    assert refused.value.trouble is Trouble.TOO_LARGE


def test_a_day_without_time_and_a_day_with_time_are_told_apart() -> None:
    def fill(book: Any, sheet: Any) -> None:
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_datetime(0, 0, datetime.fromisoformat("2026-06-15T14:30"), moment)
        sheet.write_datetime(0, 1, datetime.fromisoformat("2026-06-15T00:00"), moment)

    assert rows(workbook(fill)) == [(1, ("2026-06-15 14:30:00", "2026-06-15"))]
