"""Compares a database's revision with the one that this code needs. Every start asks, so it works without Alembic."""

import sqlalchemy as sa

from engage.operations.refused import Refused
from engage.release import schemas


class Newer(Refused):
    """The database is of a later version."""


def head() -> str:
    return schemas()[-1]


def revision_of(engine: sa.Engine) -> str | None:
    """Returns the database's revision; None if it is not prepared. It leaves no connection behind."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return found


def refuse_newer(revision: str | None) -> None:
    """Refuses a database that a later version wrote."""
    if revision is not None and revision not in schemas():
        raise Newer(
            f"The database is of a newer Engage than this one (revision {revision}). Nothing was changed. "
            "Install the newer version, or restore a backup made by this one."
        )


def refuse_other(revision: str | None) -> None:
    """Refuses any other revision, because this version works on its own tables alone."""
    refuse_newer(revision)
    if revision is not None and revision != head():
        raise Refused(
            f"The database is of an earlier Engage (revision {revision}, this one needs {head()}). "
            "Stop Engage and type: engage upgrade"
        )
