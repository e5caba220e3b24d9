"""Updates the rows that a file changes, many at once."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from engage.errors import StaleVersion
from engage.extensions import db


def claim_all(model: Any, rows: list[dict[str, object]], columns: Iterable[str] = (), **same: object) -> None:
    """Updates each row if its version is the one that was compared. Raises StaleVersion if one has changed.

    A row holds its id as `key`, the compared version as `opened`, and each new value under `new_` and the
    column's name. All rows get the values of `same`.
    """
    if not rows:
        return
    table = model.__table__
    new = {name: sa.bindparam(f"new_{name}", type_=table.c[name].type) for name in columns}
    update = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("key"), table.c.version == sa.bindparam("opened"))
        .values(version=table.c.version + 1, **new, **same)
    )
    if db.session.connection().execute(update, rows).rowcount != len(rows):
        raise StaleVersion


def renamed(row: dict[str, object]) -> dict[str, object]:
    """Returns the new values of columns under the names that `claim_all` reads."""
    return {f"new_{name}": value for name, value in row.items()}
