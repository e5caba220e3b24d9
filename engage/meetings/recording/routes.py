"""Serves the end of a meeting: carrying lines over, closing, reopening, canceling."""

from collections.abc import Collection

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.meetings import bp, queries, service
from engage.meetings.agenda.labels import title_of
from engage.meetings.decisions import service as decisions_service
from engage.meetings.forms import CarryForm
from engage.meetings.models import Meeting
from engage.meetings.planning import pages as planning_pages
from engage.meetings.planning.routes import address_of, meeting_or_404
from engage.meetings.recording import service as recording_service
from engage.plan.actions.queries import origins
from engage.web.access import button

# -- carrying over


def _carry_form(meeting: Meeting, *, typed: bool = True) -> CarryForm:
    form = CarryForm() if typed else CarryForm(formdata=None)
    later = recording_service.later_meetings(meeting)
    form.to.offer([(each.id, planning_pages.titled(each)) for each in later])
    if not typed and later:
        form.to.data = later[0].id
    return form


def _carry_page(meeting: Meeting, form: CarryForm) -> str:
    return render_template(
        "meetings/recording/carry.html",
        meeting=meeting,
        form=form,
        titles=[title_of(each) for each in recording_service.not_reached(meeting)],
    )


@bp.get("/<id:meeting_id>/carry-over")
@allows(Permission.WORK)
def carry(meeting_id: int) -> str:
    meeting = meeting_or_404(meeting_id)
    return _carry_page(meeting, _carry_form(meeting, typed=False))


@bp.post("/<id:meeting_id>/carry-over")
@allows(Permission.WORK)
def carry_over(meeting_id: int) -> Response | tuple[str, int]:
    meeting = meeting_or_404(meeting_id)
    form = _carry_form(meeting)
    to = (
        queries.meeting_of(g.membership, form.to.row_id)
        if form.validate_on_submit() and form.to.row_id
        else None
    )
    if to is None:
        return _carry_page(meeting, form), 422
    count = recording_service.carry_over(g.membership, meeting, to)
    if not count:
        raise WrongState(_("Nothing is left to carry over. Items you did not reach are on a later agenda."))
    db.session.commit()
    flash(ngettext("%(num)s item is carried over.", "%(num)s items are carried over.", count))
    return redirect(address_of(to), 303)


# -- closing


def _acted() -> Collection[int]:
    """Returns the ids of lines from which an action came."""
    return origins.actions_of_agenda_items(g.membership).keys()


@bp.get("/<id:meeting_id>/close")
@allows(Permission.CLOSE_MEETINGS, group_of=queries.group_of_meeting)
def close_meeting(meeting_id: int) -> str:
    meeting = service.still_open(meeting_or_404(meeting_id))
    return render_template(
        "meetings/recording/close.html",
        meeting=meeting,
        when=planning_pages.when_of(meeting),
        has_begun=meeting.starts_at <= clock.now(),
        came=planning_pages.came_sentence(meeting),
        open_lines=recording_service.open_lines(meeting, _acted()),
        decided=len(decisions_service.decisions_of(meeting)),
    )


@bp.post("/<id:meeting_id>/close")
@allows(Permission.CLOSE_MEETINGS, group_of=queries.group_of_meeting)
@button
def confirm_close_meeting(meeting_id: int) -> Response:
    meeting = service.still_open(meeting_or_404(meeting_id))
    recording_service.close(g.membership, meeting, _acted())
    db.session.commit()
    flash(_("The meeting is closed. Its minutes are ready to print and to share."))
    return redirect(address_of(meeting), 303)


@bp.get("/<id:meeting_id>/reopen")
@allows(Permission.CLOSE_MEETINGS, group_of=queries.group_of_meeting)
def reopen_meeting(meeting_id: int) -> str:
    meeting = meeting_or_404(meeting_id)
    return render_template(
        "meetings/recording/reopen.html",
        meeting=meeting,
        closings=recording_service.closings_of(meeting),
    )


@bp.post("/<id:meeting_id>/reopen")
@allows(Permission.CLOSE_MEETINGS, group_of=queries.group_of_meeting)
@button
def confirm_reopen_meeting(meeting_id: int) -> Response:
    meeting = meeting_or_404(meeting_id)
    recording_service.reopen(g.membership, meeting)
    db.session.commit()
    flash(_("The meeting is open again. The minutes record that you reopened it."))
    return redirect(address_of(meeting), 303)


@asks_to_delete(bp, "/<id:meeting_id>/delete", Permission.CLOSE_MEETINGS, group_of=queries.group_of_meeting)
def delete_meeting(meeting_id: int) -> Deletion:
    meeting = service.still_open(meeting_or_404(meeting_id))
    return Deletion(
        page="meetings/recording/cancel.html",
        title=_("Cancel “%(title)s”?", title=meeting.title),
        what=planning_pages.when_of(meeting),
        about={"meeting": meeting, "has_records": recording_service.has_records(meeting)},
        back=address_of(meeting),
        delete=lambda: (
            _("“%(title)s” is canceled and in the trash. Let people know.", title=meeting.title),
            recording_service.cancel(g.membership, meeting),
        ),
        then=url_for(".index"),
    )
