"""Writes tables to download as a workbook, in which texts, numbers and dates keep their types."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from html import escape
from io import BytesIO

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
    from rustpy_xlsxwriter import Format, write_worksheets  # imported here, because few responses need it

    bold = Format().set_bold().set_align("top").set_border_bottom("thin")
    top = Format().set_align("top")
    wrapped = Format().set_align("top").set_text_wrap()
    day = Format().set_align("top").set_num_format("yyyy-mm-dd")
    tables: dict[str, Iterator[dict[str, Field]]] = {}
    widths: dict[str, dict[str, float] | list[float]] = {}
    formats: dict[str, dict[str, Format] | list[Format]] = {}
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
    write_worksheets(
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
