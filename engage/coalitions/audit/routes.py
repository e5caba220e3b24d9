"""Serves the audit log to coordinators: on the page, printed, and as a file."""

from flask import g, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage.coalitions.audit import pages
from engage.coalitions.audit.rules import AuditFilters
from engage.coalitions.blueprint import bp
from engage.coalitions.permissions import Permission
from engage.frame.access import allows
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
    """Sends the filtered entries as a file, without pages."""
    return csv_answer(_("Audit log"), *pages.table(g.membership, AuditFilters.of(request.args)))
