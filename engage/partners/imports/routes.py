"""Imports organizations from a table or workbook: choose it, say what its columns are, check each row, confirm."""

from flask import Response as FileResponse
from flask import g, request, url_for

from engage.coalitions.permissions import Permission, allows
from engage.coalitions.undo_imports.saving import undoable
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.imports.forms import ColumnsForm, SaveForm, decided_in
from engage.imports.import_wizard import Import
from engage.partners import bp, undo_imports
from engage.partners.exports.queries import organizations_here
from engage.partners.exports.table import table
from engage.partners.imports import service
from engage.partners.imports.target import target
from engage.web.csv_files import csv_answer


@bp.get("/empty.csv")
@allows(Permission.IMPORT)
def empty_file() -> FileResponse:
    """Sends an empty file with the names of the columns, to fill in."""
    return csv_answer(_("Organizations to fill in"), *table(target(), ()))


def _compared(columns: ColumnsForm) -> service.OrganizationComparison:
    here = organizations_here(g.membership)
    return service.OrganizationComparison(
        here, columns.lines, columns.of_those_here, decided_in(request.form)
    )


def _write(comparison: service.OrganizationComparison, form: SaveForm) -> tuple[str, str]:
    added, changed = service.write(g.membership, comparison, form.takes)
    parts = []
    if added:
        parts.append(ngettext("%(num)s organization is added.", "%(num)s organizations are added.", added))
    if changed:
        parts.append(
            ngettext("%(num)s organization is changed.", "%(num)s organizations are changed.", changed)
        )
    return " ".join(parts) or _("Nothing was saved: every row was left out."), url_for(".index")


Import(
    folder="partners",
    target=target,
    compared=_compared,
    write=undoable(undo_imports.KEY, _write),
    overtaken=_l(
        "Someone else is editing the organizations right now. Nothing was saved. Try again in a minute."
    ),
    views=("import_file", "read_file", "check_columns", "save_rows"),
    title=_l("Organizations from a file"),
    above=(_l("Partners"), ".index"),
).serve(bp, "/import/", allows(Permission.IMPORT))
