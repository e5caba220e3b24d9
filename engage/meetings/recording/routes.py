"""Serves a running meeting: notes line by line. After it: carrying over, closing, reopening, calling off."""

from dataclasses import dataclass

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.permissions import Permission
from engage.errors import StaleVersion, WrongState
from engage.extensions import db
from engage.frame.access import allows
from engage.meetings import queries, service
from engage.meetings.agenda.rules.about import AboutKind
from engage.meetings.blueprint import bp
from engage.meetings.decisions import pages as decisions_pages
from engage.meetings.decisions import service as decisions_service
from engage.meetings.models import AgendaItem, Meeting
from engage.meetings.planning import pages as planning_pages
from engage.meetings.planning.routes import address_of, meeting_or_404
from engage.meetings.recording import service as recording_service
from engage.meetings.recording.forms import CarryForm, NoteForm
from engage.meetings.rules import Outcome
from engage.plan.actions import outcomes
from engage.plan.actions.forms.action import number_ids
from engage.plan.actions.queries import origins
from engage.plan.actions.queries.origins import ActionRef
from engage.web.differences import Difference, differences
from engage.web.forms import ConfirmForm
from engage.web.htmx import fragments, wants_fragment


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A line of the agenda with its form, and what came of it."""

    item: AgendaItem
    form: NoteForm
    differences: list[Difference]
    actions: list[ActionRef]
    anchor: str


def _item_or_404(meeting_id: int, item_id: int) -> AgendaItem:
    return queries.item_of(g.membership, meeting_id, item_id) or abort(404)


# -- notes


def _note_form(item: AgendaItem, *, typed: bool = False) -> NoteForm:
    saved = {"notes": item.notes, "outcome": item.outcome.value, "version": item.recorded_version}
    form = NoteForm() if typed else NoteForm(formdata=None, data=saved)
    number_ids(form, f"meetings-note-{item.id}")
    return form


def _row(
    item: AgendaItem,
    form: NoteForm | None = None,
    found: list[Difference] | None = None,
    actions: list[ActionRef] | None = None,
) -> NoteRow:
    return NoteRow(item, form or _note_form(item), found or [], actions or [], f"meetings-item-{item.id}")


def _notes_page(meeting: Meeting, changed: NoteRow | None = None) -> str:
    actions = origins.actions_of_agenda_items(g.membership)
    rows = [
        changed
        if changed is not None and changed.item.id == item.id
        else _row(item, actions=actions.get(item.id))
        for item in queries.agenda_of(meeting)
        if item.about != AboutKind.BREAK
    ]
    return render_template(
        "meetings/recording/notes.html",
        meeting=meeting,
        rows=rows,
        failed=changed,
        when=planning_pages.when_of(meeting),
        decisions=decisions_pages.decision_rows(
            decisions_service.decisions_of(meeting),
            origins.actions_of_decisions(g.membership),
            clock.today(g.coalition.time_zone),
        ),
        confirm=ConfirmForm(formdata=None),
    )


@bp.get("/<id:meeting_id>/notes/")
@allows(Permission.WORK)
def notes(meeting_id: int) -> str:
    """Shows every line with room for notes: the page to have open while the meeting runs."""
    return _notes_page(service.still_open(meeting_or_404(meeting_id)))


@bp.post("/<id:meeting_id>/notes/<id:item_id>")
@allows(Permission.WORK)
def save_note(meeting_id: int, item_id: int) -> Response | tuple[str, int]:
    meeting, item = meeting_or_404(meeting_id), _item_or_404(meeting_id, item_id)
    form = _note_form(item, typed=True)
    found, status = [], 422
    if form.validate_on_submit():
        try:
            recording_service.note(
                g.membership, item, form.opened_version, form.notes.data or "", Outcome(form.outcome.data)
            )
            db.session.commit()
            return _noted(meeting, item)
        except StaleVersion:
            found, status = differences(form, _note_form(item), item.recorded_version), 409
    row = _row(item, form, found, origins.actions_of_agenda_items(g.membership).get(item.id))
    if wants_fragment():
        return fragments(_piece(meeting, row), status=status)
    return _notes_page(meeting, row), status


def _noted(meeting: Meeting, item: AgendaItem) -> Response:
    row = _row(item, actions=origins.actions_of_agenda_items(g.membership).get(item.id))
    if wants_fragment():
        return fragments(_piece(meeting, row), ("_status.html", {"text": _("Saved.")}))
    flash(_("Saved."))
    return redirect(url_for(".notes", meeting_id=meeting.id, _anchor=row.anchor), 303)


def _piece(meeting: Meeting, row: NoteRow) -> tuple[str, dict[str, object]]:
    return "meetings/recording/_note.html", {
        "meeting": meeting,
        "row": row,
        "confirm": ConfirmForm(formdata=None),
    }


@bp.post("/<id:meeting_id>/notes/<id:item_id>/action")
@allows(Permission.WORK)
def act_on_item(meeting_id: int, item_id: int) -> Response | tuple[str, int]:
    meeting, item = meeting_or_404(meeting_id), _item_or_404(meeting_id, item_id)
    if ConfirmForm().validate_on_submit():
        action = outcomes.act_on_item(g.membership, item)
        db.session.commit()
        flash(_("“%(title)s” is action %(number)s of the plan.", title=item.title, number=action.number))
        return redirect(url_for("plan.action", number=action.number), 303)
    return _notes_page(meeting), 422


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
        items=recording_service.not_reached(meeting),
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
        raise WrongState(_("Nothing is left to carry over. What was not reached stands on a later agenda."))
    db.session.commit()
    flash(ngettext("%(num)s line is carried over.", "%(num)s lines are carried over.", count))
    return redirect(address_of(to), 303)


# -- closing


@bp.get("/<id:meeting_id>/close")
@allows(Permission.CLOSE_MEETINGS)
def close_meeting(meeting_id: int) -> str:
    meeting = service.still_open(meeting_or_404(meeting_id))
    return render_template(
        "meetings/recording/close.html",
        meeting=meeting,
        form=ConfirmForm(),
        when=planning_pages.when_of(meeting),
        has_begun=meeting.starts_at <= clock.now(),
        came=planning_pages.came_sentence(meeting),
        open_lines=recording_service.open_lines(meeting),
        decided=len(decisions_service.decisions_of(meeting)),
    )


@bp.post("/<id:meeting_id>/close")
@allows(Permission.CLOSE_MEETINGS)
def confirm_close_meeting(meeting_id: int) -> Response | tuple[str, int]:
    if not ConfirmForm().validate_on_submit():
        return close_meeting(meeting_id), 422
    meeting = service.still_open(meeting_or_404(meeting_id))
    recording_service.close(g.membership, meeting)
    db.session.commit()
    flash(_("The meeting is closed. Its minutes are ready to print and to share."))
    return redirect(address_of(meeting), 303)


@bp.get("/<id:meeting_id>/reopen")
@allows(Permission.CLOSE_MEETINGS)
def reopen_meeting(meeting_id: int) -> str:
    meeting = meeting_or_404(meeting_id)
    return render_template(
        "meetings/recording/reopen.html",
        meeting=meeting,
        form=ConfirmForm(),
        closings=recording_service.closings_of(meeting),
    )


@bp.post("/<id:meeting_id>/reopen")
@allows(Permission.CLOSE_MEETINGS)
def confirm_reopen_meeting(meeting_id: int) -> Response | tuple[str, int]:
    if not ConfirmForm().validate_on_submit():
        return reopen_meeting(meeting_id), 422
    meeting = meeting_or_404(meeting_id)
    recording_service.reopen(g.membership, meeting)
    db.session.commit()
    flash(_("The meeting is open again. That you reopened it is on record."))
    return redirect(address_of(meeting), 303)


@bp.get("/<id:meeting_id>/delete")
@allows(Permission.CLOSE_MEETINGS)
def delete_meeting(meeting_id: int) -> str:
    meeting = service.still_open(meeting_or_404(meeting_id))
    return render_template(
        "meetings/recording/call_off.html",
        meeting=meeting,
        form=ConfirmForm(),
        when=planning_pages.when_of(meeting),
        has_records=recording_service.has_records(meeting),
    )


@bp.post("/<id:meeting_id>/delete")
@allows(Permission.CLOSE_MEETINGS)
def confirm_delete_meeting(meeting_id: int) -> Response | tuple[str, int]:
    if not ConfirmForm().validate_on_submit():
        return delete_meeting(meeting_id), 422
    meeting = service.still_open(meeting_or_404(meeting_id))
    recording_service.call_off(g.membership, meeting)
    db.session.commit()
    flash(_("The meeting is called off and off the list. Tell those who would come."))
    return redirect(url_for(".index"), 303)
