"""Holds the messages about what is wrong with a file, and labels for what happens to a row."""

from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.imports.preview import Outcome
from engage.imports.reading import Trouble, Unreadable
from engage.limits import LONGEST_CELL, MOST_FILE_BYTES, MOST_ROWS

OUTCOME_LABELS = {
    Outcome.WRONG: _l("wrong"),
    Outcome.ALIKE: _l("possible duplicate"),
    Outcome.NEW: _l("new"),
    Outcome.CHANGED: _l("changes"),
    Outcome.SAME: _l("already here"),
    Outcome.KEPT: _l("stays as it is"),
    Outcome.UNREACHED: _l("no address"),
    Outcome.TWICE: _l("twice in the file"),
}
OUTCOME_TAGS = {
    Outcome.WRONG: "stuck",
    Outcome.ALIKE: "need",
    Outcome.NEW: "done",
    Outcome.CHANGED: "underway",
    Outcome.SAME: "notstarted",
    Outcome.KEPT: "notstarted",
    Outcome.UNREACHED: "need",
    Outcome.TWICE: "notstarted",
}


_TROUBLES = {
    Trouble.EMPTY: _l("There is nothing in it."),
    Trouble.TOO_LARGE: _l("This file is too large: at most %(most)s MB. Split it in two."),
    Trouble.WORKBOOK: _l(
        "This workbook cannot be read. "
        "In your spreadsheet choose Save as, then Excel workbook (.xlsx) or CSV UTF-8."
    ),
    Trouble.NO_TEXT: _l("This is not a text file. In your spreadsheet choose Save as, then CSV UTF-8."),
    Trouble.NO_TABLE: _l(
        "This is not a table but a PDF, a web page, or a document, even if its name ends like a spreadsheet’s. "
        "Open it in your spreadsheet and save it as .xlsx or CSV UTF-8, or paste its rows below."
    ),
    Trouble.OPEN_QUOTE: _l("A quotation mark in row %(row)s is never closed. Close or remove it."),
    Trouble.AFTER_QUOTE: _l(
        "In row %(row)s a cell continues after its closing quotation mark. Double the marks "
        "inside the cell, or save the file again from your spreadsheet."
    ),
    Trouble.LONG_CELL: _l(
        "A cell in row %(row)s has more than %(most)s characters. "
        "Shorten it, or look for a missing quotation mark."
    ),
    Trouble.MANY_ROWS: _l("At most %(most)s rows at once. Split the file in two."),
    Trouble.MANY_COLUMNS: _l("This table has too many columns. Remove the ones you do not need."),
    Trouble.NO_ROWS: _l("There are no rows below the column names."),
    Trouble.OTHER_JSON: _l("This JSON file is not a plan from Engage."),
    Trouble.NEWER: _l("This file comes from a newer version of Engage than this one."),
    Trouble.CARD: _l(
        "Card %(row)s in this file has no end, or contains another card. Export the contacts again."
    ),
    Trouble.LOST: _l("The file did not arrive. Choose it again."),
}
_MOST = {
    Trouble.TOO_LARGE: MOST_FILE_BYTES // 1_000_000,
    Trouble.LONG_CELL: f"{LONGEST_CELL:,}",
    Trouble.MANY_ROWS: f"{MOST_ROWS:,}",
}


def trouble_words(error: Unreadable) -> str:
    """Says what is wrong with the file, and what to do."""
    return str(_TROUBLES[error.trouble]) % {"row": error.row, "most": _MOST.get(error.trouble)}


def rows_words(count: int) -> str:
    return ngettext("%(num)s row", "%(num)s rows", count)
