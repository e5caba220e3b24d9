"""Reads a file's bytes as rows of a table; detects encoding and delimiter. Plain Python."""

import csv
import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from enum import StrEnum
from io import StringIO
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from engage.limits import LONGEST_CELL, MOST_COLUMNS, MOST_FILE_BYTES, MOST_ROWS

# A list may begin with a title or a date before the names of its columns.
HEADS_WITHIN = 10


# The signs that may separate cells.
SIGNS = ",;\t"


class Trouble(StrEnum):
    """The reasons why a file cannot be read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WORKBOOK = "workbook"
    NO_TEXT = "no_text"
    NO_TABLE = "no_table"
    OPEN_QUOTE = "open_quote"
    AFTER_QUOTE = "after_quote"
    LONG_CELL = "long_cell"
    MANY_ROWS = "many_rows"
    MANY_COLUMNS = "many_columns"
    NO_ROWS = "no_rows"
    CARD = "card"
    LOST = "lost"
    OTHER_JSON = "other_json"
    NEWER = "newer"


class Unreadable(Exception):
    """The file cannot be read. `row` says where, counted as in a spreadsheet; 0 means the whole file."""

    def __init__(self, trouble: Trouble, row: int = 0) -> None:
        super().__init__(trouble, row)
        self.trouble = trouble
        self.row = row


class Record(Struct, frozen=True):
    """A row that is not empty. `number` counts from 1 and includes empty rows, as in a spreadsheet."""

    number: int
    cells: tuple[str, ...]

    def cell(self, column: int) -> str:
        return self.cells[column] if column < len(self.cells) else ""


class ReadFile(Struct, frozen=True):
    """A file that was read: its rows."""

    records: tuple[Record, ...]
    # The names of columns that the target never reads; nothing of them is in `records`.
    unread: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return max((len(record.cells) for record in self.records), default=0)

    def only(self, columns: Container[int], heading: int) -> "ReadFile":
        """Returns the file with these columns; of the others it keeps only the names in the row `heading`."""

        def cells(record: Record) -> tuple[str, ...]:
            if record.number == heading:
                return record.cells
            return tuple(cell if at in columns else "" for at, cell in enumerate(record.cells))

        rows = (replace(record, cells=without_empty_end(cells(record))) for record in self.records)
        return replace(self, records=tuple(row for row in rows if row.cells))

    def written(self) -> bytes:
        """Returns the file as CSV in UTF-8, with each row at its number. Whoever reads it has no sign to guess."""
        file = StringIO()
        file.write("sep=,\r\n")
        writer, line = csv.writer(file, quoting=csv.QUOTE_ALL), 0
        for record in self.records:
            file.write("\r\n" * (record.number - line - 1))
            writer.writerow(record.cells)
            line = record.number
        return file.getvalue().encode("utf-8", "replace")

    def below(self, heading: int) -> tuple[Record, ...]:
        """Returns the rows below the row with this number; all rows for 0."""
        return tuple(record for record in self.records if record.number > heading)


def read(raw: bytes, most_bytes: int = MOST_FILE_BYTES, most_columns: int = MOST_COLUMNS) -> ReadFile:
    """Returns the table in a file, and detects how it is written. Raises Unreadable."""
    if len(raw) > most_bytes:
        raise Unreadable(Trouble.TOO_LARGE)
    if _OTHERS.match(raw):
        raise Unreadable(Trouble.NO_TABLE)
    text = decoded(raw)
    if not text.strip():
        raise Unreadable(Trouble.EMPTY)
    # Spreadsheet programs write this first line for their own use, and do not count it as a row.
    told = re.match(rf"sep=([{SIGNS}])(?:\r\n|\r|\n)", text)
    text = text[told.end() :] if told else text
    rows = _records(text, told[1] if told else sign_of(text))
    sheet = ReadFile(tuple(islice(rows, MOST_ROWS + HEADS_WITHIN + 1)))
    if len(sheet.records) > MOST_ROWS + HEADS_WITHIN:
        raise Unreadable(Trouble.MANY_ROWS)
    if not sheet.records:
        raise Unreadable(Trouble.EMPTY)
    if sheet.width > most_columns:
        raise Unreadable(Trouble.MANY_COLUMNS)
    return sheet


# -- encodings

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_NEVER_IN_TEXT = re.compile(r"[\x01-\x08\x0e-\x1f]")


# A PDF, a web page (some programs call one .xls), a text document or a calendar is no table.
_OTHERS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:%pdf-|<(?:!doctype|html|table|\?xml|head|body|meta)|\{\\rtf|begin:v)",
    re.IGNORECASE,
)


def decoded(raw: bytes) -> str:
    """Returns the text without its byte order mark. Raises Unreadable.

    With the mark of UTF-16 it is that, else UTF-8 or, if it is not, Windows-1252, which has all letters of Latin-1.
    """
    if raw.startswith(_WORKBOOKS):
        raise Unreadable(Trouble.WORKBOOK)
    codecs = (
        ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8", "windows-1252", "latin-1")
    )
    text = next((text for each in codecs if (text := _as(raw, each)) is not None), None)
    if (
        text is None
        or len(_NEVER_IN_TEXT.findall(text)) > len(text) / 200
        or text.count("\0") > len(text) / 10
    ):
        raise Unreadable(Trouble.NO_TEXT)
    return text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")


def _as(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return None


# -- cells


def sign_of(text: str) -> str:
    """Returns the sign that splits the first rows most evenly; if several do, the one with most cells.

    It may split some later row wrongly. The error then names that row, which is better than not splitting any
    row.
    """
    return max(SIGNS, key=lambda each: _evenness(text, each))


def _evenness(text: str, sign: str) -> tuple[bool, bool, float, int]:
    widths: list[int] = []
    is_readable = True
    try:
        for _number, cells in islice(_rows(text, sign), 200):
            widths.append(len(cells))
    except Unreadable:
        is_readable = False
    width, count = Counter(widths).most_common(1)[0] if widths else (1, 0)
    return width > 1, is_readable, count / len(widths) if width > 1 else 0, width


def _records(text: str, sign: str) -> Iterator[Record]:
    """Yields the rows that are not empty. Raises Unreadable with the row that cannot be read."""
    for number, cells in _rows(text, sign):
        if max(map(len, cells)) > LONGEST_CELL:
            raise Unreadable(Trouble.LONG_CELL, number)
        yield Record(number, without_empty_end(cells))


def _rows(text: str, sign: str) -> Iterator[tuple[int, list[str]]]:
    # Strict mode: otherwise an unclosed quote would silently swallow the rest of the file.
    reader = csv.reader(StringIO(text, newline=""), delimiter=sign, strict=True, skipinitialspace=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Unreadable(_quote_trouble(str(error)), number) from None
        if cells is None:
            return
        if any(map(_holds_something, cells)):
            yield number, cells


def _quote_trouble(said: str) -> Trouble:
    if "unexpected end" in said:
        return Trouble.OPEN_QUOTE
    return Trouble.LONG_CELL if "limit" in said else Trouble.AFTER_QUOTE


def _holds_something(cell: str) -> bool:
    return bool(cell) and not cell.isspace()


def without_empty_end(cells: Sequence[str]) -> tuple[str, ...]:
    """Drops empty cells at the end: spreadsheets write separators for columns that are empty in every row."""
    end = len(cells)
    while end and not _holds_something(cells[end - 1]):
        end -= 1
    return tuple(cells[:end])
