"""Deletes one coalition from the installation, with everything it holds.

Its people's accounts stay, because they may be in other coalitions.
"""

from collections.abc import Iterator

import sqlalchemy as sa

from engage.coalitions.audit.models import AuditEntry
from engage.coalitions.models import Coalition, Membership
from engage.database import Base, text_is_gone
from engage.extensions import db

# The audit log cannot be deleted while its coalition exists, and refers to memberships, so both are deleted
# by the cascade of the coalition's row.
_WITH_ITS_ROW = frozenset({AuditEntry.__tablename__, Membership.__tablename__})


def remove(coalition: Coalition) -> None:
    """Deletes every row of this coalition in every table, and then the coalition itself.

    Foreign keys cannot cascade here, because many of those between a coalition's tables restrict.
    """
    coalition_id = coalition.id
    text_is_gone()
    db.session.expunge(coalition)
    for table in reversed(Base.metadata.sorted_tables):
        if "coalition_id" in table.c:
            for column in _pointing_at_itself(table):
                here = sa.update(table).where(table.c.coalition_id == coalition_id, column.is_not(None))
                db.session.execute(here.values({column.name: None}))
            if table.name not in _WITH_ITS_ROW:
                db.session.execute(sa.delete(table).where(table.c.coalition_id == coalition_id))
    db.session.execute(sa.delete(Coalition).where(Coalition.id == coalition_id))


def _pointing_at_itself(table: sa.Table) -> Iterator[sa.Column[int]]:
    """Yields columns through which rows of a table refer to rows of the same table."""
    for key in table.foreign_key_constraints:
        if key.referred_table is table:
            yield table.c[next(name for name in key.column_keys if name != "coalition_id")]
