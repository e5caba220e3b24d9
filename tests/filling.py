"""Fills every table of a database at any revision with rows, from the database's own description of its tables.

    Filling().fill(connection, {"plan_goal"})

Two coalitions have rows in each of their tables. A column that may be empty is empty in one row and set in
another, and every state that a CHECK lists is in some row; keys stay within the coalition.
"""

import math
import random
import re
from collections.abc import Iterator, Mapping, Set
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, count, product
from typing import Any

import sqlalchemy as sa

from tests.operations.old_databases import reflect, rows_of

Row = dict[str, Any]
Shape = dict[str, Any]  # of a row: its columns' values, with FRESH and SOME where only a row can say

COALITIONS = 2
# Of one table's columns that depend on each other, so many combinations are tried.
TRIED = 300
DAYS = [date(2026, 3, day) for day in (1, 8, 15)]
MOMENTS = [datetime(2026, 3, day, 9, 30, 15, 250_000, UTC) for day in (1, 8, 15)]


class FRESH:
    """A value that no other row has."""


class SOME:
    """A row of the table that a key points at."""


class Filling:
    def __init__(self) -> None:
        self._numbers = count(100_001)
        self._chance = random.Random(46)
        self._schema = sa.MetaData()

    def fill(self, connection: sa.Connection, names: Set[str]) -> None:
        """Adds rows to these tables, whose definition may have changed since the last time."""
        for name in names & self._schema.tables.keys():
            self._schema.remove(self._schema.tables[name])
        reflect(connection, self._schema, names)
        there = {name: list(rows.values()) for name, rows in rows_of(connection).items()}
        for table in (table for table in self._schema.sorted_tables if table.name in names):
            self._fill(connection, table, there)
            assert there[table.name], f"no row fits {table.name}"
            lacking = list(_lacking(table, there[table.name]))
            assert lacking == [], f"{table.name}: no row has {lacking}"

    def _fill(self, connection: sa.Connection, table: sa.Table, there: dict[str, list[Row]]) -> None:
        owners: list[int | None] = [None]
        if "coalition_id" in table.c:
            owners = sorted(row["id"] for row in there["coalitions_coalition"])[:COALITIONS]
        shapes = self._shapes(connection, table)
        for owner in owners:
            shapes.reverse()  # where there is room for one row, it is another one in each coalition
            left = [shape for shape in shapes if not self._inserted(connection, table, shape, owner, there)]
            for shape in left:  # now there is something of the same table to point at
                self._inserted(connection, table, shape, owner, there)
        for name, empty in _lacking(table, there[table.name]):
            rows = (
                self._row(table, shape, owner, there)
                for owner in owners
                for shape in shapes
                if (shape[name] is None) is empty
            )
            # This column alone, if it may stand so: with the whole row, another column could be lacking again.
            any(
                row
                and (
                    self._updated(connection, table, _only(row, name), there)
                    or self._updated(connection, table, row, there)
                )
                for row in rows
            )

    def _inserted(
        self,
        connection: sa.Connection,
        table: sa.Table,
        shape: Shape,
        owner: int | None,
        there: dict[str, list[Row]],
    ) -> bool:
        """Returns whether the database took such a row.

        Some are refused, since another one has what must be unique.
        """
        for _attempt in range(5):
            row = self._row(table, shape, owner, there)
            if row is None:
                return False
            if _taken(connection, sa.insert(table).values(row)):
                there[table.name].append(row)
                return True
        return False

    def _updated(
        self, connection: sa.Connection, table: sa.Table, row: Row, there: dict[str, list[Row]]
    ) -> bool:
        """Updates the one row that a coalition may have to look like this one; returns whether it worked."""
        plain = {
            name: value
            for name, value in row.items()
            if not _is_unique(table, name) and not any(name in key for key in _keys(table))
        }
        mine = [each for each in there[table.name] if each.get("coalition_id") == row.get("coalition_id")]
        self._chance.shuffle(mine)
        for each in mine:
            if plain and _taken(connection, sa.update(table).where(table.c.id == each["id"]).values(plain)):
                each |= plain
                return True
        return False

    def _row(
        self, table: sa.Table, shape: Shape, owner: int | None, there: dict[str, list[Row]]
    ) -> Row | None:
        """Returns the row; None if there is nothing to point at."""
        row = {name: self._fresh(table.c[name]) if value is FRESH else value for name, value in shape.items()}
        if owner is not None:
            row["coalition_id"] = owner
        for key in sorted(
            table.foreign_key_constraints, key=lambda key: (-len(key.elements), key.column_keys)
        ):
            pairs = [(element.parent.name, element.column.name) for element in key.elements]
            if any(row[here] is None for here, _there in pairs):
                continue
            fitting = [
                other
                for other in there[key.referred_table.name]
                if all(row[mine] in (SOME, other[its]) for mine, its in pairs)
            ]
            if not fitting:
                return None
            other = self._chance.choice(fitting)
            row |= {mine: other[its] for mine, its in pairs}
        return row

    def _fresh(self, column: sa.Column[Any]) -> Any:
        number = next(self._numbers)
        kind = column.type
        if isinstance(kind, sa.String):
            return f"{number} {column.name} ñ"[: kind.length]
        if isinstance(kind, sa.Integer):
            return number
        if isinstance(kind, sa.JSON):
            return {column.name: [number, None, "ñ"]}
        if isinstance(kind, sa.DateTime):
            return _moment(kind, MOMENTS[0] + timedelta(minutes=number))
        if isinstance(kind, sa.Date):
            return DAYS[0] + timedelta(days=number % 5000)
        return number + 0.5

    def _shapes(self, connection: sa.Connection, table: sa.Table) -> list[Shape]:
        """Returns so many rows that each value of each column is in one of them."""
        covers = [self._cover(connection, table, group) for group in _groups(table)]
        longest = max(map(len, covers))
        return [
            {name: value for cover in covers for name, value in cover[turn % len(cover)].items()}
            for turn in range(longest)
        ]

    def _cover(self, connection: sa.Connection, table: sa.Table, columns: list[str]) -> list[Shape]:
        """Returns few combinations of these columns' values that contain each possible value once."""
        checks = [check for check in _checks(table) if set(_mentioned(table, check)) & set(columns)]
        if not checks:
            return [{name: value} for name in columns for value in _domain(table, name)]
        domains = []
        for name in columns:
            alone = [check for check in checks if _mentioned(table, check) == [name]]
            values = [{name: value} for value in _domain(table, name)]
            domains.append([shape[name] for shape in _passing(connection, table, values, alone)])
        if math.prod(map(len, domains)) <= TRIED:
            tried = [dict(zip(columns, values, strict=True)) for values in product(*domains)]
        else:
            tried = [
                {name: self._chance.choice(domain) for name, domain in zip(columns, domains, strict=True)}
                for _turn in range(TRIED)
            ]
        fitting = _passing(connection, table, tried, checks)
        assert fitting, f"nothing fits {table.name} {columns}: {checks}"
        return list(_few_of(fitting))


def _only(row: Row, name: str) -> Row:
    return {key: value for key, value in row.items() if key in {name, "coalition_id"}}


def _lacking(table: sa.Table, rows: list[Row]) -> Iterator[tuple[str, bool]]:
    """Yields columns that may be empty and never are, and those that always are."""
    for name in (column.name for column in table.c if column.nullable):
        found = {row[name] is None for row in rows}
        yield from ((name, empty) for empty in (True, False) if empty not in found)


def _taken(connection: sa.Connection, statement: sa.Insert | sa.Update) -> bool:
    """Returns whether the database took it, which refuses what is there already."""
    try:
        with connection.begin_nested():
            connection.execute(statement)
    except sa.exc.IntegrityError:
        return False
    return True


def _few_of(fitting: list[Shape]) -> Iterator[Shape]:
    """Yields shapes until every value was there, and of every two columns each way of being set or empty."""
    parts = [_parts(shape) for shape in fitting]
    wanted = set().union(*parts)
    while wanted:
        best = max(range(len(parts)), key=lambda number: len(wanted & parts[number]))
        wanted -= parts[best]
        yield fitting[best]


def _parts(shape: Shape) -> set[object]:
    whether = [(name, value is None) for name, value in shape.items()]
    return {(name, str(value)) for name, value in shape.items()} | set(combinations(whether, 2))


def _checks(table: sa.Table) -> list[str]:
    """Returns them in an order of their own: SQLAlchemy keeps them in a set."""
    return sorted(str(check.sqltext) for check in table.constraints if isinstance(check, sa.CheckConstraint))


def _keys(table: sa.Table) -> list[list[str]]:
    return sorted(list(key.column_keys) for key in table.foreign_key_constraints)


def _mentioned(table: sa.Table, check: str) -> list[str]:
    words = set(re.findall(r"\w+", re.sub(r"'[^']*'", "", check)))
    return [column.name for column in table.c if column.name in words]


def _groups(table: sa.Table) -> list[list[str]]:
    """Returns the columns, together if a CHECK mentions them together."""
    groups = [{column.name} for column in table.c]
    for check in _checks(table):
        names = set(_mentioned(table, check))
        together = [group for group in groups if group & names]
        groups = [group for group in groups if not group & names]
        groups.append(set().union(*together))
    return [[column.name for column in table.c if column.name in group] for group in groups if group]


def _domain(table: sa.Table, name: str) -> list[Any]:
    """Returns the values that one column might have: of its type, and those in its CHECKs."""
    column = table.c[name]
    kind = column.type
    empty = [None] if column.nullable else []
    if any(name in key for key in _keys(table)):
        return [SOME, *empty]
    checks = [check for check in _checks(table) if name in _mentioned(table, check)]
    if isinstance(kind, sa.Boolean):
        return [True, False, *empty]
    if not checks:
        blank = [""] if isinstance(kind, sa.String) and not _is_unique(table, name) else []
        return [FRESH, *blank, *empty]
    if isinstance(kind, sa.String):
        spoken = [word for check in checks for word in re.findall(r"'([^']*)'", check)]
        return [FRESH, *dict.fromkeys(spoken), *empty]
    if isinstance(kind, sa.DateTime):
        return [*(_moment(kind, moment) for moment in MOMENTS), *empty]
    if isinstance(kind, sa.Date):
        return [*([FRESH] if _is_unique(table, name) else DAYS), *empty]
    if isinstance(kind, sa.JSON):
        return [FRESH, *empty]
    plain = (re.sub(r"'[^']*'", "", check) for check in checks)
    numbers = [float(word) for check in plain for word in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?", check)]
    near = sorted({number + step for number in numbers for step in (-1, 0, 1)})
    return [FRESH, *(near if isinstance(kind, sa.Double | sa.Float) else map(int, near)), *empty]


def _is_unique(table: sa.Table, name: str) -> bool:
    """Returns whether it is unique, alone or with others."""
    keys = (
        key for key in table.constraints if isinstance(key, sa.UniqueConstraint | sa.PrimaryKeyConstraint)
    )
    return any(name in each.columns for each in [*keys, *(index for index in table.indexes if index.unique)])


def _moment(kind: sa.DateTime, moment: datetime) -> datetime:
    return moment if kind.timezone else moment.replace(tzinfo=None)


_STANDS_FOR: Mapping[type, Any] = {
    sa.String: "x",
    sa.JSON: {},
    sa.Double: 200_000.5,
    sa.Integer: 200_000,
    sa.Date: DAYS[0],
}


def _stand_in(kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    """Returns a value for a CHECK in place of one that is not known yet."""
    if value is SOME:
        return 1
    if value is FRESH:
        return next((stand for type_, stand in _STANDS_FOR.items() if isinstance(kind, type_)), None)
    return value


def _passing(
    connection: sa.Connection, table: sa.Table, shapes: list[Shape], checks: list[str]
) -> list[Shape]:
    """Returns those that the database itself finds valid. A CHECK that cannot be decided passes, as in a table."""
    if not checks:
        return shapes
    types = {name: table.c[name].type for name in shapes[0]}
    candidate = sa.table(
        "candidate", sa.column("number__"), *(sa.column(name, types[name]) for name in types)
    )
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE candidate AS SELECT 0 AS number__, {', '.join(types)} FROM {table.name} WHERE 1 = 0"
    )
    rows = [{name: _stand_in(types[name], value) for name, value in shape.items()} for shape in shapes]
    connection.execute(sa.insert(candidate), [{"number__": number, **row} for number, row in enumerate(rows)])
    right = " AND ".join(f"({check}) IS NOT FALSE" for check in checks)
    found = connection.exec_driver_sql(
        f"SELECT number__ FROM candidate WHERE {right} ORDER BY number__"
    ).scalars()
    passing = [shapes[number] for number in found]
    connection.exec_driver_sql("DROP TABLE candidate")
    return passing
