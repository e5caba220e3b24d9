"""Coverage: which expected sectors have somebody active, as a picture, as a table, over time and as a file."""

from flask import Response, g, render_template, request
from flask_babel import gettext as _

from engage.access import allows
from engage.coalitions.permissions import Permission, may
from engage.csv_files import csv_answer
from engage.meetings.coverage import coverage_of
from engage.partners import seats
from engage.partners.coverage_page import coverage_page, table
from engage.partners.routes import bp


@bp.get("/coverage/")
@allows(Permission.SEE)
def coverage() -> str:
    may_work = may(g.membership.role, Permission.WORK)
    found, sought = coverage_of(g.membership), seats.open_seats(g.membership)
    shown = coverage_page(found, sought, request.args.get("show", ""), may_work=may_work)
    return render_template("partners/coverage.html", shown=shown)


@bp.get("/coverage/file")
@allows(Permission.EXPORT)
def coverage_file() -> Response:
    head, rows = table(coverage_of(g.membership), seats.open_seats(g.membership))
    return csv_answer(_("Coverage of %(coalition)s", coalition=g.coalition.name), head, rows)
