"""Writes a coalition's rows into a database, with new ids, so that every reference stays in the coalition."""

from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from engage.operations.coalition_file.layout import (
    ACCOUNTS,
    COALITIONS,
    Numbers,
    Row,
    made_anew,
    pointed,
    pointers,
    taken,
    unmarked,
)
from engage.operations.refused import Refused

_AT_ONCE = 500
# These tables may refer to rows of any table and come last. No other table refers to them.
_LAST = ("history_entry", "coalitions_audit")
# References to rows that are inserted later are set at the end.
_SAID_LATER = {"plan_plan": "snapshot", "meetings_agenda_item": "about"}
Ids = dict[str, dict[int, int]]


def write(
    connection: sa.Connection,
    metadata: sa.MetaData,
    coalition_id: int,
    rows: dict[str, list[Row]],
    accounts: dict[int, int],
) -> None:
    """Inserts all rows; `accounts` maps the file's number of an account to its id here. Raises Refused."""
    ids: Ids = defaultdict(dict)
    ids[ACCOUNTS], ids[COALITIONS] = accounts, {1: coalition_id}
    numbers = Numbers(lambda table, number: ids[table].get(number), lambda _table, number: -abs(number))
    tables = sorted(taken(metadata), key=lambda table: table.name in _LAST)
    mentioned = _mentioned(tables, rows)
    for table in tables:
        made = [_fresh(table, row, numbers, coalition_id) for row in rows[table.name]]
        if table.name in _LAST:
            made = [unmarked(table, row, numbers) for row in made]
        for start in range(0, len(made), _AT_ONCE):
            insert, given = _insert(table, made[start : start + _AT_ONCE])
            if table.name in mentioned:
                returning = insert.returning(table.c.id, sort_by_parameter_order=True)
                new = connection.execute(returning, given).scalars()
                ids[table.name] |= {start + place: key for place, key in enumerate(new, start=1)}
            else:
                connection.execute(insert, given)
    for table in tables:
        for column in _own(table):
            _point(connection, table, column, rows[table.name], ids[table.name])
        if column := _SAID_LATER.get(table.name, ""):
            _say(connection, table, column, rows[table.name], numbers)


def _mentioned(tables: list[sa.Table], rows: dict[str, list[Row]]) -> set[str]:
    """Returns the tables whose new ids are needed, because other rows refer to them.

    Rows of the other tables, which are most of a file, are inserted faster: to return ids in order, SQLite
    needs a statement per row, and meanwhile no one can save.
    """
    pointed_at = {other for table in tables for other in pointers(table).values()}
    return (pointed_at | {row["thing"] for name in _LAST for row in rows.get(name, ())}) - set(_LAST)


def _own(table: sa.Table) -> list[str]:
    """Returns columns that refer to rows of the same table, which may be inserted later."""
    return [column for column, other in pointers(table).items() if other == table.name]


def _fresh(table: sa.Table, row: Row, numbers: Numbers, coalition_id: int) -> Row:
    """Returns the row to insert, without references that are set at the end."""
    row = {**row, **dict.fromkeys(_own(table))}
    changed = pointed(table, row, numbers)
    if changed is None or any(row[name] is not None and changed[name] is None for name in pointers(table)):
        raise _points_nowhere(table, row["id"])
    del changed["id"]
    anew = {name: make() for name, make in made_anew().get(table.name, {}).items() if name in table.c}
    return {**changed, **anew, "coalition_id": coalition_id}


def _points_nowhere(table: sa.Table, number: int) -> Refused:
    return Refused(f"The file is incomplete: row {number} of {table.name} points at a row that is not in it.")


def _insert(table: sa.Table, rows: list[Row]) -> tuple[sa.Insert, list[Row]]:
    """Returns the INSERT statement for the rows, and its parameters."""
    jsons = {column.name for column in table.c if isinstance(column.type, sa.JSON)} & rows[0].keys()
    # Otherwise None would be stored as JSON's null, which some CHECKs accept as a value.
    typed = {name: sa.bindparam(f"json_{name}", type_=sa.JSON(none_as_null=True)) for name in sorted(jsons)}
    given = [
        {(f"json_{name}" if name in jsons else name): value for name, value in row.items()} for row in rows
    ]
    return sa.insert(table).values(typed) if typed else sa.insert(table), given


def _point(
    connection: sa.Connection, table: sa.Table, column: str, rows: list[Row], ids: dict[int, int]
) -> None:
    changes = []
    for row in rows:
        if row[column] is not None:
            if row[column] not in ids:
                raise _points_nowhere(table, row["id"])
            changes.append({"key": ids[row["id"]], "value": ids[row[column]]})
    _update(connection, table, column, changes)


def _say(connection: sa.Connection, table: sa.Table, column: str, rows: list[Row], numbers: Numbers) -> None:
    said = [(row, unmarked(table, row, numbers)[column]) for row in rows]
    changes = [
        {"key": numbers.of(table.name, row["id"]), "value": value}
        for row, value in said
        if value != row[column]
    ]
    _update(connection, table, column, changes)


def _update(connection: sa.Connection, table: sa.Table, column: str, changes: list[dict[str, Any]]) -> None:
    if changes:
        there = sa.update(table).where(table.c.id == sa.bindparam("key"))
        value = sa.bindparam("value", type_=table.c[column].type)
        connection.execute(there.values({column: value}), changes)
