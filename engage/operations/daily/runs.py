"""Records when something was last done for the whole installation, beside other work, for everyone to read."""

from contextlib import suppress
from datetime import datetime

import sqlalchemy as sa

from engage.config import Config
from engage.database import insert
from engage.operations.models import Run
from engage.operations.rules import RunKind


def noting(dialect: str, kind: RunKind, ended_at: datetime, counts: dict[str, int]) -> sa.Insert:
    """Returns the statement that records it and replaces the earlier record."""
    now = {"ended_at": ended_at, "counts": counts}
    said = insert(Run, dialect).values(kind=kind, **now)
    new: sa.Insert = said.on_conflict_do_update(index_elements=["kind"], set_=now)
    return new


def note(config: Config, kind: RunKind, ended_at: datetime, counts: dict[str, int]) -> None:
    """Records it in its own transaction.

    A database that cannot take it (an older one, a full disk) undoes nothing; the time is just not known.
    """
    engine = sa.create_engine(config.SQLALCHEMY_DATABASE_URI, poolclass=sa.pool.NullPool)
    with suppress(sa.exc.DBAPIError), engine.begin() as connection:
        connection.execute(noting(engine.dialect.name, kind, ended_at, counts))
