"""Prevents lost updates: the form carries the version it was opened with, and the database compares it."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value
from werkzeug.exceptions import NotFound

from engage.errors import StaleVersion
from engage.extensions import db
from engage.history import Author, set_fields


def claim_version(row: Any, version: int, name: str = "version") -> None:
    """Moves the row from `version` to the next in one UPDATE, before its fields are set.

    `name` is the version's column, if parts of a row are edited separately. Raises StaleVersion, with nothing
    changed, if someone else saved after the form was opened.
    """
    key = row.id
    asked = {"this_row": key, "opened_with": version, name: version + 1}
    claimed = db.session.execute(_claim(type(row).__table__, name), asked)
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        _refuse(row, key)
    set_committed_value(row, name, version + 1)


# The statement is built once for each table, because every change of a row runs it.
@lru_cache
def _claim(table: Any, name: str) -> sa.Update:
    """Returns the UPDATE statement, which also sets the given fields."""
    return sa.update(table).where(
        table.c.id == sa.bindparam("this_row"), table.c[name] == sa.bindparam("opened_with")
    )


def _refuse(row: Any, key: int) -> NoReturn:
    # After this error the view only reads, to show both texts, so the write lock is released first.
    db.session.rollback()
    model = type(row)
    if db.session.scalar(sa.select(model.id).where(model.id == key)) is None:
        raise NotFound  # someone else deleted the row
    db.session.refresh(row)
    raise StaleVersion


def change(
    actor: Author, row: object, version: int, values: Mapping[str, object], kept: Collection[str] = ()
) -> None:
    """Claims the version, sets fields by name and records changes, with the values of those in `kept`.

    Raises StaleVersion.
    """
    claim_version(row, version)
    set_fields(actor, row, values, kept)


def save_as_version(row: Any, version: int) -> None:
    """Does in one UPDATE what `claim_version` does, for a row whose fields are set already.

    The new values are lost if it raises StaleVersion.
    """
    key, table = row.id, type(row).__table__
    state = sa.inspect(row)
    changed = {name: row.__dict__[name] for name in state.committed_state if name in table.c}
    changed["version"] = version + 1
    asked = {"this_row": key, "opened_with": version, **changed}
    claimed = db.session.connection().execute(_claim(table, "version"), asked)
    if claimed.rowcount != 1:
        _refuse(row, key)
    # The row now equals what is in the database, so the commit finds nothing to write.
    for name, value in changed.items():
        set_committed_value(row, name, value)


def claim_all(model: Any, rows: Sequence[tuple[int, int, Mapping[str, object]]], **same: object) -> None:
    """Updates many rows, each given as (id, version, new values), in one statement.

    All rows have new values for the same columns, and also get those of `same`. Raises StaleVersion if one of them has
    changed since that version; the caller rolls back.
    """
    if not rows:
        return
    table = model.__table__
    new = {name: sa.bindparam(f"new_{name}", type_=table.c[name].type) for name in rows[0][2]}
    update = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("this_row"), table.c.version == sa.bindparam("opened_with"))
        .values(version=table.c.version + 1, **new, **same)
    )
    asked = [
        {"this_row": key, "opened_with": version, **{f"new_{name}": value for name, value in values.items()}}
        for key, version, values in rows
    ]
    if db.session.connection().execute(update, asked).rowcount != len(asked):
        raise StaleVersion
