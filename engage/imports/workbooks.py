"""Reads a workbook (.xlsx) as CSV, so that the rest of the import handles only text. Plain Python.

It reads only values: no formula is computed, no link followed, no macro run. The unpacked size is limited
before anything is parsed, and rows are read one by one, so that a cell far down a sheet costs nothing.

A file of a few kilobytes can still take hours and gigabytes (a text that a hundred thousand cells repeat, a
sheet that is listed ten thousand times). So a separate process reads it, with limits on time and memory.
"""

import csv
import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, time
from io import BytesIO, StringIO
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from msgspec import Struct

from engage.imports.reading import HEADS_WITHIN, Trouble, Unreadable, without_empty_end
from engage.limits import MOST_COLUMNS, MOST_ROWS

# Five thousand rows of long texts are about ten megabytes of XML.
MOST_UNPACKED = 40_000_000
MOST_PARTS = 500
# The page shows at most this many names of sheets.
MOST_NAMES = 20
# Empty rows between others count, because messages number rows as the spreadsheet does.
MOST_LINES = 20_000
# The largest file within the limits needs five seconds and 220 MB.
MOST_SECONDS = 15
MOST_MEMORY = 300 * 2**20
_REFUSED = 3
_BEGINS = b"PK\x03\x04"
# "$#,##0.00" and "[$$-409]0" are dollars; "[$-409]m/d/yy" is a language and "[$€-2]0" another currency.
_DOLLARS = re.compile(r"(?<!\[)\$|\[\$\$")
# In a number format, brackets contain a language and quotation marks contain words.
_NOT_SHOWN = re.compile(r'\[[^\]]*\]|"[^"]*"|\\.')
# Cells with content: a sheet's formatting may reach far below its last text. Some programs write each tag as
# "x:c".
_FILLED = re.compile(rb'<(?:\w{1,9}:)?c r="([A-Z]{1,3})(\d+)"[^>]*>\s*<(?:\w{1,9}:)?(?:f|v|is)\b')
_MERGED = re.compile(rb'<(?:\w{1,9}:)?mergeCell ref="([A-Z]{1,3})(\d+):[A-Z]{1,3}(\d+)"')


def is_workbook(raw: bytes) -> bool:
    return raw.startswith(_BEGINS)


class Sheets(Struct, frozen=True):
    """The sheet that was read, as CSV, and the names of the visible sheets, of which it is the first."""

    csv: bytes
    names: tuple[str, ...]


def sheets_of(raw: bytes) -> Sheets:
    """Returns the first visible sheet with a table, else the first that is not empty. Raises Unreadable."""
    try:
        read = subprocess.run(  # noqa: S603 - this file and no one's words
            [sys.executable, "-I", "-m", __spec__.name, str(MOST_SECONDS)],
            input=raw,
            capture_output=True,
            timeout=2 * MOST_SECONDS,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(Trouble.TOO_LARGE) from None
    if read.returncode == _REFUSED:
        raise Unreadable(Trouble(read.stdout.decode()))
    if read.returncode:  # the process reached one of its limits
        raise Unreadable(Trouble.TOO_LARGE)
    names, _newline, written = read.stdout.partition(b"\n")
    return Sheets(written, tuple(json.loads(names)))


def _read(raw: bytes) -> bytes:
    """Returns the names of the sheets as JSON on the first line, followed by the CSV."""
    _check(raw)
    from openpyxl.reader.excel import ExcelReader  # imported here: loading it takes longer than most requests

    try:
        reader = ExcelReader(BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        reader.read()
        pairs = zip(reader.wb.worksheets, _paths(reader), strict=True)
        shown = {each: path for each, path in pairs if each.sheet_state == "visible"}
        first: list[list[str]] = []
        of = ""
        for sheet, path in shown.items():
            rows = _rows_of(sheet, reader.archive.read(path))
            if _is_table(rows):
                return _named(sheet.title, shown) + _written(rows)
            first, of = (first, of) if first else (rows, sheet.title)
        if first:
            return _named(of, shown) + _written(first)
    except (Unreadable, MemoryError):
        raise
    except Exception:  # openpyxl raises many errors for parts that are missing or malformed
        raise Unreadable(Trouble.WORKBOOK) from None
    raise Unreadable(Trouble.EMPTY)


def _named(read: str, shown: Iterable[Any]) -> bytes:
    names = [read, *(each.title for each in shown if each.title != read)]
    return json.dumps(names[:MOST_NAMES]).encode() + b"\n"


def _check(raw: bytes) -> None:
    """Refuses a file that is no workbook or unpacks into too much; zipfile reads no more than declared."""
    try:
        parts = ZipFile(BytesIO(raw)).infolist()
    except BadZipFile:
        raise Unreadable(Trouble.WORKBOOK) from None
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise Unreadable(Trouble.WORKBOOK)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable(Trouble.TOO_LARGE)


def _paths(reader: Any) -> Iterator[str]:
    """Yields the paths of the worksheets in the zip. They are read directly, for the merged cells in them."""
    for _sheet, part in reader.parser.find_sheets():
        if part.target in reader.valid_files and "chartsheet" not in part.Type:
            yield part.target


def _rows_of(sheet: Any, xml: bytes) -> list[list[str]]:
    _check_reach(xml)
    sheet.reset_dimensions()  # the declared size may be wrong
    cells = sheet.iter_rows(max_col=MOST_COLUMNS)
    rows = [[_text(cell) for cell in row] for row in islice(cells, MOST_LINES)]
    while rows and not any(rows[-1]):
        rows.pop()
    _fill_merged(rows, xml)
    return rows


def _is_table(rows: list[list[str]]) -> bool:
    """Returns whether several rows have several cells; a cover page only names the plan."""
    return sum(sum(map(bool, row)) > 1 for row in rows) > 1


def _check_reach(xml: bytes) -> None:
    filled = _FILLED.findall(xml)
    lines = {int(line) for _letters, line in filled}
    if len(lines) > MOST_ROWS + HEADS_WITHIN or max(lines, default=0) > MOST_LINES:
        raise Unreadable(Trouble.MANY_ROWS)
    if any(_number(letters) > MOST_COLUMNS for letters in {letters for letters, _line in filled}):
        raise Unreadable(Trouble.MANY_COLUMNS)


def _fill_merged(rows: list[list[str]], xml: bytes) -> None:
    """Copies a merged cell into each of its rows: a goal beside four actions is the goal of all four."""
    for letters, first, last in _MERGED.findall(xml):
        column, start = _number(letters) - 1, int(first) - 1
        if column >= MOST_COLUMNS or start >= len(rows):
            continue
        for row in rows[start + 1 : int(last)]:
            row[column] = row[column] or rows[start][column]


def _number(letters: bytes) -> int:
    """Returns the column's number, 1 for A and 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(cell: Any) -> str:
    """Returns roughly what a person sees in the cell: days as 2026-03-15, shares as 75%, money as $1,200."""
    match cell.value:
        case None:
            return ""
        case bool(value):
            return "Yes" if value else "No"
        case datetime() as value:
            return _day(value.date(), cell) if value.time() == time() else str(value)
        case date() as value:
            return _day(value, cell)
        case int() | float() as value if "%" in (cell.number_format or ""):
            return f"{value:.0%}"
        case int() | float() as value if _DOLLARS.search(cell.number_format or ""):
            return f"${value:,.2f}".removesuffix(".00").replace("$-", "-$")
        case float(value) if value.is_integer():
            return str(int(value))
        case float(value):  # spreadsheets show no more digits
            return f"{value:.15g}"
        case value:
            # A formula error such as #REF! contains no information.
            return "" if cell.data_type == "e" else str(value)


def _day(day: date, cell: Any) -> str:
    """Returns the day, or only the month if the cell shows no more: "Mar-26" as a deadline is not March 1."""
    shown = _NOT_SHOWN.sub("", cell.number_format or "").lower()
    if day.day == 1 and "m" in shown and "y" in shown and "d" not in shown:
        return f"{day:%Y-%m}"
    return str(day)


def _written(rows: Iterable[list[str]]) -> bytes:
    file = StringIO()
    csv.writer(file).writerows(map(without_empty_end, rows))
    return file.getvalue().encode("utf-8", "replace")


def _bounded(seconds: int) -> None:
    """Limits this process's time and memory, and lowers its priority, to protect the server."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    with suppress(OSError, ValueError):  # not every system has these, or allows setting them
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
        Path("/proc/self/oom_score_adj").write_text("1000")
        os.nice(10)  # last, because a service may not be allowed to do this


def main() -> None:
    """Reads the workbook from standard input; `sheets_of` starts this in a process of its own."""
    _bounded(int(sys.argv[1]))
    try:
        sys.stdout.buffer.write(_read(sys.stdin.buffer.read()))
    except Unreadable as error:
        sys.stdout.write(error.trouble)
        sys.exit(_REFUSED)


if __name__ == "__main__":
    main()
