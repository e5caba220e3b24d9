"""Defines a report before it is drawn: one set of words for the screen, the PDF and the workbook."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

Field = str | int | float | date | None


class Cell(NamedTuple):
    """A cell of a table.

    `kind` tints it (need, building, strength, hidden) or marks it (late); `note` is small text below it;
    `url` is a link, on screen alone.
    """

    text: str
    kind: str = ""
    note: str = ""
    url: str = ""


class Width(StrEnum):
    """The width of a column compared with the others."""

    NARROW = "narrow"
    NUMBER = "number"
    # These are tinted cells, which are centered.
    SQUARE = "square"
    TEXT = "text"
    WIDE = "wide"


class Column(NamedTuple):
    label: str
    width: Width = Width.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `fields` are the same rows as a spreadsheet takes them; empty if the report has no workbook."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell | str]]
    has_total: bool = False
    fields: Sequence[Sequence[Field]] = ()


class Figure(NamedTuple):
    """A number large enough to be seen from across the table, and what it counts."""

    number: str
    label: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section: `level` 1 is a part, 2 a part of it.

    `aside` gives the progress in words; `done` of `total` draws the same.
    """

    id: str
    heading: str
    level: int = 1
    aside: str = ""
    done: int = 0
    total: int = 0
    texts: Sequence[str] = ()
    points: Sequence[str] = ()
    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole report. `what` names its kind, `title` its subject; `of` gives its dates, and as of when.

    `fits` asks for one page: the first of `sections` and `shorter` that fits is used.
    """

    what: str
    title: str
    coalition: str
    community: str
    of: str
    lead: str = ""
    sections: Sequence[Section] = ()
    notes: Sequence[str] = ()
    fits: bool = False
    shorter: Sequence[Sequence[Section]] = field(default=())

    def with_(self, **changes: Any) -> Paper:
        return replace(self, **changes)


# -- for the typesetter


def as_json(paper: Paper, language: str, pages: str) -> str:
    """Returns the paper as data, never as markup. `pages` is its footer's *Page 1 of 3*, with {page} and {pages}."""
    return json.dumps({"language": language, "pages": pages, "paper": paper}, default=_parts)


def _parts(thing: Any) -> dict[str, Any]:
    # A spreadsheet's values are not for paper.
    return {name: getattr(thing, name) for name in thing.__dataclass_fields__ if name != "fields"}
