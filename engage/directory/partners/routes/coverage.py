"""Serves coverage: which expected sectors have someone active, as a picture, a table, over time and as a file."""

from flask import Response, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from engage.coalitions.permissions import Permission, allows, may
from engage.coalitions.queries import expected_sectors
from engage.coalitions.service import expect_sectors
from engage.content.loader import content
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings.attendance.queries import coverage_of
from engage.partners import bp
from engage.partners.coverage import queries
from engage.partners.coverage.forms import ExpectedForm
from engage.partners.coverage.pages.coverage import coverage_page, table
from engage.partners.coverage.pages.disciplines import disciplines_page
from engage.partners.coverage.recruitments import service as recruitments_service
from engage.web.csv_files import csv_answer


@bp.get("/coverage/")
@allows(Permission.SEE)
def coverage() -> str:
    may_work = may(g.membership.role, Permission.WORK)
    found, sought = coverage_of(g.membership), recruitments_service.open_recruitments(g.membership)
    chosen = request.args.get("sector", ""), request.args.get("area", "")
    shown = coverage_page(found, sought, request.args.get("show", ""), chosen, may_work=may_work)
    return render_template("partners/coverage/coverage.html", shown=shown)


@bp.get("/coverage/file")
@allows(Permission.EXPORT)
def coverage_file() -> Response:
    head, rows = table(coverage_of(g.membership), recruitments_service.open_recruitments(g.membership))
    return csv_answer(_("Coverage of %(coalition)s", coalition=g.coalition.name), head, rows)


@bp.get("/coverage/disciplines")
@allows(Permission.SEE)
def disciplines() -> str:
    """Shows which kinds of work people and organizations here do, and which are missing."""
    recruitments = recruitments_service.open_recruitments(g.membership)
    shown = disciplines_page(queries.disciplines_here(g.membership), recruitments)
    return render_template("partners/coverage/disciplines.html", shown=shown)


# -- which sectors are expected here


@bp.get("/coverage/expected")
@allows(Permission.EDIT_SETTINGS)
def expected() -> str:
    ticked = list(expected_sectors(g.coalition))
    return _expected_page(ExpectedForm(formdata=None, sectors=ticked, version=g.coalition.version))


@bp.post("/coverage/expected")
@allows(Permission.EDIT_SETTINGS)
def save_expected() -> BaseResponse | tuple[str, int]:
    form = ExpectedForm()
    if form.validate_on_submit():
        try:
            expect_sectors(g.membership, form.opened_version, form.sectors.data or [])
            db.session.commit()
            flash(_("Saved. Coverage and Getting Started count these sectors now."))
            return redirect(url_for(".coverage"), 303)
        except StaleVersion:
            form.version.data = str(g.coalition.version)
            return _expected_page(form, is_stale=True), 409
    return _expected_page(form), 422


def _expected_page(form: ExpectedForm, *, is_stale: bool = False) -> str:
    """Renders the form; `is_stale` adds in words what is saved now."""
    now = expected_sectors(g.coalition)
    saved = [each.name for each in content().sectors if each.key in now] if is_stale else []
    return render_template("partners/coverage/expected.html", form=form, saved=saved)
