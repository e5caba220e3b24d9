"""Writes tables to download as CSV in UTF-8, which spreadsheets open, and protects them against formulas."""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from io import StringIO
from typing import TypeVar

from flask import Response

from engage.database import folded

Field = str | int | float | date | None
Row = TypeVar("Row")
Column = tuple[str, Callable[[Row], Field]]
Table = tuple[list[str], Iterable[Sequence[Field]]]

# A spreadsheet treats text that begins with one of these characters, half or full width, as a formula (ASVS
# 1.2.10).
FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")
# The check also skips white space and apostrophes. It is a compiled pattern, because a large file has a
# hundred thousand fields.
_would_run = re.compile(rf"'*\s*[{re.escape(''.join(FORMULA))}]").match
# Excel reads a file as UTF-8 only if it begins with this mark; other programs ignore the mark.
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


def table(columns: Sequence[Column[Row]], rows: Iterable[Row]) -> Table:
    """Returns the heading and the rows of a table; a column is its label and a function of the row."""
    head, values = [label for label, _value in columns], [value for _label, value in columns]
    return head, ([value(row) for value in values] for row in rows)


def csv_text(head: Sequence[str], rows: Iterable[Sequence[Field]]) -> str:
    """Returns the rows as a CSV file's text.

    None is an empty field; numbers stay numbers, dates are written as 2026-03-15.
    """
    file = StringIO()
    file.write(MARK)
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow([safe(field) for field in head])
    writer.writerows([safe(field) for field in row] for row in rows)
    return file.getvalue()


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[Field]]) -> Response:
    """Returns a CSV file to save, named after `name`."""
    return download(csv_text(head, rows), "text/csv; charset=utf-8", file_name(name))


def download(body: str | bytes, content_type: str, file: str) -> Response:
    """Returns a response that a browser saves as `file`."""
    answer = Response(body, content_type=content_type)
    answer.headers["Content-Disposition"] = f"attachment; filename={file}"
    return answer


def safe(field: Field) -> Field:
    """Puts an apostrophe before text that a spreadsheet would run as a formula; it is then shown as text.

    Text that already begins with an apostrophe and a formula gets one more: `unsafe` removes exactly what was
    added.
    """
    return f"'{field}" if isinstance(field, str) and _would_run(field) else field


def unsafe(text: str) -> str:
    """Removes the apostrophe that `safe` added."""
    return text[1:] if text.startswith("'") and _would_run(text) else text


def file_name(name: str, ending: str = "csv") -> str:
    """Returns a name that every system accepts: "ruckblick-2026-1-2.csv" for "Rückblick 2026: 1/2"."""
    stem = "-".join(re.findall(r"[a-z0-9]+", folded(name)))[:80].strip("-")
    return f"{stem or 'engage'}.{ending}"
