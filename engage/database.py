"""Defines what every table uses: the declarative base, types, tenant columns and the engine's settings."""

import enum
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from threading import Lock
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import g, has_app_context, has_request_context, request
from sqlalchemy import event
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, QueryableAttribute, Session, declared_attr, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from engage.languages import plain


def _use_one_sqlite() -> None:
    """Makes `sqlite3` mean pysqlite3, with a current SQLite (3.53), if that wheel is installed.

    Servers have an SQLite in which two connections in WAL mode could, rarely, damage the file (repaired in
    3.51.3). The whole process must use one library: two SQLite libraries in one process do not see each
    other's locks on a file, and when one closes the file, the other's locks are lost.
    """
    try:
        import pysqlite3
        from pysqlite3 import dbapi2
    except ImportError:  # This machine has no wheel, so Python's own SQLite is used.
        return
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = dbapi2


_use_one_sqlite()

# This type combines a statement with its rows, whose columns are read by name.
Selection = sa.Select[*tuple[Any, ...]]
SelectedRow = sa.Row[*tuple[Any, ...]]

# A request waits at most this long for another request's write.
WAITS_SECONDS = 5
READING_METHODS = ("GET", "HEAD", "OPTIONS")

# Constraints get these names, so that migrations can refer to them on both databases.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A moment in time, stored in UTC and returned with its time zone; one without a time zone is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMING)


def enum_type(kind: type[enum.StrEnum], name: str | None = None) -> sa.Enum:
    """Returns the column type of an enum stored by value, with a CHECK in the database.

    `name` is for tables with two columns of one enum.
    """
    return sa.Enum(
        kind,
        **({"name": name} if name else {}),
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


# Flask-SQLAlchemy 3.1.1 refuses a type map on the class itself; the registry accepts it.
Base.registry.update_type_annotation_map(
    {datetime: UtcDateTime(), date: sa.Date(), enum.StrEnum: enum_type(enum.StrEnum)}
)


class Tenant:
    """The columns of a row that belongs to one coalition.

    The pair (coalition_id, id) is unique, so that other rows can refer to it with `within`, which keeps
    references inside the coalition.
    """

    # What comes up in the menu with the coalition's first row of this kind (coalitions/menu.py).
    comes_up: ClassVar[tuple[enum.StrEnum, ...]] = ()

    id: Mapped[int] = mapped_column(primary_key=True)

    @declared_attr
    def coalition_id(cls) -> Mapped[int]:  # noqa: N805 - SQLAlchemy passes the class
        return mapped_column(sa.ForeignKey("coalitions_coalition.id", ondelete="CASCADE"), index=True)


def tenant_key() -> sa.UniqueConstraint:
    """Returns the unique constraint to which `within` refers."""
    return sa.UniqueConstraint("coalition_id", "id")


def within(column: str, table: str, ondelete: str = "RESTRICT") -> sa.ForeignKeyConstraint:
    """Returns a foreign key that stays inside the coalition: (coalition_id, column) -> table."""
    return sa.ForeignKeyConstraint(
        ["coalition_id", column], [f"{table}.coalition_id", f"{table}.id"], ondelete=ondelete
    )


def unique_while(where: str, name: str, *columns: str) -> sa.Index:
    """Returns an index that makes these columns unique among the rows that meet the condition."""
    return sa.Index(name, *columns, unique=True, sqlite_where=sa.text(where))


def unique_while_on_both(metadata: sa.MetaData) -> None:
    """Gives indexes of `unique_while` their condition on PostgreSQL, too, to write or compare migrations.

    A server on SQLite skips this, because naming a PostgreSQL option loads the whole dialect, 2 MB.
    """
    for table in metadata.tables.values():
        for index in table.indexes:
            where = index.dialect_kwargs.get("sqlite_where")
            if where is not None:
                index.dialect_kwargs["postgresql_where"] = where


def insert(table: type[Base] | sa.Table, dialect: str) -> Any:
    """Returns an INSERT that can handle a conflict, in this database's dialect."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # imported here, because the dialect takes 2 MB

    return postgresql.insert(table)


class _InOneCoalition(FunctionElement[bool]):
    """A condition that two coalition ids are equal, which only PostgreSQL gets.

    On SQLite it would do harm: the planner might use the coalition's index, which finds thousands of rows,
    instead of the id's index, which finds one.
    """

    type = sa.Boolean()
    inherit_cache = True


@compiles(_InOneCoalition)
def _alike(element: _InOneCoalition, compiler: SQLCompiler, **kinds: object) -> str:
    first, second = element.clauses
    return f"{compiler.process(first, **kinds)} = {compiler.process(second, **kinds)}"


@compiles(_InOneCoalition, "sqlite")
def _known(_element: _InOneCoalition, _compiler: SQLCompiler, **_kinds: object) -> str:
    return "1"


def along(key: QueryableAttribute[object], target: Any) -> sa.ColumnElement[bool]:
    """Returns the condition of a join along `key`, which refers to `target`: equal ids and equal coalitions.

    `within` already ensures that the coalitions are equal. But with the id alone, PostgreSQL may read every
    coalition's rows, and its estimates include all of them.
    """
    inside: Any = key.parent.entity
    return sa.and_(target.id == key, _InOneCoalition(target.coalition_id, inside.coalition_id))


def folded(text: str) -> str:
    """Returns the text without case and accents, to sort, compare and find names alike on both databases."""
    return " ".join(plain(text).casefold().split())


def sort_key(text: str, model: Any) -> str:
    """Returns the folded text, cut to the length of `sort_key`: folding turns some letters into several."""
    return folded(text)[: model.__table__.c.sort_key.type.length]


def text_is_gone() -> None:
    """Notes that this request removes a text for good; remaining copies are emptied after the response."""
    if has_request_context():
        g.text_is_gone = True


def _reading() -> bool:
    """Returns whether this transaction only reads: in a GET, after the view's commit or `read_from_here`."""
    if has_request_context() and request.method in READING_METHODS and not g.get("writes_in_get", False):
        return True
    return has_app_context() and bool(g.get("committed", False))


def _in_turn(engine: sa.Engine) -> Callable[[sa.Connection], None]:
    """Returns a function that makes this process's writers take turns before they ask for SQLite's lock.

    SQLite does not wake up a waiting writer: it tries again after ever longer pauses. Of eight writers, one
    waited a second.
    """
    turn = Lock()

    def wait(connection: sa.Connection) -> None:
        if "turn" in connection.info:
            return
        if not turn.acquire(timeout=WAITS_SECONDS):
            locked = engine.dialect.loaded_dbapi.OperationalError("database is locked")
            raise sa.exc.OperationalError("BEGIN IMMEDIATE", None, locked)
        connection.info["turn"] = True

    def leave(_connection: object, record: Any) -> None:
        if record.info.pop("turn", False):
            turn.release()

    event.listen(engine, "checkin", leave)
    return wait


def install_engine_hooks(engine: sa.Engine) -> None:
    """Sets up transactions.

    On SQLite, SQLAlchemy begins them (immediately, for writes), with WAL, full sync and foreign keys. On both
    databases no GET writes, and waiting for another writer ends after five seconds. The driver's own
    transactions would lose updates without an error, and a deferred BEGIN fails as "locked" with two writers.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    wait_turn = _in_turn(engine)

    def begin(connection: sa.Connection) -> None:
        reading = _reading() and not connection.get_execution_options().get("writes_in_get")
        if is_sqlite:
            if connection.info.get("reading") is not reading:  # the connection keeps this setting
                connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
                connection.info["reading"] = reading
            if not reading:
                wait_turn(connection)
            connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
        elif reading:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")

    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={WAITS_SECONDS * 1000}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "trusted_schema=OFF",
            "cell_size_check=ON",
            "secure_delete=ON",
            "cache_size=-8000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def connect_to_server(connection: Any, _record: object) -> None:
        connection.execute("SET lock_timeout = '5s'")
        # The data is in memory or on flash. With 4, the default for spinning disks, PostgreSQL reads the
        # names of all rows to find a few: with a thousand coalitions that was a hundred times slower.
        connection.execute("SET random_page_cost = 1.1")
        connection.commit()

    def open_bounded(_dialect: object, _record: object, arguments: Any, options: Any) -> Any:
        from engage.web.commits import BoundedConnection  # imported here, because SQLite needs no driver

        return BoundedConnection.connect(*arguments, **options)

    event.listen(engine, "connect", connect if is_sqlite else connect_to_server)
    if not is_sqlite:
        event.listen(engine, "do_connect", open_bounded)
    event.listen(engine, "begin", begin)


@contextmanager
def short_transaction(engine: sa.Engine) -> Iterator[Session]:
    """Opens a separate transaction, for the few writers outside a view (throttle, last seen, leave).

    It may write during a GET and commits on its own. Never open it while the request's session holds a
    transaction, because SQLite allows only one writer.
    """
    with Session(engine.execution_options(writes_in_get=True)) as session, session.begin():
        yield session
