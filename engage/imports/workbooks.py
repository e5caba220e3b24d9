"""Reads a workbook (.xlsx) as CSV, so that everything after it knows one kind of file. Plain Python.

Values alone are read: no formula is worked out, no link followed, no macro run. What it unpacks into is bounded before
anything of it is parsed, and rows are read one by one: a cell at the far end of a sheet costs nothing.

A file of a few kilobytes can still ask for hours and gigabytes (a text that a hundred thousand cells repeat, a sheet
that is listed ten thousand times). So a process of its own reads it, with bounds on time and memory.
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

from engage.imports.reading import HEADS_WITHIN, Trouble, Unreadable
from engage.limits import MOST_COLUMNS, MOST_ROWS

# Five thousand rows of long texts are some ten megabytes of XML.
MOST_UNPACKED = 40_000_000
MOST_PARTS = 500
# A page names no more sheets.
MOST_NAMES = 20
# Empty rows between others are counted, because a message names rows as the spreadsheet does.
MOST_LINES = 20_000
# The largest that can be taken in needs five seconds and 220 MB.
MOST_SECONDS = 15
MOST_MEMORY = 300 * 2**20
_REFUSED = 3
_BEGINS = b"PK\x03\x04"
# "$#,##0.00" and "[$$-409]0" are money; "[$-409]m/d/yy" is a language and "[$€-2]0" another money.
_DOLLARS = re.compile(r"(?<!\[)\$|\[\$\$")
# Within brackets or quotation marks a format names its language, or words.
_NOT_SHOWN = re.compile(r'\[[^\]]*\]|"[^"]*"|\\.')
# These hold something: a sheet's format may reach further down than its words.
# Some programs write each name as "x:c".
_FILLED = re.compile(rb'<(?:\w{1,9}:)?c r="([A-Z]{1,3})(\d+)"[^>]*>\s*<(?:\w{1,9}:)?(?:f|v|is)\b')
_MERGED = re.compile(rb'<(?:\w{1,9}:)?mergeCell ref="([A-Z]{1,3})(\d+):[A-Z]{1,3}(\d+)"')


def is_workbook(raw: bytes) -> bool:
    return raw.startswith(_BEGINS)


class Sheets(Struct, frozen=True):
    """The sheet that was read, as CSV, and the names of the visible sheets, of which it is the first."""

    csv: bytes
    names: tuple[str, ...]


def csv_of(raw: bytes) -> bytes:
    """Returns the sheet that `sheets_of` reads. Raises Unreadable."""
    return sheets_of(raw).csv


def sheets_of(raw: bytes) -> Sheets:
    """Returns the first visible sheet that holds a table, else the first that holds something. Raises Unreadable."""
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
    if read.returncode:  # it reached a limit
        raise Unreadable(Trouble.TOO_LARGE)
    names, _newline, written = read.stdout.partition(b"\n")
    return Sheets(written, tuple(json.loads(names)))


def _read(raw: bytes) -> bytes:
    """Returns the names of the sheets as JSON, and on the following lines the CSV."""
    _check(raw)
    from openpyxl import load_workbook  # only here: loading it takes longer than most answers

    try:
        book = load_workbook(BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        shown = [each for each in book.worksheets if each.sheet_state == "visible"]
        first: list[list[str]] = []
        of = ""
        for sheet in shown:
            rows = _rows_of(sheet)
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
    """Refuses what is not a workbook and what unpacks into too much; zipfile never reads more than is declared."""
    try:
        parts = ZipFile(BytesIO(raw)).infolist()
    except BadZipFile:
        raise Unreadable(Trouble.WORKBOOK) from None
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise Unreadable(Trouble.WORKBOOK)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable(Trouble.TOO_LARGE)


def _rows_of(sheet: Any) -> list[list[str]]:
    xml = sheet.parent._archive.read(sheet._worksheet_path)
    _check_reach(xml)
    sheet.reset_dimensions()  # the size that a file declares may be wrong
    cells = sheet.iter_rows(max_col=MOST_COLUMNS)
    rows = [[_text(cell) for cell in row] for row in islice(cells, MOST_LINES)]
    while rows and not any(rows[-1]):
        rows.pop()
    _fill_merged(rows, xml)
    return rows


def _is_table(rows: list[list[str]]) -> bool:
    """Returns whether several rows have several cells: a cover page names the plan and holds none of it."""
    return sum(sum(map(bool, row)) > 1 for row in rows) > 1


def _check_reach(xml: bytes) -> None:
    filled = _FILLED.findall(xml)
    lines = {int(line) for _letters, line in filled}
    if len(lines) > MOST_ROWS + HEADS_WITHIN or max(lines, default=0) > MOST_LINES:
        raise Unreadable(Trouble.MANY_ROWS)
    if any(_number(letters) > MOST_COLUMNS for letters in {letters for letters, _line in filled}):
        raise Unreadable(Trouble.MANY_COLUMNS)


def _fill_merged(rows: list[list[str]], xml: bytes) -> None:
    """Writes what a merged cell holds into each of its rows: a goal beside four actions is the goal of all four."""
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
    """Returns what a person sees in the cell, near enough: days as 2026-03-15, shares as 75%, money as $1,200.50."""
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
        case float(value):  # a spreadsheet shows no more digits
            return f"{value:.15g}"
        case value:
            # An error such as #REF! says nothing.
            return "" if cell.data_type == "e" else str(value)


def _day(day: date, cell: Any) -> str:
    """Returns the day, or its month if the cell shows no more: "Mar-26" as a deadline is not the first of March."""
    shown = _NOT_SHOWN.sub("", cell.number_format or "").lower()
    if day.day == 1 and "m" in shown and "y" in shown and "d" not in shown:
        return f"{day:%Y-%m}"
    return str(day)


def _written(rows: Iterable[list[str]]) -> bytes:
    file = StringIO()
    csv.writer(file).writerows(_shortened(rows))
    return file.getvalue().encode("utf-8", "replace")


def _shortened(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    for row in rows:
        end = len(row)
        while end and not row[end - 1]:
            end -= 1
        yield row[:end]


def _bounded(seconds: int) -> None:
    """Limits time and memory, and lets the server go first; if memory runs out, this process dies, not the server."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    with suppress(OSError, ValueError):  # not every system has these or lets them be set
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
        Path("/proc/self/oom_score_adj").write_text("1000")
        os.nice(10)  # last: a service may not


def main() -> None:
    """Reads the workbook on standard input, as `csv_of` starts it."""
    _bounded(int(sys.argv[1]))
    try:
        sys.stdout.buffer.write(_read(sys.stdin.buffer.read()))
    except Unreadable as error:
        sys.stdout.write(error.trouble)
        sys.exit(_REFUSED)


if __name__ == "__main__":
    main()
