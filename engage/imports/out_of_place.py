"""Finds rows that are no rows of the table, such as totals. They are named and not read. Plain Python."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from engage.i18n import gettext as _
from engage.imports.reading import Record

_TOTAL = re.compile(r"(?:grand\s+|sub-?\s?)?totals?[:\s]*[\d$.,]*", re.IGNORECASE)


def out_of_place(records: Sequence[Record], heading: Record | None) -> Iterator[tuple[int, str]]:
    """Yields the numbers of totals, notes below the table and headings that come again, with what to do about each."""
    names, last, is_note = words_of(heading) if heading is not None else [], 0, False
    for each in records:
        words = words_of(each)
        is_note = len(names) > 1 and len(words) == 1 and (is_note or 0 < last < each.number - 1)
        last = each.number
        if _TOTAL.fullmatch(words[0]):
            yield each.number, _("This seems to be a total. Leave the row out.")
        elif is_note:
            yield each.number, _("This seems to be a note below the table. Leave the row out.")
        elif len(names) > 1 and words == names:
            yield each.number, _("This row names the columns again. Leave the row out.")


def without_their_goal(records: Sequence[Record], goal: int | None) -> Iterator[tuple[int, str]]:
    """Yields rows that may belong to a goal in a row above; `goal` is the column of goals, if there is one.

    A table that writes a goal once, above its actions or beside the first of them, is not read on a guess.
    """
    words = _(
        "Write the goal in each row, in a column of its own. For an action without a goal, use the empty table."
    )
    if goal is None:
        yield from ((each.number, words) for each in _bands(records))
        return
    is_below = False
    for each in records:
        has_goal = bool(each.cell(goal).strip())
        if is_below and not has_goal:
            yield each.number, words
        is_below = is_below or has_goal


def _bands(records: Sequence[Record]) -> list[Record]:
    """Returns the rows of one cell, if the table starts with one and longer rows follow each."""
    found = [each for each in records if len(words_of(each)) == 1]
    numbers = {each.number for each in found}
    alone = any(a.number in numbers and b.number in numbers for a, b in pairwise(records))
    return found if found and not alone and records[0] is found[0] and records[-1] is not found[-1] else []


def words_of(record: Record) -> list[str]:
    return [" ".join(cell.split()) for cell in record.cells if cell.strip()]
