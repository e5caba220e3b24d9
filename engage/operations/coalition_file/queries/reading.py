"""Parses a coalition's file: checks that it is complete, has a known format, and fits the columns."""

import json
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from engage.database import UtcDateTime
from engage.operations.coalition_file.layout import (
    COALITIONS,
    FORMAT,
    VERSION,
    Row,
    columns,
    of_itself,
    taken,
)
from engage.operations.refused import Refused

_LARGEST = 2**31 - 1
_PARTS = {"schema": str, "coalition": dict, "accounts": list, "rows": dict, "single_answers": bool}
_ACCOUNT = {"id": int, "name": str, "email": str, "disabled": bool}


def document_in(raw: bytes) -> dict[str, object]:
    """Parses the document. Raises Refused if it is not a coalition's file, or has a newer format."""
    try:
        document = json.loads(raw)
        # Half of a surrogate pair is not a character; no database can store it and no terminal can show it.
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Refused("The file is damaged: it holds half of a character (a lone surrogate).") from None
    except (ValueError, RecursionError):  # this also catches text that is not UTF-8
        raise Refused("This is not a coalition's file, or it was cut off: it is not JSON.") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Refused("This is not a coalition's file. Make one with: engage export SLUG --to FILE")
    if document.get("version") != VERSION:
        raise Refused(
            "The file was made by a newer Engage and cannot be read by this one. Upgrade Engage first."
        )
    for name, kind in _PARTS.items():
        if not isinstance(document.get(name), kind):
            raise Refused(f"The file is incomplete: “{name}” is missing.")
    for account in document["accounts"]:
        if not isinstance(account, dict) or any(
            not isinstance(account.get(key), kind) for key, kind in _ACCOUNT.items()
        ):
            raise Refused("The file is incomplete: an account has no id, name or address.")
    return document


def coalition_in(document: dict[str, object], metadata: sa.MetaData) -> Row:
    """Returns the values of the coalition's own row."""
    return _row_in(metadata.tables[COALITIONS], of_itself(metadata), document["coalition"])


def rows_in(document: dict[str, Any], metadata: sa.MetaData) -> dict[str, list[Row]]:
    """Returns the rows of every table with Python values, in the file's order; ids count from 1."""
    tables = taken(metadata)
    if unknown := sorted(document["rows"].keys() ^ {table.name for table in tables}):
        raise Refused(f"The file does not fit this version: {', '.join(unknown[:3])}.")
    found = {}
    for table in tables:
        wanted, rows = columns(table), document["rows"][table.name]
        if not isinstance(rows, list):
            raise Refused(f"The file is incomplete: {table.name} has no list.")
        found[table.name] = [_row_in(table, wanted, row) for row in rows]
        if [row["id"] for row in found[table.name]] != list(range(1, len(rows) + 1)):
            raise Refused(f"The file is incomplete: {table.name} is not counted from 1.")
    return found


def _row_in(table: sa.Table, wanted: list[sa.Column[object]], row: object) -> Row:
    if not isinstance(row, dict) or row.keys() != {column.name for column in wanted}:
        raise Refused(f"The file is incomplete: a row of {table.name} does not have the columns it should.")
    return {column.name: value_for(column, row[column.name]) for column in wanted}


def value_for(column: sa.Column[object], value: object) -> object:
    """Returns a column's Python value for a value in the file. Raises Refused."""
    try:
        return None if value is None else _typed(column.type, value)
    except (ValueError, TypeError, OverflowError):
        raise Refused(f"The file has something unexpected in {column.table.name}.{column.name}.") from None


def _typed(kind: object, value: Any) -> object:
    match kind:
        case sa.JSON():
            return value
        case UtcDateTime():
            return datetime.fromisoformat(value).astimezone(UTC)
        case sa.DateTime():  # for a table of an earlier version: the value as SQLite stores it
            return datetime.fromisoformat(value).astimezone(UTC).replace(tzinfo=None)
        case sa.Date():
            return date.fromisoformat(value)
        case sa.Boolean():
            return _one_of(value, bool)
        case sa.Integer():
            return _number(value)
        case sa.Float() | sa.Numeric():
            return float(_one_of(value, int, float))
        case sa.Enum() if kind.enum_class is not None:
            return kind.enum_class(value)
        case _:
            return _text(value, getattr(kind, "length", None))


def _one_of(value: object, *kinds: type) -> Any:
    if type(value) not in kinds:
        raise TypeError
    return value


def _number(value: object) -> int:
    if type(value) is not int or abs(value) > _LARGEST:
        raise ValueError
    return value


def _text(value: object, longest: int | None) -> str:
    if not isinstance(value, str) or "\x00" in value or (longest is not None and len(value) > longest):
        raise ValueError
    return value
