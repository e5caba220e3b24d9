"""Reads a row with all rows that depend on it, unlinks those that stay, and deletes the rest."""

from collections import defaultdict
from collections.abc import Mapping
from enum import Enum, auto
from functools import cache

import sqlalchemy as sa
from msgspec import Struct, field

from engage import snapshots
from engage.coalitions.trash.kinds import Kind, Row, let_go_of, taken_along
from engage.extensions import db

# Columns derived from others. They are computed again when the row is restored, so that a copy does not hold
# a text twice.
DERIVED = frozenset({"search_key"})
# SQLite accepts at least this many values in a statement.
AT_ONCE = 5000


class Held(Exception):
    """Another row refers to this one, so it cannot be deleted."""


class Way(Enum):
    """What happens to a row when the row it refers to is deleted: it is deleted, is unlinked, or prevents this."""

    GOES = auto()
    STAYS = auto()
    HOLDS = auto()


class Hanging(Struct, frozen=True):
    """A table whose `column` refers to another table, and what happens to its rows when the other row is deleted."""

    table: sa.Table
    column: str
    way: Way

    @property
    def goes(self) -> bool:
        return self.way is Way.GOES


@cache
def hanging_on(name: str) -> tuple[Hanging, ...]:
    """Returns every table that refers to this one."""
    return tuple(
        Hanging(table, key.column_keys[-1], _way(table, key))
        for table in db.metadata.sorted_tables
        for key in sorted(table.foreign_key_constraints, key=lambda key: str(key.name))
        if key.referred_table.name == name
    )


def _way(table: sa.Table, key: sa.ForeignKeyConstraint) -> Way:
    column = key.column_keys[-1]
    if key.ondelete == "CASCADE" or (table.name, column) in taken_along():
        return Way.GOES
    if (table.name, column) not in let_go_of():
        return Way.HOLDS
    assert table.c[column].nullable, f"{table.name}.{column} cannot let go"
    return Way.STAYS


class Branch(Struct):
    """A row and all that depends on it: rows by table and id; unlinked rows as (table, id, column, old value)."""

    rows: dict[str, dict[int, Row]] = field(default_factory=lambda: defaultdict(dict))
    loose: list[tuple[str, int, str, int]] = field(default_factory=list)

    def ids(self, table: str) -> list[int]:
        return sorted(self.rows[table]) if table in self.rows else []

    def numbers(self, table: str) -> list[int]:
        return sorted(row["number"] for row in self.rows.get(table, {}).values())


def branch_of(coalition_id: int, table: sa.Table, key: int) -> Branch:
    """Reads a row and all that depends on it, level by level. Raises Held.

    Each level is locked until the commit before the next one is read, so that nothing can be added in
    between.
    """
    found = Branch()
    level = [(table, _read(found, coalition_id, table, table.c.id, [key]))]
    while level:
        here, ids = level.pop(0)
        for each in hanging_on(here.name) if ids else ():
            column = each.table.c[each.column]
            if each.goes:
                level.append((each.table, _read(found, coalition_id, each.table, column, ids)))
            else:
                found.loose += _pointing(coalition_id, each, ids)
    return found


def _pointing(coalition_id: int, each: Hanging, ids: list[int]) -> list[tuple[str, int, str, int]]:
    column = each.table.c[each.column]
    rows = sa.select(each.table.c.id, column).where(
        each.table.c.coalition_id == coalition_id, column.in_(ids)
    )
    found = db.session.execute(rows).all()
    if found and each.way is Way.HOLDS:
        raise Held
    return [(each.table.name, row_id, each.column, was) for row_id, was in found]


def _read(
    found: Branch, coalition_id: int, table: sa.Table, column: sa.Column[object], ids: list[int]
) -> list[int]:
    rows = sa.select(table).where(table.c.coalition_id == coalition_id, column.in_(ids))
    known, fresh = found.rows[table.name], []
    for row in db.session.execute(rows.order_by(table.c.id).with_for_update()).mappings():
        if row["id"] not in known:
            known[row["id"]] = dict(row)
            fresh.append(row["id"])
    return fresh


def copied(found: Branch) -> list[dict[str, object]]:
    """Returns the rows for a copy, in the order in which they can be restored."""
    return [
        {
            "table": table.name,
            "id": key,
            "values": {name: snapshots.plain(value) for name, value in row.items() if name not in DERIVED},
        }
        for table in db.metadata.sorted_tables
        for key, row in found.rows.get(table.name, {}).items()
    ]


def let_go(kind: Kind, found: Branch) -> list[dict[str, object]]:
    """Unlinks the rows that refer to deleted ones but stay; returns each of them with its old and new values."""
    rows: list[dict[str, object]] = []
    by_left: dict[tuple[str, tuple[tuple[str, object], ...]], list[int]] = defaultdict(list)
    for table, key, column, was in found.loose:
        if key in found.rows.get(table, {}):
            continue
        put, left = _put_and_left(kind, table, column, was, found.rows)
        rows.append({"table": table, "id": key, "put": put, "left": left})
        by_left[table, tuple(left.items())].append(key)
    for (table, values), ids in by_left.items():
        target = db.metadata.tables[table]
        db.session.execute(sa.update(target).where(target.c.id.in_(ids)).values(dict(values)))
    return rows


def _put_and_left(
    kind: Kind, table: str, column: str, was: int, rows: Mapping[str, Mapping[int, Row]]
) -> tuple[Row, Row]:
    put, left = ({}, {}) if kind.let_go is None else kind.let_go(table, column, was, rows)
    return {column: was} | put, {column: None} | left


def erase(found: Branch) -> None:
    for table in reversed(db.metadata.sorted_tables):
        ids = list(found.rows.get(table.name, ()))
        for start in range(0, len(ids), AT_ONCE):
            db.session.execute(sa.delete(table).where(table.c.id.in_(ids[start : start + AT_ONCE])))
