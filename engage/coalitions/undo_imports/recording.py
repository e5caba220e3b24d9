"""Records what an import changes, by comparing its tables before and after."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from engage import snapshots
from engage.coalitions.audit.service import Actor
from engage.coalitions.service import lock
from engage.coalitions.trash import kinds as trash_kinds
from engage.coalitions.trash.branches import DERIVED
from engage.coalitions.undo_imports.kinds import ImportKind, kind_of
from engage.coalitions.undo_imports.rules import Key, Record, records_of, worth_keeping
from engage.extensions import db
from engage.snapshots import Snapshot, SnapshotFor

Plain = dict[str, Any]
# A copy counts the changed rows of a table under its name with this before it.
CHANGED = "changed "


class Recorded(Struct):
    """What an import changed, as a copy that can be undone; None if it changed nothing."""

    copy: Snapshot | None = None


@contextmanager
def recorded(actor: Actor, key: str, file: str = "") -> Iterator[Recorded]:
    """Records what is written to the kind's tables within the block, so that it can be undone.

    `file` says what kind of file it was.
    """
    kind, found = kind_of(key), Recorded()
    hold(kind, actor.coalition_id)
    before = {name: _rows(actor.coalition_id, name) for name in _in_order(kind)}
    yield found
    db.session.flush()
    records: list[Record] = []
    parents: dict[Key, Key] = {}
    for name in _in_order(kind):
        after = _rows(actor.coalition_id, name)
        differing = _own(kind, actor, records_of(name, before[name], after), after)
        records += differing
        if name in kind.parts:
            for each in differing:
                row = after.get(each.id) or before[name][each.id]
                parents[each.key] = (parent_table(kind, name), row[kind.parts[name]])
    kept = worth_keeping(records, parents)
    if kept:
        found.copy = _keep(actor, kind, file, kept)


def hold(kind: ImportKind, coalition_id: int) -> None:
    """Locks the coalition, then the kind's locked rows, until the commit."""
    lock(coalition_id)
    for name in _in_order(kind):
        if name in kind.locked:
            table = db.metadata.tables[name]
            rows = sa.select(table.c.id).where(table.c.coalition_id == coalition_id).order_by(table.c.id)
            db.session.execute(rows.with_for_update())


def _own(kind: ImportKind, actor: Actor, found: list[Record], after: Mapping[int, Plain]) -> list[Record]:
    """Returns the records that are the import's, although someone else may have written to the table."""
    return [
        each
        for each in found
        if each.table not in kind.authors
        or (
            after[each.id][kind.authors[each.table]] == actor.id
            if each.is_added
            else each.table in kind.locked
        )
    ]


def parent_table(kind: ImportKind, part: str) -> str:
    """Returns the table to whose rows this kind's part belongs."""
    table, column = db.metadata.tables[part], kind.parts[part]
    return next(
        key.referred_table.name
        for key in table.foreign_key_constraints
        if key.column_keys[-1] == column and key.referred_table.name in kind.tables
    )


def plain(row: Mapping[str, object]) -> Plain:
    """Returns a row's values in JSON's form, without the coalition, the id, and what is made from other columns."""
    left_out = {"id", "coalition_id", *DERIVED}
    return {name: snapshots.plain(value) for name, value in row.items() if name not in left_out}


def _in_order(kind: ImportKind) -> list[str]:
    """Returns the kind's tables, each after the tables that it refers to."""
    return [table.name for table in db.metadata.sorted_tables if table.name in kind.tables]


def _rows(coalition_id: int, name: str) -> dict[int, Plain]:
    table = db.metadata.tables[name]
    rows = sa.select(table).where(table.c.coalition_id == coalition_id).order_by(table.c.id)
    return {row["id"]: plain(dict(row)) for row in db.session.execute(rows).mappings()}


def _keep(actor: Actor, kind: ImportKind, file: str, records: list[Record]) -> Snapshot:
    first = next((each for each in records if each.table in kind.counted), records[0])
    ids: dict[str, list[int]] = {}
    for name in kind.counted:
        ids[name] = [each.id for each in records if each.table == name and each.is_added]
        ids[CHANGED + name] = [each.id for each in records if each.table == name and each.before is not None]
    return snapshots.keep(
        actor.coalition_id,
        actor.id,
        SnapshotFor.IMPORT,
        f"{kind.key}.{file}",
        [_stored(each) for each in records],
        thing=first.table,
        thing_id=first.id,
        holds=ids | _numbers(ids),
    )


def _numbers(ids: dict[str, list[int]]) -> dict[str, list[int]]:
    """Returns the numbers of added rows, by which people look for them, under the key that the trash uses."""
    found = {}
    for name, keys in ids.items():
        if (numbered := trash_kinds.numbered(name)) is not None:
            table = db.metadata.tables[name]
            found[numbered.key] = list(
                db.session.scalars(
                    sa.select(table.c.number).where(table.c.id.in_(keys)).order_by(table.c.number)
                )
            )
    return found


def _stored(record: Record) -> Plain:
    stored: Plain = {"table": record.table, "id": record.id}
    for name in ("state", "before", "values"):
        if value := getattr(record, name):
            stored[name] = value
    return stored
