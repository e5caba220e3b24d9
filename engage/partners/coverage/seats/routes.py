"""Serves open seats: the list, one seat's page, opening and editing one, its outcome, reopening it."""

from datetime import timedelta
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.permissions import Permission, may
from engage.coalitions.queries import people_choices
from engage.errors import StaleVersion
from engage.extensions import db
from engage.frame.access import allows
from engage.meetings.attendance.queries import coverage_of
from engage.partners import queries
from engage.partners.blueprint import bp
from engage.partners.coverage.rules import ASK_WITHIN_DAYS
from engage.partners.coverage.seats import pages, service
from engage.partners.coverage.seats.forms import CloseSeatForm, SeatForm
from engage.partners.coverage.seats.models import Seat
from engage.partners.coverage.seats.pages import Seen
from engage.web.differences import Difference, differences
from engage.web.forms import VersionedForm


def _seat_or_404(seat_id: int) -> Seat:
    return service.seat_of(g.membership, seat_id) or abort(404)


def _address_of(this_seat: Seat) -> str:
    return url_for("partners.seat", seat_id=this_seat.id)


def _seen() -> Seen:
    """Returns the reader. One who sees no people is told where the inviters come from."""
    sees_people = may(g.membership.role, Permission.SEE_ALL)
    return Seen(sees_people, {} if sees_people else queries.organization_names(g.membership))


# -- the list and one seat


@bp.get("/seats/")
@allows(Permission.SEE)
def seats() -> str:
    coverage, seen = coverage_of(g.membership), _seen()
    return render_template(
        "partners/coverage/seats.html",
        open_seats=pages.seat_rows(service.open_seats(g.membership), coverage, seen),
        closed_seats=pages.seat_rows(service.closed_seats(g.membership), coverage, seen),
        missing=pages.missing(coverage),
        confirm=VersionedForm(formdata=None),
    )


@bp.get("/seats/<id:seat_id>/")
@allows(Permission.SEE)
def seat(seat_id: int) -> str:
    return _seat_page(_seat_or_404(seat_id))


def _seat_page(this_seat: Seat, form: CloseSeatForm | None = None, *, is_stale: bool = False) -> str:
    line = service.line_of(g.membership, this_seat.id) or abort(404)
    row = pages.seat_row(line, coverage_of(g.membership), _seen())
    if form is None:
        form = CloseSeatForm(formdata=None, version=this_seat.version)
        form.taken_by_id.offer(queries.organization_choices(g.membership))
        form.taken_by_id.data = this_seat.organization_id or 0
    form.version.data = str(this_seat.version)
    return render_template(
        "partners/coverage/seat.html", seat=this_seat, row=row, form=form, is_stale=is_stale
    )


# -- opening and editing


def _form(this_seat: Seat | None = None, *, typed: bool = False) -> SeatForm:
    """Returns the form as it was posted (`typed`), else filled from the row, or as the address proposes it."""
    form = SeatForm() if typed else SeatForm(formdata=None, obj=this_seat)
    people = people_choices(g.membership)
    if (
        this_seat is not None
        and this_seat.inviter_id is not None
        and this_seat.inviter_id not in dict(people)
    ):
        people.append((this_seat.inviter_id, service.inviter_name(this_seat)))
    form.offer(queries.organization_choices(g.membership), people)
    if not typed and this_seat is None:
        _propose(form)
    return form


def _propose(form: SeatForm) -> None:
    """Fills in the place that the address names; whoever opens the seat asks, within two weeks."""
    asked = request.args
    form.sector.data = _known(form.sector, asked.get("sector", ""))
    form.area.data = _known(form.area, asked.get("area", ""))
    form.discipline.data = _known(form.discipline, asked.get("discipline", ""))
    form.organization_id.data = _known(form.organization_id, asked.get("organization", "")) or 0
    form.inviter_id.data = g.membership.id
    form.ask_by.data = clock.today(g.coalition.time_zone) + timedelta(days=ASK_WITHIN_DAYS)


def _known(field: Any, value: str) -> Any:
    """Returns the choice that the address means, or an empty text if it is not one."""
    return next((choice.value for choice in field.choices if str(choice.value) == value), "")


def _form_page(form: SeatForm, this_seat: Seat | None, found: list[Difference] | None = None) -> str:
    return render_template(
        "partners/coverage/seat_form.html", form=form, seat=this_seat, differences=found or []
    )


@bp.get("/seats/new")
@allows(Permission.WORK)
def new_seat() -> str:
    return _form_page(_form(), None)


@bp.post("/seats/new")
@allows(Permission.WORK)
def add_seat() -> Response | tuple[str, int]:
    form = _form(typed=True)
    if form.validate_on_submit():
        made = service.open_seat(g.membership, form.fields())
        db.session.commit()
        flash(_("Added. It stays on this list until someone joins."))
        return redirect(_address_of(made), 303)
    return _form_page(form, None), 422


@bp.get("/seats/<id:seat_id>/edit")
@allows(Permission.WORK)
def edit_seat(seat_id: int) -> str:
    this_seat = service.still_open(_seat_or_404(seat_id))
    return _form_page(_form(this_seat), this_seat)


@bp.post("/seats/<id:seat_id>/edit")
@allows(Permission.WORK)
def save_seat(seat_id: int) -> Response | tuple[str, int]:
    this_seat = _seat_or_404(seat_id)
    form, found, status = _form(this_seat, typed=True), [], 422
    if form.validate_on_submit():
        try:
            service.edit_seat(g.membership, this_seat, form.opened_version, form.fields())
            db.session.commit()
            flash(_("Saved."))
            return redirect(_address_of(this_seat), 303)
        except StaleVersion:
            found, status = differences(form, _form(this_seat), this_seat.version), 409
    return _form_page(form, this_seat, found), status


# -- what came of it


@bp.post("/seats/<id:seat_id>/close")
@allows(Permission.WORK)
def close_seat(seat_id: int) -> Response | tuple[str, int]:
    this_seat, form, is_stale = _seat_or_404(seat_id), CloseSeatForm(), False
    form.taken_by_id.offer(queries.organization_choices(g.membership))
    if form.validate_on_submit():
        try:
            version, note = form.opened_version, form.note.data or ""
            service.close_seat(
                g.membership, this_seat, version, form.came_of_it, form.taken_by_id.row_id, note
            )
            db.session.commit()
            flash(_("Closed. It is no longer on the list of sectors to recruit."))
            return redirect(url_for(".seats"), 303)
        except StaleVersion:
            is_stale = True
    return _seat_page(this_seat, form, is_stale=is_stale), 409 if is_stale else 422


@bp.post("/seats/<id:seat_id>/reopen")
@allows(Permission.WORK)
def reopen_seat(seat_id: int) -> Response | tuple[str, int]:
    this_seat, form = _seat_or_404(seat_id), VersionedForm()
    if form.validate_on_submit():
        try:
            service.reopen_seat(g.membership, this_seat, form.opened_version)
            db.session.commit()
            flash(_("Reopened. It is on the list of sectors to recruit again."))
            return redirect(_address_of(this_seat), 303)
        except StaleVersion:
            return _seat_page(this_seat, is_stale=True), 409
    return _seat_page(this_seat), 422
