"""Reads the trash and who may restore from it, and finds whether rows that a copy refers to still exist."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engage import snapshots
from engage.coalitions.models import Membership
from engage.coalitions.permissions import LEAD_MAY_THERE, may
from engage.coalitions.queries import leads_a_group
from engage.coalitions.rules import Role
from engage.coalitions.trash.kinds import DELETED_PRIVATE, all_kinds
from engage.extensions import db
from engage.history import HistoryEntry
from engage.snapshots import Snapshot, SnapshotEnd, SnapshotFor

# -- the copies in the trash


def copies_for(membership: Membership) -> sa.Select[Snapshot]:
    """Selects the copies in the trash that this person sees: all for a coordinator, else their own deletions."""
    rows = snapshots.waiting(membership.coalition_id, SnapshotFor.TRASH)
    own = Snapshot.made_by_id == membership.id
    if membership.role is Role.COORDINATOR:
        return rows.where(sa.or_(own, Snapshot.what != DELETED_PRIVATE))
    return rows.where(own, Snapshot.thing.in_(_restorable(membership)))


def _restorable(membership: Membership) -> list[str]:
    mine = [kind.table for kind in all_kinds() if may(membership.role, kind.permission)]
    # Leads may restore what they deleted in their group, as long as they lead a group.
    of_lead = [kind.table for kind in all_kinds() if kind.permission in LEAD_MAY_THERE]
    return [*mine, *of_lead] if leads_a_group(membership) else mine


def last_of(membership: Membership) -> Snapshot | None:
    """Returns the copy of what this person deleted last and can restore."""
    own = copies_for(membership).where(Snapshot.made_by_id == membership.id)
    return db.session.scalars(own.limit(1)).first()


def copy_for(membership: Membership, copy_id: int) -> Snapshot | None:
    """Returns a copy that this person may restore, even if it is past its time in the trash."""
    copy = snapshots.copy_of(membership.coalition_id, copy_id)
    if copy is None or copy.kept_for is not SnapshotFor.TRASH:
        return None
    return copy if may_restore(membership, copy) else None


def may_restore(membership: Membership, copy: Snapshot) -> bool:
    """Returns whether the person may restore the copy: a coordinator, or who deleted it if the role still allows it."""
    if copy.made_by_id == membership.id and copy.thing in _restorable(membership):
        return True
    return membership.role is Role.COORDINATOR and copy.what != DELETED_PRIVATE


def holding(membership: Membership, name: str, key: int) -> Snapshot | None:
    """Returns the copy with this row of the table `name`; if `name` is a key for numbers, with this number."""
    return _with(snapshots.waiting(membership.coalition_id, SnapshotFor.TRASH), name, key)


def undone_import_with(membership: Membership, name: str, key: int) -> Snapshot | None:
    """Returns the import that added this row, named as for `holding`, if the import was undone."""
    rows = sa.select(Snapshot).where(
        Snapshot.coalition_id == membership.coalition_id,
        Snapshot.kept_for == SnapshotFor.IMPORT,
        Snapshot.ended == SnapshotEnd.TAKEN_BACK,
    )
    return _with(rows, name, key)


def _with(copies: sa.Select[Snapshot], name: str, key: int) -> Snapshot | None:
    text = sa.cast(Snapshot.holds, sa.Text)
    # The database filters out nearly all other copies, so that a full trash is not read for one row.
    rows = copies.where(text.contains(f'"{name}"', autoescape=True), text.contains(str(key)))
    return next((copy for copy in db.session.scalars(rows) if key in copy.holds.get(name, ())), None)


def deleted_since(coalition_id: int, moment: datetime) -> dict[str, set[int]]:
    """Returns, by table, the ids of rows that were deleted or merged into another row since that time.

    Restored rows are left out. SQLite may give the id of a deleted row to a new row, so an existing id may be
    that of another thing.
    """
    rows = sa.select(Snapshot.holds).where(
        Snapshot.coalition_id == coalition_id,
        Snapshot.kept_for == SnapshotFor.TRASH,
        Snapshot.made_at >= moment,
        sa.or_(Snapshot.ended.is_(None), Snapshot.ended != SnapshotEnd.RESTORED),
    )
    found: dict[str, set[int]] = defaultdict(set)
    for holds in db.session.scalars(rows):
        for name, ids in holds.items():
            found[name].update(ids)
    merged = sa.select(HistoryEntry.thing, HistoryEntry.thing_id).where(
        HistoryEntry.coalition_id == coalition_id,
        HistoryEntry.field == "merged_into",
        HistoryEntry.happened_at >= moment,
    )
    for name, key in db.session.execute(merged):
        found[name].add(key)
    return found


# -- the rows that a copy refers to


def pointers(table: sa.Table) -> dict[str, sa.Table]:
    """Returns the columns that refer to a row of the coalition, each with the table that it refers to."""
    return {
        key.column_keys[-1]: key.referred_table
        for key in table.foreign_key_constraints
        if key.column_keys != ["coalition_id"]
    }


def gone(coalition_id: int, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> dict[str, set[int]]:
    """Returns, by column, the ids that these rows refer to and that no longer exist."""
    targets = pointers(table)
    asked: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        for column in targets:
            if row.get(column) is not None:
                asked[column].add(row[column])
    return {column: ids - there(coalition_id, targets[column], ids) for column, ids in asked.items()}


def there(coalition_id: int, table: sa.Table, ids: Collection[int]) -> set[int]:
    """Returns which of these ids exist in the coalition's table."""
    rows = sa.select(table.c.id).where(table.c.coalition_id == coalition_id, table.c.id.in_(ids))
    return set(db.session.scalars(rows))


def who_left(coalition_id: int, ids: Collection[int]) -> dict[int, str]:
    """Returns the names of these people who have left, by id; restored things are not assigned to them."""
    if not ids:
        return {}
    rows = sa.select(Membership.id, Membership.name).where(
        Membership.coalition_id == coalition_id, Membership.id.in_(ids), Membership.left_on.is_not(None)
    )
    return dict(db.session.execute(rows).all())
