"""Writes tables to download as a workbook: texts stay texts, numbers numbers and dates dates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from engage.web.csv_files import Field

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEET_NAME_LONGEST = 31
_NOT_IN_A_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(frozen=True, slots=True)
class XlsxSheet:
    """A table of a workbook with a frozen first row; `widths` are in letters, 12 by default."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Field]]
    widths: Mapping[str, int]


def xlsx_bytes(
    name: str, head: Sequence[str], rows: Iterable[Sequence[Field]], widths: Mapping[str, int]
) -> bytes:
    """Returns a workbook with one sheet called `name`."""
    return workbook_bytes([XlsxSheet(name, head, rows, widths)])


def workbook_bytes(sheets: Iterable[XlsxSheet]) -> bytes:
    """Returns a workbook of several sheets in order. A wide column wraps its texts. Nothing is written to the disk."""
    from xlsxwriter import Workbook  # only here: loading it takes longer than most answers

    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "valign": "top", "bottom": 1})
        top = book.add_format({"valign": "top"})
        wrapped = book.add_format({"valign": "top", "text_wrap": True})
        day = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd"})
        taken: list[str] = []
        for each in sheets:
            taken.append(_free_name(each.name, taken))
            sheet = book.add_worksheet(taken[-1])
            wide = [each.widths.get(name, 12) for name in each.head]
            for column, width in enumerate(wide):
                sheet.set_column(column, column, width, wrapped if width > 20 else top)
                sheet.write_string(0, column, each.head[column], bold)
            sheet.freeze_panes(1, 0)
            number = 0
            for number, row in enumerate(each.rows, 1):
                for column, field in enumerate(row):
                    if isinstance(field, str):
                        format_ = wrapped if wide[column] > 20 else top
                        if _is_taken_for_xml(field):
                            sheet.write_rich_string(number, column, field[:1], bold, field[1:], format_)
                        elif field:  # never write(): it would take "=1" for a formula and "http:" for a link
                            sheet.write_string(number, column, field, format_)
                    elif isinstance(field, date):
                        sheet.write_datetime(number, column, field, day)
                    elif field is not None:
                        sheet.write_number(number, column, field, top)
            sheet.autofilter(0, 0, number, len(each.head) - 1)
    return file.getvalue()


def _free_name(name: str, taken: Sequence[str]) -> str:
    """Returns a free name: the library takes no name twice, whatever its case."""
    wanted = _sheet_name(name)
    same = sum(each.casefold().startswith(wanted[:25].casefold()) for each in taken)
    return f"{wanted[:25].strip()} {same + 1}" if same else wanted


def _is_taken_for_xml(text: str) -> bool:
    """Returns whether the library would write such a text unchanged, as if it were its own markup."""
    return text.startswith("<r>") and text.endswith("</r>")


def _sheet_name(name: str) -> str:
    return " ".join(name.translate(_NOT_IN_A_SHEET_NAME).split())[:_SHEET_NAME_LONGEST].strip() or "Engage"
