"""Defines what a feature provides so that its imports can be undone.

A feature registers its kinds of imports where it writes them, so that undoing imports no feature.
"""

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from engage.coalitions.undo_imports.rules import Key
from engage.i18n import LazyString

Row = Mapping[str, object]
# Rows by table and id.
Rows = Mapping[str, Mapping[int, Row]]


def _nothing(_coalition_id: int) -> None:
    pass


def _nothing_yet(_coalition_id: int, _rows: Rows) -> None:
    pass


def _no_reasons(_coalition_id: int, _rows: Rows) -> Mapping[Key, str]:
    return {}


class ImportKind(Struct, frozen=True, kw_only=True):
    """A kind of import: its name, and the tables that it may write.

    `counted` are the tables whose rows a person counts and reads, each with a function that returns "3 goals".
    `parts` are tables whose rows are read and changed as part of another row, each with the column that
    refers to it; `others` are the remaining ones. `along` are rows, as (table, column), that the database
    or `prepare` deletes with the row that they refer to, although the import does not record them.

    Rows of `locked` tables are locked while an import is written or undone: choose those that every writer of
    the other tables locks or refers to, such as the plan, so that PostgreSQL keeps others from changing those
    meanwhile. In a table of `authors`, only rows whose column names the person who imports count as added; if
    the table is not locked, changed rows do not count.
    """

    key: str
    word: LazyString
    # What the audit log says was imported; `_IMPORT_LABELS` of its labels names it.
    logged: str
    counted: Mapping[str, Callable[[int], str]]
    parts: Mapping[str, str] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    along: frozenset[tuple[str, str]] = frozenset()
    locked: frozenset[str] = frozenset()
    authors: Mapping[str, str] = field(default_factory=dict)
    # Values that a column with a unique index gets first, so that two rows can swap theirs.
    neutral: Mapping[tuple[str, str], object] = field(default_factory=dict)
    # Returns reasons, in words, why rows of an import have to stay, such as a closed plan.
    stays: Callable[[int, Rows], Mapping[Key, str]] = _no_reasons
    # These run in the transaction that undoes an import: before any row goes, and after everything is written.
    prepare: Callable[[int, Rows], None] = _nothing_yet
    settle: Callable[[int], None] = _nothing

    @property
    def tables(self) -> frozenset[str]:
        return frozenset({*self.counted, *self.parts, *self.others})


_KINDS: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    """Registers a kind; a feature calls this when it is imported."""
    assert kind.key not in _KINDS, f"{kind.key} is registered twice"
    _KINDS[kind.key] = kind


def kind_of(key: str) -> ImportKind:
    return _KINDS[key]


def all_kinds() -> list[ImportKind]:
    return list(_KINDS.values())
