"""Fills cells that a table leaves empty because the text above applies to them, too. Plain Python."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

from msgspec.structs import replace

from engage.database import folded
from engage.imports.reading import Record
from engage.imports.target import cleaned


class EmptyBelow(StrEnum):
    """What an empty goal cell below a goal means: the same goal, as in merged cells, or no goal."""

    ABOVE = "above"
    NONE = "none"


def filled(records: Sequence[Record], columns: Sequence[int]) -> list[Record]:
    """Returns the rows with empty cells filled from above; `columns` are the levels, from goal to action.

    A goal is filled only if the row has a narrower level, an objective only below its own goal, an action
    never.
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
    """Returns whether the table repeats a goal in the next row. If so, an empty cell likely means no goal."""
    return any(
        (text := cleaned(record.cell(column))) and folded(text) == folded(cleaned(before.cell(column)))
        for before, record in pairwise(records)
        for column in columns[:-1]
    )
