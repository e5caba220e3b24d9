"""Sends the organizations as a file to download."""

from flask import Response, g

from engage.coalitions.permissions import Permission, allows
from engage.i18n import gettext as _
from engage.partners import bp
from engage.partners.exports.queries import organizations_here
from engage.partners.exports.table import table
from engage.partners.imports.target import target
from engage.web.csv_files import csv_answer


@bp.get("/organizations.csv")
@allows(Permission.EXPORT)
def organizations_file() -> Response:
    return csv_answer(_("Organizations"), *table(target(), organizations_here(g.membership)))
