"""Lost-update protection: the form carries the version it was opened with, the database compares it."""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value
from werkzeug.exceptions import NotFound

from engage.errors import StaleVersion
from engage.extensions import db


@cache
def _claim(table: sa.Table, name: str) -> sa.Update:
    """Built once for each table: building it takes longer than running it. Its values are called as no column
    is: SQLAlchemy would set that column."""
    opened: sa.BindParameter[int] = sa.bindparam("opened_version")
    row = (table.c.id == sa.bindparam("claimed_id"), table.c[name] == opened)
    return sa.update(table).where(*row).values({name: opened + 1})


def claim_version(row: Any, version: int, name: str = "version") -> None:
    """Move the row from `version` to the next in one UPDATE, before its fields are set.

    `name` is the column, where parts of a row are edited apart. Raises StaleVersion, with nothing changed, when
    somebody else saved after the form was opened.
    """
    model, key = type(row), row.id
    claimed = db.session.execute(
        _claim(model.__table__, name), {"claimed_id": key, "opened_version": version}
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        # The view answers with both texts and writes nothing: let go of the write lock before it reads on.
        db.session.rollback()
        if db.session.scalar(sa.select(model.id).where(model.id == key)) is None:
            raise NotFound  # somebody removed it meanwhile
        db.session.refresh(row)
        raise StaleVersion
    set_committed_value(row, name, version + 1)
