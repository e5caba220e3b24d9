"""Writes the rows that a file changes, many at once."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from engage.errors import StaleVersion
from engage.extensions import db


def claim_all(model: Any, rows: list[dict[str, Any]], columns: Iterable[str] = (), **same: object) -> None:
    """Updates each row from the version that was compared. Raises StaleVersion if a row has changed since.

    A row holds its id as `key`, that version as `opened`, and the new value of a column as `new_` and its name.
    All rows get the values of `same`.
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


def renamed(row: dict[str, Any]) -> dict[str, object]:
    """Returns the new values of columns under the names that `claim_all` reads."""
    return {f"new_{name}": value for name, value in row.items()}
