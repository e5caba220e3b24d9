"""Writes tables to download as a workbook: texts stay texts, numbers numbers and dates dates.

A workbook is a ZIP file of XML (ECMA-376). Of all that it could hold we write a head, rows and five formats; each cell
says its own text, so that a row is written as it comes and nothing is kept of it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from io import BytesIO
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from engage.web.csv_files import Field

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEET_NAME_LONGEST = 31
_NOT_IN_A_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
# A spreadsheet calls a file damaged that has more in a cell, counted as UTF-16 does.
_LONGEST = 32_767
# These cannot stand in XML, and are written by their number; so is what would be read as such a number.
_BY_NUMBER = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)")
# A spreadsheet counts days from here, and has one too many before March 1900.
_DAY_NONE, _FIRST_DAY = date(1899, 12, 30).toordinal(), date(1900, 3, 1)
# The formats in their order in _STYLES. In a column wider than this, texts are wrapped.
_BOLD, _TOP, _WRAPPED, _DAY = 1, 2, 3, 4
_WIDE = 20

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = f"""{_XML}<styleSheet xmlns="{_MAIN}">
<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>
<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>
<border><left/><right/><top/><bottom style="thin"><color auto="1"/></bottom><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="0" fontId="1" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1" applyAlignment="1">
<alignment vertical="top"/></xf>
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top"/></xf>
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">
<alignment vertical="top" wrapText="1"/></xf>
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">
<alignment vertical="top"/></xf></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>"""


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
    named: dict[str, XlsxSheet] = {}
    for each in sheets:
        named[_free_name(each.name, list(named))] = each
    file = BytesIO()
    with ZipFile(file, "w") as book:
        for path, text in _packing(len(named)).items():
            book.writestr(_part(path), text)
        filters = []
        for number, each in enumerate(named.values()):
            with book.open(_part(f"xl/worksheets/sheet{number + 1}.xml"), "w") as part:
                filters.append(_write(part, each, is_first=number == 0))
        book.writestr(_part("xl/workbook.xml"), _contents(dict(zip(named, filters, strict=True))))
    return file.getvalue()


def _part(path: str) -> ZipInfo:
    """Returns a part without a time of its own: the same rows give the same file."""
    part = ZipInfo(path)
    part.compress_type = ZIP_DEFLATED
    return part


def _packing(many: int) -> dict[str, str]:
    """Returns the parts that say what the others are, and the formats; what they are comes first."""
    paths = [f"worksheets/sheet{number}.xml" for number in range(1, many + 1)]
    kinds = {"workbook.xml": "sheet.main", "styles.xml": "styles", **dict.fromkeys(paths, "worksheet")}
    types = "".join(
        f'<Override PartName="/xl/{path}" ContentType="{_TYPE}.{kind}+xml"/>' for path, kind in kinds.items()
    )
    files = [*((path, "worksheet") for path in paths), ("styles.xml", "styles")]
    return {
        "[Content_Types].xml": (
            f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>'
        ),
        "_rels/.rels": _relations([("xl/workbook.xml", "officeDocument")]),
        "xl/_rels/workbook.xml.rels": _relations(files),
        "xl/styles.xml": _STYLES,
    }


def _relations(files: Sequence[tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{path}"/>'
        for number, (path, kind) in enumerate(files, 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _contents(filters: Mapping[str, str]) -> str:
    """Returns the list of sheets, each with the cells that its filter is about."""
    sheets, ranges = "", ""
    for number, (name, cells) in enumerate(filters.items()):
        sheets += f'<sheet name="{escape(name)}" sheetId="{number + 1}" r:id="rId{number + 1}"/>'
        fixed = re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", cells)
        there = escape(f"'{name}'!{fixed}", quote=False)
        ranges += (
            f'<definedName name="_xlnm._FilterDatabase" localSheetId="{number}" hidden="1">'
            f"{there}</definedName>"
        )
    return (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{sheets}</sheets><definedNames>{ranges}</definedNames></workbook>"
    )


def _write(part: IO[bytes], sheet: XlsxSheet, *, is_first: bool) -> str:
    """Writes the sheet, and returns the cells that its filter is about."""
    widths = [sheet.widths.get(name, 12) for name in sheet.head]
    columns = [(_letters(column), _WRAPPED if width > _WIDE else _TOP) for column, width in enumerate(widths)]
    part.write(_before(widths, columns, is_first=is_first).encode())
    part.write(_row(1, sheet.head, [(letters, _BOLD) for letters, _format in columns]).encode())
    number = 1
    for number, row in enumerate(sheet.rows, 2):
        part.write(_row(number, row, columns).encode())
    cells = f"A1:{columns[-1][0]}{number}"
    part.write(f'</sheetData><autoFilter ref="{cells}"/></worksheet>'.encode())
    return cells


def _before(widths: Sequence[int], columns: Sequence[tuple[str, int]], *, is_first: bool) -> str:
    """Returns what stands before the rows: the frozen head and the columns, a little wider than their letters."""
    cols = "".join(
        f'<col min="{number}" max="{number}" width="{width}.7" style="{format_}" customWidth="1"/>'
        for number, (width, (_letters, format_)) in enumerate(zip(widths, columns, strict=True), 1)
    )
    shown = ' tabSelected="1"' if is_first else ""
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView{shown} workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        '<selection pane="bottomLeft"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
        f"<cols>{cols}</cols><sheetData>"
    )


def _row(number: int, fields: Sequence[Field], columns: Sequence[tuple[str, int]]) -> str:
    return f'<row r="{number}">{"".join(_cells(number, fields, columns))}</row>'


def _cells(number: int, fields: Sequence[Field], columns: Sequence[tuple[str, int]]) -> Iterator[str]:
    for field, (letters, format_) in zip(fields, columns, strict=True):
        if field is None or field == "":
            continue
        if isinstance(field, date):
            if field >= _FIRST_DAY:
                yield f'<c r="{letters}{number}" s="{_DAY}"><v>{field.toordinal() - _DAY_NONE}</v></c>'
                continue
            field = field.isoformat()
        if isinstance(field, str):
            yield (
                f'<c r="{letters}{number}" s="{format_}" t="inlineStr">'
                f'<is><t xml:space="preserve">{_text(field)}</t></is></c>'
            )
        else:
            yield f'<c r="{letters}{number}" s="{_TOP}"><v>{field:.16G}</v></c>'


def _text(text: str) -> str:
    """Returns the text as XML has it, cut to what a cell holds."""
    if len(text) > _LONGEST // 2:
        text = text.encode("utf-16-le", "surrogatepass")[: 2 * _LONGEST].decode("utf-16-le", "ignore")
    return _BY_NUMBER.sub(lambda found: f"_x{ord(found[0]):04X}_", escape(text, quote=False))


def _letters(column: int) -> str:
    """Returns the column's letters: A to Z, AA, AB and so on."""
    before, last = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _free_name(name: str, taken: Sequence[str]) -> str:
    """Returns a free name: no two sheets may have the same, whatever its case."""
    wanted = _sheet_name(name)
    same = sum(each.casefold().startswith(wanted[:25].casefold()) for each in taken)
    return f"{wanted[:25].strip()} {same + 1}" if same else wanted


def _sheet_name(name: str) -> str:
    plain = _BY_NUMBER.sub(" ", name).translate(_NOT_IN_A_SHEET_NAME)
    return " ".join(plain.split())[:_SHEET_NAME_LONGEST].strip() or "Engage"
