"""Builds the pages of an import."""

from msgspec import Struct

from engage.i18n import ngettext
from engage.imports.forms import ColumnsForm, SaveForm
from engage.imports.labels import OUTCOME_LABELS, OUTCOME_TAGS, rows_words
from engage.imports.preview import SHOWN_ROWS, Outcome, Preview


class Steps(Struct, frozen=True):
    """The URLs of an import's steps, and of the page after them; `trail` is its breadcrumbs."""

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


def outcome_counts(preview: Preview) -> list[OutcomeCount]:
    """Returns the counts shown above a preview, without zeros."""
    return [
        OutcomeCount(str(OUTCOME_LABELS[each]), OUTCOME_TAGS[each], rows_words(preview.counts[each]))
        for each in Outcome
        if preview.counts[each]
    ]


def preview_page(columns: ColumnsForm, form: SaveForm, steps: Steps) -> dict[str, object]:
    """Returns all variables that imports/_preview.html needs."""
    preview = form.preview
    return {
        "columns": columns,
        "form": form,
        "steps": steps,
        "title": ngettext("%(num)s row in the file", "%(num)s rows in the file", len(preview.rows)),
        "standing": outcome_counts(preview),
        "shown": preview.listed[:SHOWN_ROWS],
        "words": OUTCOME_LABELS,
        "tags": OUTCOME_TAGS,
    }
