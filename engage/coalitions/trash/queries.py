"""Finds what rows point at, and whether it still exists when they are restored."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.extensions import db


def pointers(table: sa.Table) -> dict[str, sa.Table]:
    """Returns the columns that point at a row of the coalition, each with the table it points into."""
    return {
        key.column_keys[-1]: key.referred_table
        for key in table.foreign_key_constraints
        if key.column_keys != ["coalition_id"]
    }


def gone(coalition_id: int, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> dict[str, set[int]]:
    """Returns by column the ids that these rows point at and that no longer exist."""
    targets = pointers(table)
    asked: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        for column in targets:
            if row.get(column) is not None:
                asked[column].add(row[column])
    return {column: ids - there(coalition_id, targets[column], ids) for column, ids in asked.items()}


def there(coalition_id: int, table: sa.Table, ids: Collection[int]) -> set[int]:
    """Returns those of these ids that exist in the coalition's table."""
    rows = sa.select(table.c.id).where(table.c.coalition_id == coalition_id, table.c.id.in_(ids))
    return set(db.session.scalars(rows))


def who_left(coalition_id: int, ids: Collection[int]) -> dict[int, str]:
    """Returns the names of those of these people who have left; they get nothing new."""
    if not ids:
        return {}
    rows = sa.select(Membership.id, Membership.name).where(
        Membership.coalition_id == coalition_id, Membership.id.in_(ids), Membership.left_on.is_not(None)
    )
    return dict(db.session.execute(rows).all())
