"""A meeting's papers: the agenda to print and to send, the sheet to sign in on, and signing in by oneself."""

from flask import flash, g, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage.access import allows
from engage.coalitions.permissions import Permission, may
from engage.coalitions.ready_texts import ready_text_to_share
from engage.errors import problem
from engage.extensions import db
from engage.links import external, qr
from engage.meetings import pages, papers, queries, service, sign_in
from engage.meetings.attendance_forms import HereForm
from engage.meetings.meeting_routes import address_of, meeting_or_404
from engage.meetings.routes import bp
from engage.meetings.rules import Mode

__all__ = ["bp"]

# At least so many empty rows are printed, for guests.
EMPTY_ROWS = 12


@bp.get("/<id:meeting_id>/agenda/")
@allows(Permission.SEE)
def agenda(meeting_id: int) -> str:
    """Also for viewers: it names no person."""
    meeting = meeting_or_404(meeting_id)
    paper = papers.agenda_paper(meeting, queries.agenda_of(meeting))
    address = external(address_of(meeting))
    text = papers.agenda_text(meeting, paper, g.coalition.name, address)
    return render_template(
        "meetings/agenda.html",
        meeting=meeting,
        when=pages.when_of(meeting),
        paper=paper,
        ready=ready_text_to_share(text, meeting.title, papers.short_text(meeting, address)),
        sees_meeting=may(g.membership.role, Permission.SEE_ALL),
    )


@bp.get("/<id:meeting_id>/sign-in")
@allows(Permission.WORK)
def sign_in_sheet(meeting_id: int) -> str:
    meeting = service.still_open(meeting_or_404(meeting_id))
    address = external(address_of(meeting))
    return render_template(
        "meetings/sign_in.html",
        meeting=meeting,
        when=pages.when_of(meeting),
        lines=sign_in.sheet_lines(meeting),
        empty=EMPTY_ROWS,
        address=address,
        qr=qr(address),
    )


@bp.post("/<id:meeting_id>/here")
@allows(Permission.WORK)
def come(meeting_id: int) -> Response:
    """*I'm here*: one press, for oneself."""
    meeting = meeting_or_404(meeting_id)
    form = HereForm()
    if not form.validate_on_submit():
        return problem(422, _("You are not signed in yet"), _("Nothing was saved. Press the button again."))
    sign_in.come(g.membership, meeting, Mode(form.mode.data))
    db.session.commit()
    flash(_("You are on the list. Thank you for coming."))
    return redirect(address_of(meeting), 303)
