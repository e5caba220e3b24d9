"""Finds the rows of a table that are no rows of it: totals, notes below it, and its heading once more. Plain Python."""

import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

from engage.imports.reading import Record

_TOTAL = re.compile(r"(?:grand\s+|sub-?\s?)?totals?[:\s]*[\d$.,]*", re.IGNORECASE)


class ExtraRows(StrEnum):
    """What happens to totals and notes."""

    LEAVE_OUT = "leave_out"
    KEEP = "keep"


def without_headings(records: Sequence[Record], heading: Record | None) -> tuple[Record, ...]:
    """Returns the rows without those that name the columns again, as above each part of a long table."""
    names = _words(heading) if heading is not None else []
    return tuple(each for each in records if len(names) < 2 or _words(each) != names)


def extra_rows(records: Sequence[Record]) -> tuple[Record, ...]:
    """Returns the totals, and the notes below the table: rows of one cell behind an empty row, with nothing after them.

    A table that has such rows among its others, or only one column, has no notes, unless those rows are headings of
    the rows below them.
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
    """The meanings of rows with one cell above others: the goal of these, or actions like them."""

    GOALS = "goals"
    ACTIONS = "actions"


def bands(records: Sequence[Record], column: int) -> tuple[Record, ...]:
    """Returns the rows that hold only this cell, if the table begins with one and rows with more follow each."""
    found = [each for each in records if len(_words(each)) == 1 and each.cell(column).strip()]
    numbers = {each.number for each in found}
    alone = any(a.number in numbers and b.number in numbers for a, b in pairwise(records))
    if not found or alone or records[0] is not found[0] or records[-1] is found[-1]:
        return ()
    return tuple(found)


def _words(record: Record) -> list[str]:
    return [" ".join(cell.split()) for cell in record.cells if cell.strip()]
