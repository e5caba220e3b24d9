"""Holds the messages about what is wrong with a file, and labels for what happens to a row."""

from engage.i18n import gettext as _
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


def trouble_words(error: Unreadable) -> str:
    """Says what is wrong with the file, and what to do."""
    match error.trouble:
        case Trouble.EMPTY:
            return _("There is nothing in it.")
        case Trouble.TOO_LARGE:
            return _(
                "This file is too large: at most %(most)s MB. Split it in two.",
                most=MOST_FILE_BYTES // 1_000_000,
            )
        case Trouble.WORKBOOK:
            return _(
                "This workbook cannot be read. "
                "In your spreadsheet choose Save as, then Excel workbook (.xlsx) or CSV UTF-8."
            )
        case Trouble.NO_TEXT:
            return _("This is not a text file. In your spreadsheet choose Save as, then CSV UTF-8.")
        case Trouble.NO_TABLE:
            return _(
                "This is not a table but a PDF, a web page, or a document, even if its name ends like a spreadsheet’s. "
                "Open it in your spreadsheet and save it as .xlsx or CSV UTF-8, or paste its rows below."
            )
        case Trouble.OPEN_QUOTE:
            return _("A quotation mark in row %(row)s is never closed. Close or remove it.", row=error.row)
        case Trouble.AFTER_QUOTE:
            return _(
                "In row %(row)s a cell continues after its closing quotation mark. Double the marks "
                "inside the cell, or save the file again from your spreadsheet.",
                row=error.row,
            )
        case Trouble.LONG_CELL:
            return _(
                "A cell in row %(row)s has more than %(most)s characters. "
                "Shorten it, or look for a missing quotation mark.",
                row=error.row,
                most=f"{LONGEST_CELL:,}",
            )
        case Trouble.MANY_ROWS:
            return _("At most %(most)s rows at once. Split the file in two.", most=f"{MOST_ROWS:,}")
        case Trouble.MANY_COLUMNS:
            return _("This table has too many columns. Remove the ones you do not need.")
        case Trouble.NO_ROWS:
            return _("There are no rows below the column names.")
        case Trouble.OTHER_JSON:
            return _("This JSON file is not a plan from Engage.")
        case Trouble.NEWER:
            return _("This file comes from a newer version of Engage than this one.")
        case Trouble.CARD:
            return _(
                "Card %(row)s in this file has no end, or contains another card. Export the contacts again.",
                row=error.row,
            )
        case Trouble.LOST:
            return _("The file did not arrive. Choose it again.")


def rows_words(count: int) -> str:
    return ngettext("%(num)s row", "%(num)s rows", count)
