"""Finds rows that are not data: totals, notes below the table, and repeated headings. Plain Python."""

import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

from engage.imports.reading import Record

_TOTAL = re.compile(r"(?:grand\s+|sub-?\s?)?totals?[:\s]*[\d$.,]*", re.IGNORECASE)


class ExtraRows(StrEnum):
    """What the import does with totals and notes."""

    LEAVE_OUT = "leave_out"
    KEEP = "keep"


def without_headings(records: Sequence[Record], heading: Record | None) -> tuple[Record, ...]:
    """Returns the rows without repeated headings, which long tables often have above each part."""
    names = _words(heading) if heading is not None else []
    return tuple(each for each in records if len(names) < 2 or _words(each) != names)


def extra_rows(records: Sequence[Record]) -> tuple[Record, ...]:
    """Returns the totals and the notes. Notes are the last rows, of one cell each, below an empty row.

    If rows of one cell also occur among the others, there are no notes, unless those rows are headings of the
    rows below them. A table with a single column has no notes, either.
    """
    totals = {each.number for each in records if _TOTAL.fullmatch(next(iter(_words(each)), ""))}
    table = [each for each in records if each.number not in totals]
    widths = [len(_words(each)) for each in table]
    last = max((n for n, width in enumerate(widths) if width > 1), default=len(table))
    notes = {each.number for each in table[last + 1 :]}
    above = max((each.number for each in records if not notes or each.number < min(notes)), default=0)
    has_headings = widths[:1] == [1] and (1, 1) not in pairwise(widths[:last])
    if (1 in widths[:last] and not has_headings) or not notes or min(notes) == above + 1:
        notes = set()
    return tuple(each for each in records if each.number in totals | notes)


class Bands(StrEnum):
    """What rows with a single cell above other rows mean: the goal of those rows, or actions like them."""

    GOALS = "goals"
    ACTIONS = "actions"


def bands(records: Sequence[Record], column: int) -> tuple[Record, ...]:
    """Returns the rows that hold only this cell, if the table starts with one and longer rows follow each."""
    found = [each for each in records if len(_words(each)) == 1 and each.cell(column).strip()]
    numbers = {each.number for each in found}
    alone = any(a.number in numbers and b.number in numbers for a, b in pairwise(records))
    if not found or alone or records[0] is not found[0] or records[-1] is found[-1]:
        return ()
    return tuple(found)


def _words(record: Record) -> list[str]:
    return [" ".join(cell.split()) for cell in record.cells if cell.strip()]
