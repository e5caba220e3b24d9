"""Builds the pages of an import."""

from flask_babel import ngettext
from msgspec import Struct

from engage.imports.forms import ColumnsForm, SaveForm
from engage.imports.preview import SHOWN_ROWS, Outcome, Preview
from engage.imports.words import OUTCOME_TAGS, OUTCOME_WORDS, rows_words


class Steps(Struct, frozen=True):
    """The addresses of an import: those of its steps, and of the page after it; `trail` is its breadcrumbs."""

    read: str
    columns: str
    save: str
    cancel: str
    trail: list[dict[str, str]]


class OutcomeCount(Struct, frozen=True):
    """The number of rows with one outcome."""

    words: str
    kind: str
    text: str


def standing(preview: Preview) -> list[OutcomeCount]:
    """Returns the counts above a preview, without zeros."""
    return [
        OutcomeCount(str(OUTCOME_WORDS[each]), OUTCOME_TAGS[each], rows_words(preview.counts[each]))
        for each in Outcome
        if preview.counts[each]
    ]


def preview_page(columns: ColumnsForm, form: SaveForm, steps: Steps) -> dict[str, object]:
    """Returns everything that imports/_preview.html needs."""
    preview = form.preview
    return {
        "columns": columns,
        "form": form,
        "steps": steps,
        "title": ngettext("%(num)s row in the file", "%(num)s rows in the file", len(preview.rows)),
        "standing": standing(preview),
        "shown": preview.rows[:SHOWN_ROWS],
        "words": OUTCOME_WORDS,
        "tags": OUTCOME_TAGS,
    }
