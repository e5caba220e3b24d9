"""Organizations from a CSV file and as one: choose it, say what its columns are, look at each row, confirm."""

from flask import Response as FileResponse
from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from engage.access import allows
from engage.coalitions.permissions import Permission
from engage.csv_files import csv_answer
from engage.errors import StaleVersion, WrongState
from engage.extensions import db, read_from_here, write_from_here
from engage.imports.forms import (
    ColumnsForm,
    SaveForm,
    UploadForm,
    decided_in,
    form_for,
    posted_form,
    save_form,
)
from engage.imports.pages import Steps, preview_page
from engage.imports.reading import Unreadable
from engage.imports.words import trouble_words
from engage.partners import importing, organization_file
from engage.partners.import_target import target
from engage.partners.routes import bp

__all__ = ["bp"]

# How often an import that somebody overtook is compared anew within one request.
MOST_TRIES = 3


@bp.get("/organizations.csv")
@allows(Permission.EXPORT)
def organizations_file() -> FileResponse:
    here = importing.organizations_here(g.membership)
    return csv_answer(_("Organizations"), *organization_file.table(target(), here))


@bp.get("/empty.csv")
@allows(Permission.IMPORT)
def empty_file() -> FileResponse:
    """The names of the columns, to fill."""
    return csv_answer(_("Organizations to fill in"), *organization_file.table(target(), ()))


@bp.get("/import/")
@allows(Permission.IMPORT)
def import_file() -> str:
    return _start_page(UploadForm(target(), formdata=None))


@bp.post("/import/")
@allows(Permission.IMPORT)
def read_file() -> str | tuple[str, int]:
    read_from_here()
    form = UploadForm(target())
    if form.validate_on_submit() and form.read is not None:
        return _columns_page(form_for(form.read))
    return _start_page(form), 422


@bp.post("/import/columns")
@allows(Permission.IMPORT)
def check_columns() -> str | tuple[str, int]:
    """Shows the columns as they are said to be, or, when they are right, what each row would do."""
    read_from_here()
    try:
        form = posted_form(target())
    except Unreadable as error:
        return _start_page(_lost(error)), 422
    if form.errors or request.form.get("do") in {"read", "columns"}:
        return _columns_page(form), 422 if form.errors else 200
    if form.validate_on_submit():
        return _preview_page(form, save_form(_compared(form).preview))
    return _columns_page(form), 422


@bp.post("/import/save")
@allows(Permission.IMPORT)
def save_rows() -> Response | str | tuple[str, int]:
    """Writes what was shown, all of it or nothing; shows it again where something else would happen by now."""
    read_from_here()
    try:
        columns = posted_form(target(), csrf=False)
    except Unreadable as error:
        return _start_page(_lost(error)), 422
    if columns.errors or not columns.validate():
        return _columns_page(columns), 422
    for _try in range(MOST_TRIES):
        comparison = _compared(columns)
        form = save_form(comparison.preview, formdata=True)
        if form.unlike or not form.validate_on_submit():
            return _preview_page(columns, form), form.status
        write_from_here()
        try:
            counts = importing.write(g.membership, comparison, form.takes)
            db.session.commit()
        except StaleVersion:
            read_from_here()  # somebody was faster: look whether the same would still happen
        else:
            flash(_written(*counts))
            return redirect(url_for(".index"), 303)
    raise WrongState(
        _("Others are changing organizations right now. Nothing was written. Try again in a minute.")
    )


def _compared(columns: ColumnsForm) -> importing.Comparison:
    here = importing.organizations_here(g.membership)
    return importing.Comparison(here, columns.lines, columns.of_those_here, decided_in(request.form))


def _written(added: int, changed: int) -> str:
    parts = []
    if added:
        parts.append(ngettext("%(num)s organization is added.", "%(num)s organizations are added.", added))
    if changed:
        parts.append(
            ngettext("%(num)s organization is changed.", "%(num)s organizations are changed.", changed)
        )
    return " ".join(parts) or _("Nothing was written: every row was left out.")


def _lost(error: Unreadable) -> UploadForm:
    form = UploadForm(target(), formdata=None)
    form.refuse("file", trouble_words(error))
    return form


def _steps() -> Steps:
    return Steps(
        read=url_for(".read_file"),
        columns=url_for(".check_columns"),
        save=url_for(".save_rows"),
        cancel=url_for(".import_file"),
    )


def _start_page(form: UploadForm) -> str:
    return render_template("partners/import.html", form=form, steps=_steps(), fields=target().fields)


def _columns_page(form: ColumnsForm) -> str:
    return render_template("partners/import_columns.html", form=form, steps=_steps())


def _preview_page(columns: ColumnsForm, form: SaveForm) -> str:
    read_from_here()
    return render_template("partners/import_preview.html", **preview_page(columns, form, _steps()))
