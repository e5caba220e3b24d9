"""Runs the steps of an import, the same for every feature: choose a file, name columns, check rows, confirm.

Between the steps, the file and all choices are in the page, not on the server.
"""

from collections.abc import Callable
from functools import partial, update_wrapper
from typing import Any, Generic, Protocol, TypeVar

from flask import Blueprint, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from engage.errors import StaleVersion, WrongState
from engage.extensions import read_from_here
from engage.i18n import LazyString
from engage.imports.forms import (
    ColumnsForm,
    SaveForm,
    UploadForm,
    chosen_before,
    form_for,
    posted_form,
    save_form,
)
from engage.imports.labels import OUTCOME_LABELS, OUTCOME_TAGS, trouble_words
from engage.imports.preview import Preview
from engage.imports.reading import Unreadable
from engage.imports.target import Target
from engage.web.upload_lock import in_turn

# If someone else saves first, the comparison is repeated at most this often within one request.
MOST_TRIES = 3

Page = str | tuple[str, int]
# A mark of who may open a view, or of how.
Mark = Callable[[Any], Any]


class Comparison(Protocol):
    """The comparison of a file with the existing rows."""

    @property
    def preview(self) -> Preview: ...


Compared = TypeVar("Compared", bound=Comparison)


class Steps(Struct, frozen=True):
    """The URLs of an import's steps, and of the page after them; `trail` is its breadcrumbs."""

    read: str
    columns: str
    save: str
    cancel: str
    trail: list[dict[str, str]]


class Import(Struct, Generic[Compared], frozen=True):
    """What a feature provides. `target` is made anew at each step, because people may have joined or left."""

    # The template folder of import.html, the first page.
    folder: str
    target: Callable[[], Target]
    compared: Callable[[ColumnsForm], Compared]
    # Saves, commits and answers; raises StaleVersion if someone else saved first. The form says which possible
    # duplicates to add.
    write: Callable[[Compared, Any], Response]
    # The message if someone else saved first each time.
    overtaken: LazyString
    # The endpoints of the first page and of the three steps.
    views: tuple[str, str, str, str]
    title: LazyString
    # The page from which people come: its title and its endpoint.
    above: tuple[LazyString, str]
    # These return the query of every address, what the addresses after the file add to it, and variables of the pages.
    query: Callable[[], dict[str, Any]] = dict
    chosen: Callable[[], dict[str, Any]] = dict
    about: Callable[[], dict[str, object]] = dict
    # What the last step asks, and the page on which it does.
    confirms: type[SaveForm] = SaveForm
    preview: str = "imports/preview.html"
    # The feature's own forms of the file and of its columns, if it asks for more.
    upload: type[UploadForm] = UploadForm
    columns: type[ColumnsForm] = ColumnsForm

    def serve(self, bp: Blueprint, rule: str, allowed: Mark, *on_save: Mark) -> None:
        """Serves the pages at and below an address. `allowed` marks who may open them, `on_save` the last step."""
        first, read, columns, save = self.views
        _add(bp, "GET", rule, first, self.start, allowed)
        _add(bp, "POST", rule, read, self.read_file, allowed)
        _add(bp, "POST", f"{rule}columns", columns, self.check_columns, allowed)
        _add(bp, "POST", f"{rule}save", save, self.save_rows, allowed, *on_save)

    @property
    def _steps(self) -> Steps:
        query, (above, page) = self.query(), self.above
        first, read, columns, save = (f".{name}" for name in self.views)
        back = url_for(page, **query)
        return Steps(
            read=url_for(read, **query),
            columns=url_for(columns, **query, **self.chosen()),
            save=url_for(save, **query, **self.chosen()),
            cancel=back,
            trail=[
                {"label": str(above), "url": back},
                {"label": str(self.title), "url": url_for(first, **query)},
            ],
        )

    def start(self) -> str:
        """Shows the page for choosing the file."""
        return self._start_page(self.upload(self.target(), formdata=None))

    @in_turn
    def read_file(self) -> Page:
        """Shows the columns with their likely meaning."""
        wanted = self.target()
        form = self.upload(wanted)
        if form.validate_on_submit() and form.read is not None:
            columns = form_for(form.read, self.columns)
            if wanted.reads_all and not columns.asked:
                return self._preview_page(columns, self._confirmation(self.compared(columns)))
            return self._columns_page(columns)
        return self._start_page(form), 422

    def _confirmation(self, comparison: Compared, *, formdata: bool = False) -> SaveForm:
        return save_form(comparison.preview, self.confirms, formdata=formdata)

    @in_turn
    def check_columns(self) -> Page:
        """Shows the chosen columns or, once they are valid, what would happen to each row."""
        wanted = self.target()
        try:
            form = posted_form(wanted, self.columns)
        except Unreadable as error:
            return self._start_page(self._lost(wanted, error)), 422
        if form.errors or request.form.get("do") in {"read", "columns"}:
            return self._columns_page(form), 422 if form.errors else 200
        if form.validate_on_submit():
            shown = self._confirmation(self.compared(form), formdata=bool(chosen_before()))
            return self._preview_page(form, shown)
        return self._columns_page(form), 422

    @in_turn
    def save_rows(self) -> Response | Page:
        """Saves all shown rows or none; shows the preview again if the outcome has changed.

        Raises WrongState.
        """
        for _try in range(MOST_TRIES):
            wanted = self.target()
            try:
                columns = posted_form(wanted, self.columns)
            except Unreadable as error:
                return self._start_page(self._lost(wanted, error)), 422
            # An old token refuses only the confirmation, which then shows the preview again.
            if columns.errors or (not columns.validate() and columns.errors.keys() - {"csrf_token"}):
                return self._columns_page(columns), 422
            comparison = self.compared(columns)
            form = self._confirmation(comparison, formdata=True)
            if form.unlike or not form.validate_on_submit():
                return self._preview_page(columns, form), form.status
            try:
                return self.write(comparison, form)
            except StaleVersion:
                read_from_here()  # compare again with what was saved meanwhile
        raise WrongState(str(self.overtaken))

    def _start_page(self, form: UploadForm) -> str:
        page = f"{self.folder}/import.html"
        fields = form.target.fields
        return render_template(page, form=form, steps=self._steps, fields=fields, **self.about())

    def _columns_page(self, form: ColumnsForm) -> str:
        return render_template(
            "imports/columns.html", form=form, steps=self._steps, chosen_before=chosen_before()
        )

    def _preview_page(self, columns: ColumnsForm, form: SaveForm) -> str:
        shown = {"columns": columns, "form": form, "words": OUTCOME_LABELS, "tags": OUTCOME_TAGS}
        return render_template(self.preview, steps=self._steps, **shown, **self.about())

    def _lost(self, wanted: Target, error: Unreadable) -> UploadForm:
        form = self.upload(wanted, formdata=None)
        form.refuse("file", trouble_words(error))
        return form


def _add(bp: Blueprint, method: str, rule: str, name: str, step: Callable[[], Any], *marks: Mark) -> None:
    view = update_wrapper(partial(step), step)  # a method itself cannot be marked
    for mark in marks:
        mark(view)
    bp.add_url_rule(rule, name, view, methods=[method])
