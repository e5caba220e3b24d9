"""Defines the parts of a report, from which page, PDF and workbook are rendered with the same words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import asdict, replace

Field = str | int | float | date | None


class Cell(NamedTuple):
    """A cell of a table.

    `kind` tints it (need, building, strength, hidden) or marks it (late); `note` is small text below it;
    `url` is a link, shown only on screen.
    """

    text: str
    kind: str = ""
    note: str = ""
    url: str = ""


class Width(StrEnum):
    """The width of a column relative to the others."""

    NARROW = "narrow"
    NUMBER = "number"
    # Columns of this width have colored cells, whose text is centered.
    SQUARE = "square"
    TEXT = "text"
    # A SAID column is as wide as a WIDE one. On a phone, where cells are stacked, its heading precedes each
    # text.
    SAID = "said"
    WIDE = "wide"


class Column(NamedTuple):
    label: str
    width: Width = Width.TEXT


class Table(Struct, frozen=True):
    """A table.

    `fields` are the same rows as spreadsheet values, under `heads` if those differ from the page's; empty if
    the report has no workbook.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell | str]]
    has_total: bool = False
    fields: Sequence[Sequence[Field]] = ()
    heads: Sequence[str] = ()


class Figure(NamedTuple):
    """A number in large print, what it counts, and a small text below."""

    number: str
    label: str
    note: str = ""


class PaperSection(Struct, frozen=True):
    """A section: `level` 1 is a part of the report, 2 a part of that.

    `aside` gives the progress in words; `done` of `total` is drawn as a bar.
    """

    id: str
    heading: str
    level: int = 1
    aside: str = ""
    done: int = 0
    total: int = 0
    texts: Sequence[str] = ()
    # This text, which a person wrote, comes before all counts.
    words: str = ""
    points: Sequence[str] = ()
    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = ()


class Paper(Struct, frozen=True):
    """A whole report. `what` names its kind, `title` its subject; `of` gives its dates and the day of its numbers.

    `fits` asks for one page: the first of `sections` and `shorter` that fits is used. A `card` is a sheet in four
    columns to fold into a pocket.
    """

    what: str
    title: str
    coalition: str
    community: str
    of: str
    lead: str = ""
    sections: Sequence[PaperSection] = ()
    notes: Sequence[str] = ()
    fits: bool = False
    card: bool = False
    shorter: Sequence[Sequence[PaperSection]] = ()

    def with_(self, **changes: object) -> Paper:
        return replace(self, **changes)

    @property
    def is_long(self) -> bool:
        """Returns whether making the PDF takes seconds: one for a thousand rows, more if others wait."""
        return sum(len(table.rows) for part in self.sections for table in part.tables) > 1000


# -- for the typesetter


def as_json(paper: Paper, language: str, pages: str) -> str:
    """Returns the paper as data without markup. `pages` is its footer's *Page 1 of 3*, with {page} and {pages}."""
    return json.dumps({"language": language, "pages": pages, "paper": paper}, default=_parts)


def _parts(thing: Any) -> dict[str, object]:
    # Values for spreadsheets are left out of the PDF.
    return {name: value for name, value in asdict(thing).items() if name not in {"fields", "heads"}}


# -- saving a copy

_DAY = "day"


def kept(paper: Paper) -> dict[str, object]:
    """Returns the report as JSON, with everything that a page, a PDF and a workbook need."""
    held: dict[str, object] = json.loads(json.dumps(paper, default=_kept_part))
    return held


def _kept_part(thing: Any) -> dict[str, object]:
    return {_DAY: thing.isoformat()} if isinstance(thing, date) else asdict(thing)


def unpacked(held: Mapping[str, Any]) -> Paper:
    """Returns the report from JSON that `kept` made."""
    return Paper(**{**held, "sections": [_section(each) for each in held["sections"]], "shorter": ()})


def _section(held: Mapping[str, Any]) -> PaperSection:
    parts = {
        "figures": [Figure(*each) for each in held["figures"]],
        "tables": [_table(each) for each in held["tables"]],
    }
    return PaperSection(**{**held, **parts})


def _table(held: Mapping[str, Any]) -> Table:
    parts = {
        "columns": [Column(label, Width(width)) for label, width in held["columns"]],
        "rows": [[Cell(*cell) if isinstance(cell, list) else cell for cell in row] for row in held["rows"]],
        "fields": [
            [date.fromisoformat(each[_DAY]) if isinstance(each, dict) else each for each in row]
            for row in held["fields"]
        ],
    }
    return Table(**{**held, **parts})
