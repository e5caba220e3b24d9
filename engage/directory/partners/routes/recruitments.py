"""Serves open recruitments: the list, one recruitment's page, opening and editing one, its outcome, reopening it."""

from datetime import timedelta

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import Field

from engage import clock
from engage.coalitions.permissions import Permission, allows, may
from engage.coalitions.queries import people_choices
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings.attendance.queries import coverage_of
from engage.partners import bp, queries
from engage.partners.coverage.recruitments import pages, service
from engage.partners.coverage.recruitments.forms import CloseRecruitmentForm, RecruitmentForm
from engage.partners.coverage.recruitments.models import Recruitment
from engage.partners.coverage.recruitments.pages import RecruitmentReader
from engage.partners.coverage.rules import ASK_WITHIN_DAYS
from engage.web.differences import Difference, differences
from engage.web.forms import VersionedForm


def _recruitment_or_404(recruitment_id: int) -> Recruitment:
    return service.recruitment_of(g.membership, recruitment_id) or abort(404)


def _address_of(this_recruitment: Recruitment) -> str:
    return url_for("partners.recruitment", recruitment_id=this_recruitment.id)


def _seen() -> RecruitmentReader:
    """Returns the reader. A reader who may not see people gets the inviters' organizations instead."""
    sees_people = may(g.membership.role, Permission.SEE_ALL)
    return RecruitmentReader(sees_people, {} if sees_people else queries.organization_names(g.membership))


# -- the list and one recruitment


@bp.get("/recruitments/")
@allows(Permission.SEE)
def recruitments() -> str:
    coverage, seen = coverage_of(g.membership), _seen()
    return render_template(
        "partners/coverage/recruitments.html",
        open_recruitments=pages.recruitment_rows(service.open_recruitments(g.membership), coverage, seen),
        closed_recruitments=pages.recruitment_rows(service.closed_recruitments(g.membership), coverage, seen),
        missing=pages.missing(coverage),
        confirm=VersionedForm(formdata=None),
    )


@bp.get("/recruitments/<id:recruitment_id>/")
@allows(Permission.SEE)
def recruitment(recruitment_id: int) -> str:
    return _recruitment_page(_recruitment_or_404(recruitment_id))


def _recruitment_page(
    this_recruitment: Recruitment, form: CloseRecruitmentForm | None = None, *, is_stale: bool = False
) -> str:
    line = service.line_of(g.membership, this_recruitment.id) or abort(404)
    row = pages.recruitment_row(line, coverage_of(g.membership), _seen())
    if form is None:
        form = CloseRecruitmentForm(formdata=None, version=this_recruitment.version)
        form.taken_by_id.offer(queries.organization_choices(g.membership))
        form.taken_by_id.data = this_recruitment.organization_id or 0
    form.version.data = str(this_recruitment.version)
    return render_template(
        "partners/coverage/recruitment.html",
        recruitment=this_recruitment,
        row=row,
        form=form,
        is_stale=is_stale,
    )


# -- opening and editing


def _form(this_recruitment: Recruitment | None = None, *, typed: bool = False) -> RecruitmentForm:
    """Returns the form: as posted if `typed`, else filled from the row or from the query string."""
    form = RecruitmentForm() if typed else RecruitmentForm(formdata=None, obj=this_recruitment)
    people = people_choices(
        g.membership, this_recruitment.inviter_id if this_recruitment is not None else None
    )
    form.offer(queries.organization_choices(g.membership), people)
    if not typed and this_recruitment is None:
        _propose(form)
    return form


def _propose(form: RecruitmentForm) -> None:
    """Fills in the form from the query string. Its user will do the asking, within two weeks."""
    asked = request.args
    form.sector.data = _known(form.sector, asked.get("sector", ""))
    form.area.data = _known(form.area, asked.get("area", ""))
    form.discipline.data = _known(form.discipline, asked.get("discipline", ""))
    form.organization_id.data = _known(form.organization_id, asked.get("organization", "")) or 0
    form.inviter_id.data = g.membership.id
    form.ask_by.data = clock.today(g.coalition.time_zone) + timedelta(days=ASK_WITHIN_DAYS)


def _known(field: Field, value: str) -> object:
    """Returns the choice that the query string names, or "" if there is no such choice."""
    return next((choice.value for choice in field.choices if str(choice.value) == value), "")


def _form_page(
    form: RecruitmentForm, this_recruitment: Recruitment | None, found: list[Difference] | None = None
) -> str:
    return render_template(
        "partners/coverage/recruitment_form.html",
        form=form,
        recruitment=this_recruitment,
        differences=found,
    )


@bp.get("/recruitments/new")
@allows(Permission.WORK)
def new_recruitment() -> str:
    return _form_page(_form(), None)


@bp.post("/recruitments/new")
@allows(Permission.WORK)
def add_recruitment() -> Response | tuple[str, int]:
    form = _form(typed=True)
    if form.validate_on_submit():
        made = service.open_recruitment(g.membership, form.fields())
        db.session.commit()
        flash(_("Added. It stays on this list until someone joins."))
        return redirect(_address_of(made), 303)
    return _form_page(form, None), 422


@bp.get("/recruitments/<id:recruitment_id>/edit")
@allows(Permission.WORK)
def edit_recruitment(recruitment_id: int) -> str:
    this_recruitment = service.still_open(_recruitment_or_404(recruitment_id))
    return _form_page(_form(this_recruitment), this_recruitment)


@bp.post("/recruitments/<id:recruitment_id>/edit")
@allows(Permission.WORK)
def save_recruitment(recruitment_id: int) -> Response | tuple[str, int]:
    this_recruitment = _recruitment_or_404(recruitment_id)
    form, found, status = _form(this_recruitment, typed=True), None, 422
    if form.validate_on_submit():
        try:
            service.edit_recruitment(g.membership, this_recruitment, form.opened_version, form.fields())
            db.session.commit()
            flash(_("Saved."))
            return redirect(_address_of(this_recruitment), 303)
        except StaleVersion:
            found, status = differences(form, _form(this_recruitment), this_recruitment.version), 409
    return _form_page(form, this_recruitment, found), status


# -- the outcome


@bp.post("/recruitments/<id:recruitment_id>/close")
@allows(Permission.WORK)
def close_recruitment(recruitment_id: int) -> Response | tuple[str, int]:
    this_recruitment, form, is_stale = _recruitment_or_404(recruitment_id), CloseRecruitmentForm(), False
    form.taken_by_id.offer(queries.organization_choices(g.membership))
    if form.validate_on_submit():
        try:
            version, note = form.opened_version, form.note.data or ""
            service.close_recruitment(
                g.membership, this_recruitment, version, form.came_of_it, form.taken_by_id.row_id, note
            )
            db.session.commit()
            flash(_("Closed. It is no longer on the list of sectors to recruit."))
            return redirect(url_for(".recruitments"), 303)
        except StaleVersion:
            is_stale = True
    return _recruitment_page(this_recruitment, form, is_stale=is_stale), 409 if is_stale else 422


@bp.post("/recruitments/<id:recruitment_id>/reopen")
@allows(Permission.WORK)
def reopen_recruitment(recruitment_id: int) -> Response | tuple[str, int]:
    this_recruitment, form = _recruitment_or_404(recruitment_id), VersionedForm()
    if form.validate_on_submit():
        try:
            service.reopen_recruitment(g.membership, this_recruitment, form.opened_version)
            db.session.commit()
            flash(_("Reopened. It is back on the list of sectors to recruit."))
            return redirect(_address_of(this_recruitment), 303)
        except StaleVersion:
            return _recruitment_page(this_recruitment, is_stale=True), 409
    return _recruitment_page(this_recruitment), 422
