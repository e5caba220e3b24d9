"""Lost-update protection: the form carries the version it was opened with, the database compares it."""

from typing import Any

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from engage.errors import StaleVersion
from engage.extensions import db


def claim_version(row: Any, version: int) -> None:
    """Move the row from `version` to the next in one UPDATE, before its fields are set.

    Raises StaleVersion, with nothing changed, when somebody else saved after the form was opened.
    """
    model, key = type(row), row.id
    claimed = (
        sa.update(model)
        .where(model.id == key, model.version == version)
        .values(version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(claimed).rowcount != 1:  # type: ignore[attr-defined]
        # The view answers with both texts and writes nothing: let go of the write lock before it reads on.
        db.session.rollback()
        if db.session.scalar(sa.select(model.id).where(model.id == key)) is None:
            raise NotFound  # somebody removed it meanwhile
        db.session.refresh(row)
        raise StaleVersion
    db.session.refresh(row, ["version"])
