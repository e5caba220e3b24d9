"""Reads the imports of the last 30 days, and the current state of what they changed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from engage import clock, snapshots
from engage.coalitions.models import Membership
from engage.coalitions.trash import queries as trash_queries
from engage.coalitions.trash.branches import AT_ONCE, hanging_on
from engage.coalitions.undo_imports.kinds import ImportKind
from engage.coalitions.undo_imports.rules import Key, Record
from engage.database import along
from engage.extensions import db
from engage.snapshots import Snapshot, SnapshotEnd, SnapshotFor

Rows = dict[str, dict[int, dict[str, Any]]]


def imports_of(coalition_id: int) -> sa.Select[Snapshot, str]:
    """Selects the coalition's imports that can be undone or were, newest first, with the name of who made each."""
    return (
        sa.select(Snapshot, Membership.name)
        .outerjoin(Membership, along(Snapshot.made_by_id, Membership))
        .where(
            Snapshot.coalition_id == coalition_id,
            Snapshot.kept_for == SnapshotFor.IMPORT,
            Snapshot.made_at > snapshots.since(clock.now()),
            sa.or_(Snapshot.ended.is_(None), Snapshot.ended == SnapshotEnd.TAKEN_BACK),
        )
        .order_by(Snapshot.made_at.desc(), Snapshot.id.desc())
    )


def import_of(coalition_id: int, copy_id: int) -> Snapshot | None:
    """Returns the import, even if it was undone, but not if it is too old."""
    copy = snapshots.copy_of(coalition_id, copy_id)
    return copy if copy is not None and copy.kept_for is SnapshotFor.IMPORT else None


def current_rows(coalition_id: int, records: Iterable[Record], *, locks: bool) -> Rows:
    """Returns the rows that still exist, by table and id. `locks` prevents other changes until the commit."""
    found: Rows = defaultdict(dict)
    by_table: dict[str, list[int]] = defaultdict(list)
    for each in records:
        if each.values is None:
            by_table[each.table].append(each.id)
    for table in db.metadata.sorted_tables:
        for ids in in_portions(by_table.get(table.name, ())):
            rows = sa.select(table).where(table.c.coalition_id == coalition_id, table.c.id.in_(ids))
            rows = rows.order_by(table.c.id)
            for row in db.session.execute(rows.with_for_update() if locks else rows).mappings():
                found[table.name][row["id"]] = dict(row)
    return found


def referring(coalition_id: int, kind: ImportKind, added: Iterable[Key]) -> Iterator[tuple[Key, Key]]:
    """Yields each row that refers to one of these rows, with the row that it refers to."""
    by_table: dict[str, list[int]] = defaultdict(list)
    for name, key in added:
        by_table[name].append(key)
    for name, keys in by_table.items():
        for each in hanging_on(name):
            if (each.table.name, each.column) in kind.along:
                continue
            column = each.table.c[each.column]
            for ids in in_portions(keys):
                rows = sa.select(each.table.c.id, column).where(
                    each.table.c.coalition_id == coalition_id, column.in_(ids)
                )
                for row_id, target in db.session.execute(rows):
                    yield (each.table.name, row_id), (name, target)


def in_portions(ids: Iterable[int]) -> Iterator[list[int]]:
    """Yields the ids in portions that fit into one statement."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


def missing_targets(coalition_id: int, records: Iterable[Record], since: Mapping[str, set[int]]) -> set[Key]:
    """Returns the records whose earlier values refer to a row that no longer exists.

    `since` are the rows that were deleted since the import, by table; SQLite may have reused their ids.
    """
    by_table: dict[str, list[Record]] = defaultdict(list)
    for each in records:
        if not each.is_added:
            by_table[each.table].append(each)
    found: set[Key] = set()
    for name, own in by_table.items():
        table = db.metadata.tables[name]
        gone = trash_queries.gone(coalition_id, table, [each.values or each.before or {} for each in own])
        for column, target in trash_queries.pointers(table).items():
            ids = gone.get(column, set()) | since.get(target.name, set())
            found |= {each.key for each in own if (each.values or each.before or {}).get(column) in ids}
    return found
