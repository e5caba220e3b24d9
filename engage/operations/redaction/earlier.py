"""Removes earlier wordings of a text from copies for undo and from the adopted plan.

The row may have had another id then: a row that is restored from the trash gets a new id, and its old id may
be used again. The history says when a row was restored, and the copy that was used for that contains its old
id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from msgspec import Struct

from engage import snapshots
from engage.database import Base
from engage.extensions import db
from engage.history import HistoryEntry
from engage.snapshots import Snapshot, SnapshotEnd

# Restoring a copy and writing its history happen in one transaction, so their times are this close.
_AT_ONCE: Final = timedelta(seconds=30)
# For each table: the list in a plan's snapshot with its rows, the key there, and the columns it contains.
_IN_SNAPSHOTS: Final = {
    "plan_goal": ("goals", "id", ("title",)),
    "plan_objective": ("objectives", "id", ("title", "measure")),
    "plan_action": ("actions", "number", ("title",)),
}


class Earlier(Struct, frozen=True):
    """The id that a row had before it was deleted, or all possible ids if it is unknown which it was."""

    ids: Collection[int]
    until: datetime


def forget(coalition_id: int, table: str, columns: Mapping[int, Collection[str]], word: str) -> None:
    """Removes earlier wordings of rows. `columns` maps a row's id to the columns whose text is removed."""
    snapshots.forget(coalition_id, table, columns)
    for key, names in columns.items():
        before = list(_earlier(coalition_id, table, key))
        for each in before:
            snapshots.forget(coalition_id, table, each.ids, until=each.until)
        ids = {key, *(other for each in before for other in each.ids)}
        _forget_in_snapshots(coalition_id, table, ids, names, word)


def _earlier(coalition_id: int, table: str, key: int) -> Iterator[Earlier]:
    came_back = _restored(coalition_id, table).where(HistoryEntry.thing_id == key)
    for moment in {row.happened_at for row in db.session.execute(came_back)}:
        copy = _used_up(coalition_id, moment)
        if copy is not None:
            at_once = _restored(coalition_id, table).where(HistoryEntry.happened_at == moment)
            ids = sorted({row.thing_id for row in db.session.execute(at_once)})
            was = sorted(copy.holds.get(table, ()))
            # Rows are restored in the order of their ids, so the positions match.
            yield Earlier([was[ids.index(key)]] if len(was) == len(ids) else was, copy.made_at)


def _restored(coalition_id: int, table: str) -> sa.Select[datetime, int]:
    return sa.select(HistoryEntry.happened_at, HistoryEntry.thing_id).where(
        HistoryEntry.coalition_id == coalition_id,
        HistoryEntry.thing == table,
        HistoryEntry.field == "restored",
    )


def _used_up(coalition_id: int, moment: datetime) -> Snapshot | None:
    """Returns the copy from which a row was restored at that time; None if it is over 30 days old."""
    return db.session.scalar(
        sa.select(Snapshot)
        .where(
            Snapshot.coalition_id == coalition_id,
            Snapshot.ended == SnapshotEnd.RESTORED,
            Snapshot.ended_at.between(moment - _AT_ONCE, moment),
        )
        .order_by(Snapshot.ended_at.desc())
        .limit(1)
    )


def _forget_in_snapshots(
    coalition_id: int, table: str, ids: set[int], columns: Collection[str], word: str
) -> None:
    if table not in _IN_SNAPSHOTS:
        return
    part, by, held = _IN_SNAPSHOTS[table]
    names = _numbers(coalition_id, table, ids) if by == "number" else ids
    plans = Base.metadata.tables["plan_plan"]
    rows = sa.select(plans.c.id, plans.c.snapshot).where(
        plans.c.coalition_id == coalition_id, plans.c.snapshot.is_not(None)
    )
    for key, snapshot in db.session.execute(rows):
        lines = [
            _without(line, columns, held, word, gone=line.get(by) in names) for line in snapshot.get(part, [])
        ]
        if lines != snapshot.get(part, []):
            changed = sa.update(plans).where(plans.c.id == key)
            db.session.execute(changed.values(snapshot={**snapshot, part: lines}))


def _without(
    line: Mapping[str, object], columns: Collection[str], held: Collection[str], word: str, *, gone: bool
) -> dict[str, object]:
    removed = {name: word for name in held if gone and name in columns and line.get(name)}
    return {**line, **removed}


def _numbers(coalition_id: int, table: str, ids: Collection[int]) -> set[int]:
    rows = Base.metadata.tables[table]
    return set(
        db.session.scalars(
            sa.select(rows.c.number).where(rows.c.coalition_id == coalition_id, rows.c.id.in_(ids))
        )
    )
