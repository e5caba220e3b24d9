"""Serves the audit log to coordinators: as a page, for printing, and as a file."""

from flask import g, render_template, request
from werkzeug.wrappers import Response

from engage.coalitions import bp
from engage.coalitions.audit import pages
from engage.coalitions.audit.rules import AuditFilters
from engage.coalitions.permissions import Permission, allows
from engage.i18n import gettext as _
from engage.web.csv_files import csv_answer


@bp.get("/settings/audit/")
@allows(Permission.READ_AUDIT)
def audit_log() -> str:
    filters = AuditFilters.of(request.args)
    shown = pages.page_of(g.membership, filters, request.args.get("page", ""))
    return render_template("coalitions/audit/audit.html", shown=shown)


@bp.get("/settings/audit.csv")
@allows(Permission.READ_AUDIT)
def audit_file() -> Response:
    """Sends all entries that match the filters as a file."""
    return csv_answer(_("Audit log"), *pages.table(g.membership, AuditFilters.of(request.args)))
