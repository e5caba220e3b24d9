"""Serves attendance: one sheet on which to mark people, also on a phone at the entrance."""

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings import bp, service
from engage.meetings.attendance import service as attendance_service
from engage.meetings.attendance.forms import AttendanceForm, conflicts, fresh
from engage.meetings.models import Meeting
from engage.meetings.planning import pages as planning_pages
from engage.meetings.planning.routes import meeting_or_404
from engage.meetings.replies import queries as replies_queries
from engage.meetings.replies.rules import AS_ATTENDANCE, Said
from engage.meetings.rules import Mode
from engage.partners.queries import organization_choices, organization_of


def _form(meeting: Meeting, *, typed: bool = True) -> AttendanceForm:
    form = AttendanceForm() if typed else AttendanceForm(formdata=None)
    form.offer(attendance_service.people_of(meeting), organization_choices(g.membership))
    return form


def attendance_from(said: list[Said]) -> dict[str, Mode]:
    """Returns the marks with which the attendance sheet may start, by the key of the person's row."""
    return {
        attendance_service.person_key(each.person_id): AS_ATTENDANCE[each.answer]
        for each in said
        if each.answer in AS_ATTENDANCE
    }


def _sheet(
    meeting: Meeting, form: AttendanceForm, lost: list[tuple[str, str, str]] | None = None, *, said: int = 0
) -> str:
    rows = fresh(form.rows) if lost else form.rows
    return render_template(
        "meetings/attendance/attendance.html",
        meeting=meeting,
        form=form,
        expected=[row for row in rows if row.line.is_expected and not row.line.is_guest],
        others=[row for row in rows if not row.line.is_expected],
        guests=[row for row in rows if row.line.is_guest],
        came=planning_pages.attendance_shown(attendance_service.attended(meeting)),
        lost=lost or [],
        said=said,
        from_answers=bool(form.said),
        when=planning_pages.when_of(meeting),
    )


@bp.get("/<id:meeting_id>/attendance")
@allows(Permission.WORK)
def attendance_sheet(meeting_id: int) -> str:
    """Shows the sheet; `?from=answers` marks people who said that they will come, for the recorder to correct."""
    meeting = service.still_open(meeting_or_404(meeting_id))
    form = _form(meeting, typed=False)
    said = attendance_from(replies_queries.said_about(meeting))
    if request.args.get("from") == "answers":
        form.said = said
    return _sheet(meeting, form, said=len(said.keys() - form.marked))


@bp.post("/<id:meeting_id>/attendance")
@allows(Permission.WORK)
def save_attendance(meeting_id: int) -> Response | tuple[str, int]:
    meeting = meeting_or_404(meeting_id)
    form = _form(meeting)
    if form.validate_on_submit():
        if lost := attendance_service.record(g.membership, meeting, form.changes):
            db.session.rollback()
            form = _form(meeting)
            return _sheet(meeting, form, conflicts(form.rows, lost)), 409
        if form.guest.data:
            _add_guest(meeting, form)
        db.session.commit()
        flash(_("The attendance is saved."))
        return redirect(url_for(".attendance_sheet", meeting_id=meeting.id), 303)
    return _sheet(meeting, form), 422


def _add_guest(meeting: Meeting, form: AttendanceForm) -> None:
    chosen = form.guest_organization_id.row_id
    organization = organization_of(g.membership, chosen) if chosen is not None else None
    attendance_service.add_guest(
        g.membership,
        meeting,
        form.guest.data or "",
        organization,
        form.guest_sector.data or "",
        Mode(form.guest_mode.data),
    )
