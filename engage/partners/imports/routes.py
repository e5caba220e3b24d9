"""Imports organizations from a table or workbook: choose the file, say what its columns are, check each row, confirm.

It also sends the list as CSV.
"""

from flask import Response as FileResponse
from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows
from engage.coalitions.trash import notice
from engage.coalitions.undo_imports.recording import recorded
from engage.extensions import db, write_from_here
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.imports import hidden_file
from engage.imports.forms import ColumnsForm, SaveForm, decided_in
from engage.imports.import_wizard import Import
from engage.partners.blueprint import bp
from engage.partners.imports import file, service, undoing
from engage.partners.imports.target import target
from engage.web.csv_files import csv_answer


@bp.get("/organizations.csv")
@allows(Permission.EXPORT)
def organizations_file() -> FileResponse:
    here = service.organizations_here(g.membership)
    return csv_answer(_("Organizations"), *file.table(target(), here))


@bp.get("/empty.csv")
@allows(Permission.IMPORT)
def empty_file() -> FileResponse:
    """Sends an empty file with the names of the columns, to fill in."""
    return csv_answer(_("Organizations to fill in"), *file.table(target(), ()))


def _compared(columns: ColumnsForm) -> service.OrganizationComparison:
    here = service.organizations_here(g.membership)
    return service.OrganizationComparison(
        here, columns.lines, columns.of_those_here, decided_in(request.form)
    )


def _write(comparison: service.OrganizationComparison, form: SaveForm) -> Response:
    write_from_here()
    with recorded(g.membership, undoing.KEY, hidden_file.kind(request.form)) as undoable:
        counts = service.write(g.membership, comparison, form.takes)
    db.session.commit()
    notice.say(_written(*counts), undoable.copy)
    return redirect(url_for(".index"), 303)


def _written(added: int, changed: int) -> str:
    parts = []
    if added:
        parts.append(ngettext("%(num)s organization is added.", "%(num)s organizations are added.", added))
    if changed:
        parts.append(
            ngettext("%(num)s organization is changed.", "%(num)s organizations are changed.", changed)
        )
    return " ".join(parts) or _("Nothing was saved: every row was left out.")


Import(
    folder="partners",
    target=target,
    compared=_compared,
    write=_write,
    overtaken=_l(
        "Someone else is editing the organizations right now. Nothing was saved. Try again in a minute."
    ),
    views=("import_file", "read_file", "check_columns", "save_rows"),
    title=_l("Organizations from a file"),
    above=(_l("Partners"), ".index"),
).serve(bp, "/import/", allows(Permission.IMPORT))
