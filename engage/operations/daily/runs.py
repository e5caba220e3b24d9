"""Records when a scheduled job of the whole installation was last done."""

from contextlib import suppress
from datetime import datetime

import sqlalchemy as sa

from engage.config import Config
from engage.database import insert
from engage.operations.models import Run
from engage.operations.rules import RunKind


def noting(dialect: str, kind: RunKind, ended_at: datetime, counts: dict[str, int]) -> sa.Insert:
    """Returns the statement that records a run, replacing the earlier record."""
    now = {"ended_at": ended_at, "counts": counts}
    said = insert(Run, dialect).values(kind=kind, **now)
    new: sa.Insert = said.on_conflict_do_update(index_elements=["kind"], set_=now)
    return new


def note(config: Config, kind: RunKind, ended_at: datetime, counts: dict[str, int]) -> None:
    """Records the run in its own transaction.

    If the database cannot store the record (an older schema, a full disk), the work itself is not undone, and
    its time stays unknown.
    """
    engine = sa.create_engine(config.SQLALCHEMY_DATABASE_URI, poolclass=sa.pool.NullPool)
    with suppress(sa.exc.DBAPIError), engine.begin() as connection:
        connection.execute(noting(engine.dialect.name, kind, ended_at, counts))
