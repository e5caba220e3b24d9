"""Tables to download, as a spreadsheet opens them: CSV in UTF-8, safe against formulas."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

from flask import Response

from engage.database import folded

Field = str | int | float | None

# A spreadsheet takes text that begins with one of these, half or full width, for a formula (ASVS 1.2.10).
FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")
# Excel reads UTF-8 only behind this mark; everything else skips it.
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[Field]]) -> Response:
    """The rows as a file to save, named after `name`. None is an empty field; numbers stay numbers."""
    file = StringIO()
    file.write(MARK)
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow([safe(field) for field in head])
    writer.writerows([safe(field) for field in row] for row in rows)
    answer = Response(file.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename={file_name(name)}"
    return answer


def safe(field: Field) -> Field:
    """Text that a spreadsheet would run is led by an apostrophe, which it shows as text.

    Text that begins so by itself gets one more: `unsafe` takes off exactly what this put there.
    """
    return f"'{field}" if isinstance(field, str) and _would_run(field.lstrip("'")) else field


def unsafe(text: str) -> str:
    """What `safe` was given: the text as it was before it went into a file."""
    return text[1:] if text.startswith("'") and _would_run(text.lstrip("'")) else text


def _would_run(text: str) -> bool:
    return text.startswith(FORMULA) or text.lstrip().startswith(FORMULA)


def file_name(name: str) -> str:
    """ "Rückblick 2026: 1/2" -> "ruckblick-2026-1-2.csv": letters that every system takes."""
    stem = "-".join(re.findall(r"[a-z0-9]+", folded(name)))[:80].strip("-")
    return f"{stem or 'engage'}.csv"
