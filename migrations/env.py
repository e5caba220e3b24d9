"""Runs the migrations. On SQLite it runs without foreign keys, in one transaction, checked before the commit.

Altering a parent table there copies and drops it: with foreign keys on, its children would be deleted.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from flask import current_app

import engage
from engage.database import UtcDateTime, unique_while_on_both
from engage.extensions import db
from engage.operations import schema
from engage.search import index


def import_models() -> None:
    """Imports every feature's tables, and those of the core."""
    import_module("engage.history")
    import_module("engage.snapshots")
    for module in iter_modules(engage.__path__):
        if module.ispkg and any(
            part.name == "models" for part in iter_modules([f"{engage.__path__[0]}/{module.name}"])
        ):
            import_module(f"engage.{module.name}.models")
    unique_while_on_both(db.metadata)


def render_item(kind: str, item: object, autogenerate: Any) -> str | Literal[False]:
    """Writes our own types by their short names in a new migration."""
    if kind == "type" and isinstance(item, UtcDateTime):
        autogenerate.imports.add("from engage.database import UtcDateTime")
        return "UtcDateTime()"
    return False


def _is_new(connection: sa.Connection) -> bool:
    """Returns whether nothing is there yet, and all of it is to be made."""
    wanted = context.get_context().opts.get("destination_rev")
    return wanted in {"head", schema.head()} and not sa.inspect(connection).get_table_names()


def run(connection: sa.Connection, *, sqlite: bool) -> None:
    """Configures Alembic for this database and runs what is due."""
    options = current_app.extensions["migrate"].configure_args
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        transactional_ddl=True,
        transaction_per_migration=False,
        render_item=render_item,
        include_name=lambda name, kind, _parents: kind != "table" or not str(name).startswith("search_"),
        **{"render_as_batch": sqlite, **options},
    )
    with context.begin_transaction():
        # A row may have been deleted by something other than Engage; such a backup can still be restored.
        known = _broken(connection) if sqlite else set()
        # Its triggers would keep a table from being changed, and go with one that is copied.
        index.remove(connection)
        if sqlite and _is_new(connection) and (at_once := schema.of_nothing()):
            for statement in at_once:
                connection.exec_driver_sql(statement)
            context.get_context().stamp(context.script, schema.head())
        else:
            context.run_migrations()
        # While `migrations/new.py` compares, the models may have columns that the tables have not.
        is_searched = context.get_x_argument(as_dictionary=True).get("search") != "no"
        if is_searched and context.get_context().get_current_revision() == schema.head():
            index.build(connection)
        if sqlite and (broken := _broken(connection) - known):
            raise RuntimeError(f"the migration would leave rows that point nowhere: {list(broken)[:5]}")


def _broken(connection: sa.Connection) -> set[tuple[object, ...]]:
    return {tuple(row[:3]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}


def main() -> None:
    import_models()
    engine = db.engine
    if engine.dialect.name != "sqlite":
        with engine.connect() as connection:
            run(connection, sqlite=False)
        return
    with engine.connect() as connection:
        # Outside any transaction: SQLite ignores this PRAGMA inside one.
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        # Else a table that is copied cannot get its name back while a trigger of another one speaks of it.
        driver.execute("PRAGMA legacy_alter_table=ON")
        assert driver.execute("PRAGMA foreign_keys").fetchone() == (0,)
        try:
            run(connection, sqlite=True)
        finally:
            # Also after a failure: no one may get a connection without foreign keys from the pool.
            connection.invalidate()


main()
