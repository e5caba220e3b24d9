"""Describes a searched table; `table` lists all of them."""

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
    """A found row, as a link needs it: its id, and the values of `Source.at`."""

    id: int
    at: str
    and_at: str


class Source(Struct, frozen=True, eq=False):
    """A searched table. `number` must never change, because the rowids of SQLite's index contain it."""

    number: int
    kind: Kind
    word: LazyString
    model: type[Any]
    link: Callable[[Place], str]
    # This is the row's own title; a row without one is shown with that of `parent`.
    title: Column | None = None
    # Everyone who sees the row may read these.
    open: tuple[Column, ...] = ()
    # Only members may read these.
    texts: tuple[Column, ...] = ()
    # `shown` is displayed if a text matched; `derived` is indexed in its place.
    shown: tuple[sa.ColumnElement[str], ...] = ()
    derived: tuple[Column, ...] = ()
    # This is the foreign key to the parent row, whose `parent_title` names this row.
    parent: Column | None = None
    of: type[Any] | None = None
    parent_title: Column | None = None
    at: tuple[Column, ...] = ()
    permission: Permission = Permission.SEE_ALL
    # This is the condition of the thing's own pages, in addition to the coalition and the permission. It gets
    # a `Reader` in place of the reader's membership.
    seen: Callable[[Any], sa.ColumnElement[bool]] | None = None

    @property
    def table(self) -> str:
        return str(self.model.__tablename__)

    @property
    def titles(self) -> tuple[Column, ...]:
        return (self.title,) if self.title is not None else ()
