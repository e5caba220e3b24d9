"""Leads through an import in the same steps for every feature: choose the file, name its columns, check rows, confirm.

Between the steps everything stays in the page.
"""

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from flask import render_template, request
from flask_babel.speaklater import LazyString
from msgspec import Struct
from werkzeug.wrappers import Response

from engage.errors import StaleVersion, WrongState
from engage.extensions import read_from_here
from engage.imports.forms import ColumnsForm, SaveForm, UploadForm, form_for, posted_form, save_form
from engage.imports.pages import Steps, preview_page
from engage.imports.preview import Preview, PreviewRow
from engage.imports.reading import Unreadable
from engage.imports.target import Target
from engage.imports.words import trouble_words
from engage.web.turns import in_turn

# If someone else saves first, the import is compared again at most this often within one request.
MOST_TRIES = 3

Page = str | tuple[str, int]


class Comparison(Protocol):
    """The comparison of a file with what is here."""

    @property
    def preview(self) -> Preview: ...


Compared = TypeVar("Compared", bound=Comparison)


class Import(Struct, Generic[Compared], frozen=True):
    """The feature's own part. `target` is made anew at each step, because someone may have joined or left."""

    # This folder holds import.html, the first page.
    folder: str
    target: Callable[[], Target]
    compared: Callable[[ColumnsForm], Compared]
    # This writes, commits and answers; it raises StaleVersion if someone was faster. The function given to it
    # says whether a possible duplicate is added.
    write: Callable[[Compared, Callable[[PreviewRow], bool]], Response]
    # This returns the addresses of the steps, and what else the first page needs, by name.
    around: Callable[[], tuple[Steps, dict[str, Any]]]
    # This message is shown if others are faster each time.
    overtaken: LazyString

    def start(self) -> str:
        """Shows the page to choose the file."""
        return self._start_page(UploadForm(self.target(), formdata=None))

    @in_turn
    def read_file(self) -> Page:
        """Shows what its columns may be."""
        form = UploadForm(self.target())
        if form.validate_on_submit() and form.read is not None:
            return self._columns_page(form_for(form.read))
        return self._start_page(form), 422

    @in_turn
    def check_columns(self) -> Page:
        """Shows the columns as chosen or, once they are right, what each row would do."""
        wanted = self.target()
        try:
            form = posted_form(wanted)
        except Unreadable as error:
            return self._start_page(_lost(wanted, error)), 422
        if form.errors or request.form.get("do") in {"read", "columns"}:
            return self._columns_page(form), 422 if form.errors else 200
        if form.validate_on_submit():
            return self._preview_page(form, save_form(self.compared(form).preview))
        return self._columns_page(form), 422

    @in_turn
    def save_rows(self) -> Response | Page:
        """Writes what was shown, all of it or nothing; shows it again if the outcome would differ by now.

        Raises WrongState.
        """
        for _try in range(MOST_TRIES):
            wanted = self.target()
            try:
                columns = posted_form(wanted, csrf=False)
            except Unreadable as error:
                return self._start_page(_lost(wanted, error)), 422
            if columns.errors or not columns.validate():
                return self._columns_page(columns), 422
            comparison = self.compared(columns)
            form = save_form(comparison.preview, formdata=True)
            if form.unlike or not form.validate_on_submit():
                return self._preview_page(columns, form), form.status
            try:
                return self.write(comparison, form.takes)
            except StaleVersion:
                read_from_here()  # check whether the outcome is still the same
        raise WrongState(str(self.overtaken))

    def _start_page(self, form: UploadForm) -> str:
        steps, around = self.around()
        page = f"{self.folder}/import.html"
        return render_template(page, form=form, steps=steps, fields=form.target.fields, **around)

    def _columns_page(self, form: ColumnsForm) -> str:
        steps, _around = self.around()
        return render_template("imports/columns.html", form=form, steps=steps)

    def _preview_page(self, columns: ColumnsForm, form: SaveForm) -> str:
        read_from_here()
        steps, _around = self.around()
        return render_template("imports/preview.html", **preview_page(columns, form, steps))


def _lost(wanted: Target, error: Unreadable) -> UploadForm:
    form = UploadForm(wanted, formdata=None)
    form.refuse("file", trouble_words(error))
    return form
