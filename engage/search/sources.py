"""Describes a table that is searched; `table` lists them all."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask_babel.speaklater import LazyString
from msgspec import Struct
from sqlalchemy.orm import QueryableAttribute

from engage.coalitions.permissions import Permission
from engage.search.rules import Kind

Column = QueryableAttribute[Any]


class Place(Struct, frozen=True):
    """A row that was found, as a link needs it: its id, and the values of `Source.at`."""

    id: int
    at: str
    and_at: str


class Source(Struct, frozen=True, eq=False):
    """A table that is searched. `number` stays the same forever: rows of SQLite's index are counted by it."""

    number: int
    kind: Kind
    word: LazyString
    model: type[Any]
    link: Callable[[Place], str]
    # The row's own name; without one it is shown by that of `parent`.
    title: Column | None = None
    # Whoever sees the row reads these.
    open: tuple[Column, ...] = ()
    # Members read these.
    texts: tuple[Column, ...] = ()
    # It is shown where a text matched, and `derived` is indexed in its place.
    shown: tuple[sa.ColumnElement[str], ...] = ()
    derived: tuple[Column, ...] = ()
    # The key to the row above, whose `parent_title` names this one.
    parent: Column | None = None
    of: type[Any] | None = None
    parent_title: Column | None = None
    at: tuple[Column, ...] = ()
    permission: Permission = Permission.SEE_ALL
    # Beside the coalition and the permission: the condition of the thing's own pages. It gets a `Reader`, which
    # stands for the membership of whoever searches.
    seen: Callable[[Any], sa.ColumnElement[bool]] | None = None

    @property
    def table(self) -> str:
        return str(self.model.__tablename__)

    @property
    def titles(self) -> tuple[Column, ...]:
        return (self.title,) if self.title is not None else ()
