"""Finds rows by their words: one statement for all tables, within the coalition and what the reader may see."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.readers import Reader, in_place
from engage.coalitions.rules import Role
from engage.database import Selection, along
from engage.extensions import db
from engage.search import index, rules
from engage.search.rules import SearchKind, Ways
from engage.search.sources import Column, RowLink, Source
from engage.search.table import SOURCES


class SearchHit(NamedTuple):
    """A row that matches.

    `above` is the name of the parent row; `text` is the part of the row's texts that the reader sees.
    """

    source: Source
    place: RowLink
    title: str
    above: str
    text: str


_NOTHING: sa.ColumnElement[str] = sa.literal_column("''", sa.Text)
_LINE: sa.ColumnElement[str] = sa.literal_column("'\n'", sa.Text)
_ZERO: sa.ColumnElement[int] = sa.literal_column("0", sa.Integer)
_THERE = sa.text(
    "SELECT way FROM unnest(CAST(:asked AS text[])) AS way"  # noqa: S608 - our own table
    f" WHERE EXISTS (SELECT 1 FROM {index.NAME} WHERE words @@ CAST(way AS tsquery))"
)
_BY_NUMBER = {source.number: source for source in SOURCES}


def find(
    membership: Membership, words: Sequence[Ways], kind: SearchKind | None, most: int
) -> list[SearchHit]:
    """Returns up to `most` rows of each table, plus one if there are more."""
    here = membership.coalition_id
    dialect, role = db.engine.dialect.name, membership.role
    if (
        statement := _statement(dialect, role, kind, most + 1)
    ) is None:  # only the content has this kind, or the role may not see the kind
        return []
    asked = in_place(membership)
    if dialect == "sqlite":
        seen = "title open text" if may(role, Permission.SEE_ALL) else "title open"
        asked["match"] = rules.as_fts5(words, f"c{here}", seen)
        asked["titled"] = rules.as_fts5(words, f"c{here}", "title")
    else:
        # PostgreSQL's planner underestimates a sequential scan, which would compare every coalition's texts
        # with hundreds of misspellings.
        db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        known = _known(words, f"/{here}")
        if not all(known):
            return []
        asked["match"] = rules.as_tsquery(known, f"/{here}")
    rows = db.session.execute(statement, asked)
    return [
        SearchHit(_BY_NUMBER[row.source], RowLink(row.id, row.at, row.and_at), row.title, row.above, row.text)
        for row in rows
    ]


def _known(words: Sequence[Ways], scope: str) -> Sequence[Ways]:
    """Drops spellings that no text has, because PostgreSQL compares each found row with all spellings."""
    if all(len(ways) == 1 for ways in words):
        return words
    asked = {way: rules.as_tsquery([[way]], scope) for ways in words for way in ways}
    there = set(db.session.scalars(_THERE, {"asked": list(asked.values())}))
    return [[way for way in ways if asked[way] in there] for ways in words]


def is_ready() -> bool:
    """Returns whether the index exists; called only after a search failed."""
    return not index.is_missing(db.session.connection())


@cache
def _statement(dialect: str, role: Role, kind: SearchKind | None, most: int) -> Selection | None:
    """Returns the statement for a role, built once: matches in titles first, then newer rows first.

    It ranks by nothing else, because how rare a word is would depend on rows that the reader may not see.
    """
    sees_all = may(role, Permission.SEE_ALL)
    found = _on_sqlite() if dialect == "sqlite" else _on_postgresql(sees_all=sees_all)
    parts = [
        _rows(source, found, role, most)
        for source in SOURCES
        if may(role, source.permission) and kind in (None, source.kind)
    ]
    if not parts:
        return None
    one = sa.union_all(*(sa.select(part.subquery()) for part in parts)).subquery()
    return sa.select(one).order_by(one.c.is_titled.desc(), one.c.source, one.c.id.desc())


def _text(parts: Sequence[sa.SQLColumnExpression[str]]) -> sa.ColumnElement[str]:
    whole: sa.ColumnElement[str] = _NOTHING
    for part in parts:
        whole = whole + _LINE + sa.func.coalesce(part, _NOTHING)
    return whole


def _words(column: sa.ColumnElement[object] | Column | None) -> sa.ColumnElement[str]:
    return _NOTHING if column is None else sa.func.coalesce(sa.cast(column, sa.Text), _NOTHING)


def _seen(source: Source, role: Role) -> list[sa.ColumnElement[bool]]:
    return [source.seen(Reader(role))] if source.seen is not None else []


def _rows(source: Source, found: sa.CTE, role: Role, most: int) -> Selection:
    model: Any = source.model
    sees_all = may(role, Permission.SEE_ALL)
    shown = [*source.open, *(source.texts if sees_all else ()), *source.shown]
    at, and_at = (*source.at, None, None)[:2]
    number: sa.ColumnElement[int] = sa.literal_column(str(source.number), sa.Integer)
    rows: Selection = sa.select(
        found.c.source,
        model.id.label("id"),
        _words(at).label("at"),
        _words(and_at).label("and_at"),
        _words(source.title).label("title"),
        _words(source.parent_title).label("above"),
        _text(shown).label("text"),
        found.c.is_titled,
        # After an ANALYZE, SQLite would scan all found rows for each row; adding zero prevents that.
    ).join_from(found, model, sa.and_(found.c.source + _ZERO == number, model.id == found.c.id + _ZERO))
    if source.parent is not None:
        assert source.of is not None
        rows = rows.outerjoin(source.of, along(source.parent, source.of))
    return (
        # SQLite would read all of a coalition's rows and look for each among the found ones; adding zero
        # prevents that.
        rows.where(model.coalition_id + _ZERO == sa.bindparam("here"), *_seen(source, role))
        .order_by(found.c.is_titled.desc(), model.id.desc())
        # The limit is a literal number, because SQLite would plan the statement again for each bound limit.
        .limit(sa.literal_column(str(most), sa.Integer))
    )


def _on_sqlite() -> sa.CTE:
    return _found_by(
        f"SELECT rowid % {index.KINDS} AS source, rowid / {index.KINDS} AS id,"  # noqa: S608 - our own table
        f" rowid IN (SELECT rowid FROM {index.NAME} WHERE {index.NAME} MATCH :titled) AS is_titled"
        f" FROM {index.NAME} WHERE {index.NAME} MATCH :match"
    )


def _on_postgresql(*, sees_all: bool) -> sa.CTE:
    query = "CAST(:match AS tsquery)"
    seen = "" if sees_all else f" AND seen @@ {query}"
    return _found_by(
        f"SELECT source, id, titled @@ {query} AS is_titled FROM {index.NAME} WHERE words @@ {query}{seen}"  # noqa: S608
    )


def _found_by(statement: str) -> sa.CTE:
    """Returns the ids of the matching rows, looked up once for all tables."""
    columns = (
        sa.column("source", sa.Integer),
        sa.column("id", sa.Integer),
        sa.column("is_titled", sa.Boolean),
    )
    return sa.text(statement).columns(*columns).cte("found").prefix_with("MATERIALIZED")
