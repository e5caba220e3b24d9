"""Writes tables to download as CSV in UTF-8, which spreadsheets open, safe against formulas."""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO

from flask import Response

from engage.database import folded

Field = str | int | float | date | None

# A spreadsheet treats text that begins with one of these, half or full width, as a formula (ASVS 1.2.10).
FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")
# This also skips white space and apostrophes. It is a pattern, because a large file checks a hundred thousand
# fields.
_would_run = re.compile(rf"'*\s*[{re.escape(''.join(FORMULA))}]").match
# Excel reads UTF-8 only behind this mark; everything else skips it.
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


def csv_text(head: Sequence[str], rows: Iterable[Sequence[Field]]) -> str:
    """Returns the rows as a file's text.

    None is an empty field; numbers stay numbers, dates are written as 2026-03-15.
    """
    file = StringIO()
    file.write(MARK)
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow([safe(field) for field in head])
    writer.writerows([safe(field) for field in row] for row in rows)
    return file.getvalue()


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[Field]]) -> Response:
    """Returns the same as a file to save, named after `name`."""
    return download(csv_text(head, rows), "text/csv; charset=utf-8", file_name(name))


def download(body: str | bytes, content_type: str, file: str) -> Response:
    """Returns an answer that a browser saves as `file`."""
    answer = Response(body, content_type=content_type)
    answer.headers["Content-Disposition"] = f"attachment; filename={file}"
    return answer


def safe(field: Field) -> Field:
    """Puts an apostrophe before text that a spreadsheet would run; the sheet then shows it as text.

    Text that already begins so gets one more: `unsafe` removes exactly what was added here.
    """
    return f"'{field}" if isinstance(field, str) and _would_run(field) else field


def unsafe(text: str) -> str:
    """Returns what `safe` was given: the text as it was before it went into a file."""
    return text[1:] if text.startswith("'") and _would_run(text) else text


def file_name(name: str, ending: str = "csv") -> str:
    """Returns a name in letters that every system takes: "ruckblick-2026-1-2.csv" for "Rückblick 2026: 1/2"."""
    stem = "-".join(re.findall(r"[a-z0-9]+", folded(name)))[:80].strip("-")
    return f"{stem or 'engage'}.{ending}"
