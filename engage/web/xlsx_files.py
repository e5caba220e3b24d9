"""Writes tables to download as a workbook, in which texts, numbers and dates keep their types.

Either of two libraries writes it, and a test compares their cells: rustpy-xlsxwriter, which is fast, or else
XlsxWriter, if the first is not installed.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from html import escape
from io import BytesIO
from typing import Any

from msgspec import Struct

from engage.web.csv_files import Field

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEET_NAME_LONGEST = 31
# A spreadsheet cell cannot hold more characters.
_LONGEST = 32_767
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_A_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


class XlsxSheet(Struct, frozen=True):
    """A table of a workbook with a frozen first row; `widths` are in characters, 12 by default.

    `days` names the columns of dates, which contain no numbers; a date in another column is written as text.
    """

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Field]]
    widths: Mapping[str, int]
    days: Collection[str]


def workbook_bytes(sheets: Iterable[XlsxSheet]) -> bytes:
    """Returns a workbook with several sheets in order. A wide column wraps its texts. Nothing is written to disk."""
    try:
        import rustpy_xlsxwriter  # imported here, because few responses need it
    except ImportError:
        return _by_xlsxwriter(sheets)
    return _by_rustpy(rustpy_xlsxwriter, sheets)


def _by_rustpy(library: Any, sheets: Iterable[XlsxSheet]) -> bytes:
    Format = library.Format  # noqa: N806 - a class
    bold = Format().set_bold().set_align("top").set_border_bottom("thin")
    top = Format().set_align("top")
    wrapped = Format().set_align("top").set_text_wrap()
    day = Format().set_align("top").set_num_format("yyyy-mm-dd")
    tables: dict[str, Iterator[dict[str, Field]]] = {}
    widths: dict[str, list[float]] = {}
    formats: dict[str, list[object]] = {}
    for each in sheets:
        name = _free_name(each.name, list(tables))
        tables[name] = _records(each)
        wide = [each.widths.get(column, 12) for column in each.head]
        widths[name] = [*wide]
        formats[name] = [
            day if column in each.days else wrapped if width > 20 else top
            for column, width in zip(each.head, wide, strict=True)
        ]
    file = BytesIO()
    library.write_worksheets(
        list(tables.items()),
        file,
        freeze_panes={"general": {"row": 1, "col": 0}},
        column_widths=widths,
        column_formats=formats,
        header_format=dict.fromkeys(widths, bold),
        autofilter=dict.fromkeys(widths, True),
        dedupe_strings=dict.fromkeys(widths, True),  # otherwise the library writes rows to a file on disk
    )
    return file.getvalue()


def _by_xlsxwriter(sheets: Iterable[XlsxSheet]) -> bytes:
    from xlsxwriter import Workbook

    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "valign": "top", "bottom": 1})
        top = book.add_format({"valign": "top"})
        wrapped = book.add_format({"valign": "top", "text_wrap": True})
        day = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd"})
        taken: list[str] = []
        for each in sheets:
            taken.append(_free_name(each.name, taken))
            page = book.add_worksheet(taken[-1])
            wide = [each.widths.get(column, 12) for column in each.head]
            for place, (column, width) in enumerate(zip(each.head, wide, strict=True)):
                page.set_column(
                    place, place, width, day if column in each.days else wrapped if width > 20 else top
                )
            for line, row in enumerate(_records(each), 1):
                if line == 1:
                    for place, name in enumerate(row):
                        page.write_string(0, place, name, bold)
                for place, field in enumerate(row.values()):
                    # Without a format of its own, a cell has that of its column.
                    match field:
                        case str():
                            page.write_string(line, place, field)
                        case date():
                            page.write_datetime(line, place, field)
                        case int() | float():
                            page.write_number(line, place, field)
            page.freeze_panes(1, 0)
            page.autofilter(0, 0, line, len(each.head) - 1)
    return file.getvalue()


def _records(sheet: XlsxSheet) -> Iterator[dict[str, Field]]:
    """Yields rows by the names of their columns.

    The library takes the heading from the first row, and accepts each name only once.
    """
    names = [name + " " * sheet.head[:n].count(name) for n, name in enumerate(sheet.head)]
    dated = [name in sheet.days for name in sheet.head]
    row = None
    for row in sheet.rows:
        yield dict(zip(names, map(_cell, row, dated), strict=True))
    if row is None:
        yield dict.fromkeys(names)


def _cell(field: Field, is_dated: bool) -> Field:
    """Returns the value for the library: None for empty text; text that would be read as XML is escaped."""
    if isinstance(field, str):
        if field.startswith("<r>"):
            return f'<r><t xml:space="preserve">{escape(_NOT_IN_XML.sub("", field), quote=False)}</t></r>'
        return field[:_LONGEST] or None
    return str(field) if isinstance(field, date) and not is_dated else field


def _free_name(name: str, taken: Sequence[str]) -> str:
    """Returns a name that is still free, because the library accepts no name twice, in any case."""
    wanted = _sheet_name(name)
    same = sum(each.casefold().startswith(wanted[:25].casefold()) for each in taken)
    return f"{wanted[:25].strip()} {same + 1}" if same else wanted


def _sheet_name(name: str) -> str:
    return " ".join(name.translate(_NOT_IN_A_SHEET_NAME).split())[:_SHEET_NAME_LONGEST].strip() or "Engage"
