"""Describes how a table is searched; `table.py` lists all of these."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import QueryableAttribute

from engage.coalitions.permissions import Permission
from engage.columns import Search, about
from engage.i18n import LazyString
from engage.search.rules import SearchKind

Column = QueryableAttribute[Any]


class RowLink(Struct, frozen=True):
    """What a link to a found row is made from: the row's id, and the values of `Source.at`."""

    id: int
    at: str
    and_at: str


def _searched(model: type[Any] | None, by: Search) -> tuple[Column, ...]:
    """Returns the columns of a model that declare this kind of search (`engage.columns`)."""
    columns = model.__table__.c if model is not None else ()
    return tuple(getattr(model, each.name) for each in columns if about(each).search is by)


class Source(Struct, frozen=True, eq=False):
    """A searched table.

    `number` must never change, because the rowids in SQLite's index are computed from it.
    """

    number: int
    kind: SearchKind
    word: LazyString
    model: type[Any]
    link: Callable[[RowLink], str]
    # These columns are displayed if the text that matched is not to be shown.
    shown: tuple[sa.ColumnElement[str], ...] = ()
    # This foreign key points at the parent row, of the model `of`, whose title names this row.
    parent: Column | None = None
    of: type[object] | None = None
    # This names the row where the row above it is not its parent.
    above: sa.ColumnElement[str] | None = None
    at: tuple[Column, ...] = ()
    # This says a title that Engage drafted in the reader's language, from the row's link and its stored title.
    said: Callable[[RowLink, str], str] | None = None
    permission: Permission = Permission.SEE_ALL
    # This condition, the same as on the row's own pages, is added to the coalition and the permission. It
    # gets a `Reader` in place of the reader's membership.
    seen: Callable[[Any], sa.ColumnElement[bool]] | None = None

    @property
    def table(self) -> str:
        return str(self.model.__tablename__)

    @property
    def title(self) -> Column | None:
        """Returns the column of the row's own title; without one, the title of `parent` is shown."""
        return next(iter(_searched(self.model, Search.TITLE)), None)

    @property
    def parent_title(self) -> sa.ColumnElement[Any] | Column | None:
        return self.above if self.above is not None else next(iter(_searched(self.of, Search.TITLE)), None)

    @property
    def open(self) -> tuple[Column, ...]:
        """Returns the columns that everyone who sees the row may read."""
        return _searched(self.model, Search.EVERYONE)

    @property
    def texts(self) -> tuple[Column, ...]:
        """Returns the columns that only members may read."""
        return _searched(self.model, Search.MEMBERS)

    @property
    def derived(self) -> tuple[Column, ...]:
        """Returns the columns that are indexed in place of texts from other tables."""
        return _searched(self.model, Search.UNSEEN)

    @property
    def titles(self) -> tuple[Column, ...]:
        return (self.title,) if self.title is not None else ()
