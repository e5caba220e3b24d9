"""Fills the cells that a table leaves empty because the one above holds for them, too. Plain Python."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

from msgspec.structs import replace

from engage.database import folded
from engage.imports.reading import Record
from engage.imports.target import cleaned


class EmptyBelow(StrEnum):
    """The meanings of an empty goal below a goal: that goal again, as in merged cells, or none."""

    ABOVE = "above"
    NONE = "none"


def filled(records: Sequence[Record], columns: Sequence[int]) -> list[Record]:
    """Returns the rows with the goal above in each empty cell; `columns` goes from the widest level to the narrowest.

    A row gets no goal if it names nothing below one, and no objective of another goal. The narrowest level stays.
    """
    above = [""] * len(columns)
    found = []
    for record in records:
        own = [cleaned(record.cell(column)) for column in columns]
        for level, text in enumerate(own):
            if text and folded(text) != folded(above[level]):
                above[level:] = [text, *[""] * (len(columns) - level - 1)]
        levels = [level for level, text in enumerate(own) if not text and any(own[level + 1 :])]
        found.append(_with(record, {columns[level]: above[level] for level in levels if above[level]}))
    return found


def _with(record: Record, texts: dict[int, str]) -> Record:
    if not texts:
        return record
    cells = [*record.cells, *[""] * (max(texts) + 1 - len(record.cells))]
    for column, text in texts.items():
        cells[column] = text
    return replace(record, cells=tuple(cells))


def is_repeated(records: Sequence[Record], columns: Sequence[int]) -> bool:
    """Returns whether the table writes a goal again in the next row. Then an empty cell rather means no goal."""
    return any(
        (text := cleaned(record.cell(column))) and folded(text) == folded(cleaned(before.cell(column)))
        for before, record in pairwise(records)
        for column in columns[:-1]
    )
