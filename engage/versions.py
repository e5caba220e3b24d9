"""Prevents lost updates: the form carries the version it was opened with, and the database compares it."""

from functools import cache, lru_cache
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value
from werkzeug.exceptions import NotFound

from engage.errors import StaleVersion
from engage.extensions import db


@cache
def _claim(table: sa.Table, name: str) -> sa.Update:
    """Returns the UPDATE, built once for each table because building it takes longer than running it.

    Its values have names that no column has: SQLAlchemy would set that column.
    """
    opened: sa.BindParameter[int] = sa.bindparam("opened_version")
    row = (table.c.id == sa.bindparam("claimed_id"), table.c[name] == opened)
    return sa.update(table).where(*row).values({name: opened + 1})


def claim_version(row: Any, version: int, name: str = "version") -> None:
    """Moves the row from `version` to the next in one UPDATE, before its fields are set.

    `name` is the column, if parts of a row are edited apart. Raises StaleVersion, with nothing changed, if
    someone else saved after the form was opened.
    """
    key = row.id
    claimed = db.session.execute(
        _claim(type(row).__table__, name), {"claimed_id": key, "opened_version": version}
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        _refuse(row, key)
    set_committed_value(row, name, version + 1)


def _refuse(row: Any, key: int) -> NoReturn:
    # The view answers with both texts and writes nothing: the write lock is released before it reads on.
    db.session.rollback()
    model = type(row)
    if db.session.scalar(sa.select(model.id).where(model.id == key)) is None:
        raise NotFound  # somebody removed it meanwhile
    db.session.refresh(row)
    raise StaleVersion


@lru_cache(maxsize=500)
def _claim_with(table: sa.Table, fields: tuple[str, ...]) -> sa.Update:
    opened: sa.BindParameter[int] = sa.bindparam("opened_version")
    row = (table.c.id == sa.bindparam("claimed_id"), table.c.version == opened)
    new = {name: sa.bindparam(f"new_{name}", type_=table.c[name].type) for name in fields}
    return sa.update(table).where(*row).values({**new, "version": opened + 1})


def save_as_version(row: Any, version: int) -> None:
    """Does `claim_version` for a row whose fields are set already: both in the one UPDATE.

    What was set is lost if it raises StaleVersion.
    """
    key, table = row.id, type(row).__table__
    state = sa.inspect(row)
    changed = {name: row.__dict__[name] for name in state.committed_state if name in table.c}
    values = {f"new_{name}": value for name, value in changed.items()}
    claimed = db.session.connection().execute(
        _claim_with(table, tuple(changed)), {**values, "claimed_id": key, "opened_version": version}
    )
    if claimed.rowcount != 1:
        _refuse(row, key)
    # The row is as the database holds it, so that the commit finds nothing to write.
    for name, value in {**changed, "version": version + 1}.items():
        set_committed_value(row, name, value)
