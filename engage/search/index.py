"""Builds, removes and checks the search index, which holds copies of the tables' texts and is in no backup.

Triggers update it, because they see every write in its transaction, also bulk writes and cascades of foreign
keys. Their names end with a digest of their definition, so that an index of an earlier version counts as
missing.
"""

import hashlib
from collections.abc import Iterable, Iterator

import sqlalchemy as sa

from engage.search.sources import Column, Source
from engage.search.table import SOURCES

NAME = "search_index"
# The rowid in SQLite's index is (id of the row * KINDS + number of the source table).
KINDS = 64

_FTS5_COLUMNS = "rowid, scope, title, open, text"
_FTS5 = f'CREATE VIRTUAL TABLE {NAME} USING fts5(scope, title, open, text, tokenize = "unicode61 remove_diacritics 2")'
# From this version on, FTS5 overwrites deleted words at once; earlier versions do so when their pages are
# merged.
_SECURE_DELETE = (3, 42)

_POSTGRESQL_COLUMNS = "source, id, titled, seen, words"
# These split a text into words as FTS5 does: without accents and case, separated by everything but letters
# and digits. Each text also gets a word for its coalition, so that a search does not read other coalitions'
# texts.
_POSTGRESQL = (
    r"""
CREATE FUNCTION search_words(whose integer, said text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT array_to_tsvector(ARRAY['/' || whose::text]) || to_tsvector('pg_catalog.simple'::regconfig,
  regexp_replace(regexp_replace(lower(normalize(said, NFKD)), '[\u0300-\u036f]', '', 'g'),
    '[\u0001-/:-@\[-`{-\u00bf\u2000-\u206f]', ' ', 'g'))
$$
""",
    f"CREATE TABLE {NAME} (source smallint, id integer, titled tsvector, seen tsvector, words tsvector,"
    " PRIMARY KEY (source, id))",
    # With PostgreSQL's option fastupdate, new rows would wait in a list that each search reads from beginning
    # to end.
    f"CREATE INDEX {NAME}_words ON {NAME} USING gin (words) WITH (fastupdate = off)",
)


def _digest(*words: str) -> str:
    return hashlib.sha256("".join(words).encode()).hexdigest()[:8]


def _said(columns: Iterable[Column], row: str) -> str:
    return " || ' ' || ".join(f"coalesce({row}.{column.key}, '')" for column in columns) or "''"


def _values(source: Source, row: str, *, sqlite: bool) -> str:
    """Returns the indexed texts of a row: its title, what all its readers see, and what members see."""
    title, seen, texts = source.titles, (*source.open, *source.derived), source.texts
    if sqlite:
        said = ", ".join(_said(part, row) for part in (title, seen, texts))
        return f"{row}.id * {KINDS} + {source.number}, 'c' || {row}.coalition_id, {said}"
    wholes = (title, (*title, *seen), (*title, *seen, *texts))
    said = ", ".join(f"search_words({row}.coalition_id, {_said(each, row)})" for each in wholes)
    return f"{source.number}, {row}.id, {said}"


def _all_rows(source: Source, *, sqlite: bool) -> str:
    return f"SELECT {_values(source, source.table, sqlite=sqlite)} FROM {source.table}"  # noqa: S608 - our own tables


def _watched(source: Source) -> str:
    columns = (*source.titles, *source.open, *source.derived, *source.texts)
    return ", ".join(["id", "coalition_id", *(column.key for column in columns)])


def _sqlite_triggers(source: Source) -> Iterator[tuple[str, str]]:
    """Yields the name and the SQL of each trigger of a table."""
    gone = f"DELETE FROM {NAME} WHERE rowid = OLD.id * {KINDS} + {source.number};"  # noqa: S608
    there = f"INSERT INTO {NAME} ({_FTS5_COLUMNS}) VALUES ({_values(source, 'NEW', sqlite=True)});"  # noqa: S608
    for name, moment, work in (
        ("insert", "INSERT", there),
        ("update", f"UPDATE OF {_watched(source)}", gone + there),
        ("delete", "DELETE", gone),
    ):
        words = f"AFTER {moment} ON {source.table} BEGIN {work} END"
        name = f"search_{source.table}_{name}_{_digest(_FTS5, words)}"
        yield name, f"CREATE TRIGGER {name} {words}"


def _postgresql_triggers(source: Source) -> Iterator[tuple[str, str]]:
    function = f"""
CREATE FUNCTION search_{source.table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN DELETE FROM {NAME} WHERE source = {source.number} AND id = OLD.id; END IF;
  IF TG_OP <> 'DELETE' THEN INSERT INTO {NAME} VALUES ({_values(source, "NEW", sqlite=False)}); END IF;
  RETURN NULL;
END $$;
"""  # noqa: S608
    words = (
        f"AFTER INSERT OR DELETE OR UPDATE OF {_watched(source)} ON {source.table}"
        f" FOR EACH ROW EXECUTE FUNCTION search_{source.table}()"
    )
    name = f"search_{source.table}_{_digest(*_POSTGRESQL, function, words)}"
    yield name, f"{function}CREATE TRIGGER {name} {words}"


def _wanted(connection: sa.Connection) -> dict[str, str]:
    """Returns the triggers that should exist to update the index: SQL by name."""
    made = _sqlite_triggers if _is_sqlite(connection) else _postgresql_triggers
    return dict(trigger for source in SOURCES for trigger in made(source))


def _is_sqlite(connection: sa.Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _there(connection: sa.Connection) -> dict[str, str]:
    """Returns the triggers that exist, as the table by the trigger's name."""
    if _is_sqlite(connection):
        found = "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'trigger'"
    else:
        found = (
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE c.relnamespace = current_schema()::regnamespace"
        )
    rows = connection.execute(sa.text(found))
    return {name: table for name, table in rows if name.startswith("search_")}


def is_missing(connection: sa.Connection) -> bool:
    """Returns whether a part of the index is missing or was made by another version."""
    return not sa.inspect(connection).has_table(NAME) or set(_there(connection)) != set(_wanted(connection))


def behind(connection: sa.Connection) -> int:
    """Returns how many rows differ between the index and the tables, in either direction."""
    sqlite = _is_sqlite(connection)
    held = f"SELECT {_FTS5_COLUMNS if sqlite else _POSTGRESQL_COLUMNS} FROM {NAME}"  # noqa: S608
    meant = " UNION ALL ".join(_all_rows(source, sqlite=sqlite) for source in SOURCES)
    found = f"""
WITH held AS ({held}), meant AS ({meant})
SELECT (SELECT count(*) FROM (SELECT * FROM held EXCEPT SELECT * FROM meant) AS more)
     + (SELECT count(*) FROM (SELECT * FROM meant EXCEPT SELECT * FROM held) AS less)
"""  # noqa: S608
    return int(connection.exec_driver_sql(found).scalar_one())


def remove(connection: sa.Connection) -> None:
    """Removes the index; afterwards a migration may change any table."""
    for name, table in _there(connection).items():
        connection.exec_driver_sql(f"DROP TRIGGER {name}{'' if _is_sqlite(connection) else f' ON {table}'}")
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {NAME}")
    if not _is_sqlite(connection):
        functions = sa.text(
            "SELECT oid::regprocedure::text FROM pg_proc"
            " WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'search\\_%'"
        )
        for function in connection.scalars(functions).all():
            connection.exec_driver_sql(f"DROP FUNCTION {function}")


def build(connection: sa.Connection) -> None:
    """Builds the index again from the tables, in the connection's transaction."""
    remove(connection)
    sqlite = _is_sqlite(connection)
    for words in (_FTS5,) if sqlite else _POSTGRESQL:
        connection.exec_driver_sql(words)
    if sqlite and _overwrites(connection.engine):
        connection.exec_driver_sql(f"INSERT INTO {NAME} ({NAME}, rank) VALUES ('secure-delete', 1)")  # noqa: S608
    columns = _FTS5_COLUMNS if sqlite else _POSTGRESQL_COLUMNS
    for source in SOURCES:
        rows = _all_rows(source, sqlite=sqlite)
        connection.exec_driver_sql(f"INSERT INTO {NAME} ({columns}) {rows}")
    for words in _wanted(connection).values():
        connection.exec_driver_sql(words)


def _overwrites(engine: sa.Engine) -> bool:
    return bool(engine.dialect.dbapi.sqlite_version_info >= _SECURE_DELETE)  # type: ignore[union-attr]


def forget_deleted(engine: sa.Engine) -> None:
    """Rewrites the parts of the index that still hold a word that was removed for good.

    Call it with no transaction open. PostgreSQL's index never drops a word by itself; SQLite before 3.42
    drops it when it merges pages.
    """
    sqlite = engine.dialect.name == "sqlite"
    if (sqlite and _overwrites(engine)) or not sa.inspect(engine).has_table(NAME):
        return
    rewrite = f"INSERT INTO {NAME} ({NAME}) VALUES ('optimize')"  # noqa: S608
    with engine.begin() as connection:
        connection.exec_driver_sql(rewrite if sqlite else f"REINDEX INDEX {NAME}_words")
