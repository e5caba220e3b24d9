"""Serves the recording of a meeting. All lines are parts of one form, and each of its buttons saves all."""

from collections import defaultdict

from flask import flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.queries import may_there, people_choices
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings import bp, queries
from engage.meetings import service as meetings_service
from engage.meetings.agenda.rules.about import AboutKind
from engage.meetings.decisions import service as decisions_service
from engage.meetings.models import AgendaItem, Meeting
from engage.meetings.notes import pages, service
from engage.meetings.notes.forms import MeetingForms, RowsForm
from engage.meetings.notes.pages import Came, SavedNotes
from engage.meetings.planning import pages as planning_pages
from engage.meetings.planning.routes import meeting_or_404
from engage.plan.actions import outcomes
from engage.plan.actions.queries import origins
from engage.web.forms import ConfirmForm
from engage.web.htmx import fragments, wants_fragment


def _sheet(meeting: Meeting, *, typed: bool) -> MeetingForms:
    items = [each for each in queries.agenda_of(meeting) if each.about != AboutKind.BREAK]
    return MeetingForms(items, people_choices(g.membership), typed=typed)


def _came(meeting: Meeting) -> Came:
    decisions = defaultdict(list)
    for each in decisions_service.decisions_of(meeting):
        decisions[each.item_id].append(each)
    return Came(decisions, origins.actions_of_agenda_items(g.membership))


def _page(meeting: Meeting, sheet: MeetingForms, saved: SavedNotes) -> str:
    came = _came(meeting)
    return render_template(
        "meetings/notes/notes.html",
        meeting=meeting,
        when=planning_pages.when_of(meeting),
        sheet=sheet,
        lines=pages.lines_of(sheet, came, saved, request.args.get("line", "")),
        others=came.decisions.get(None, ()),
        saved=saved,
        may_close=meeting.starts_at <= clock.now()
        and may_there(g.membership, Permission.CLOSE_MEETINGS, meeting.group_id),
        summary=pages.summary(saved) if saved.status != 200 else "",
    )


@bp.get("/<id:meeting_id>/notes/")
@allows(Permission.WORK)
def notes(meeting_id: int) -> str:
    """Shows every line with fields for notes. People keep this page open while the meeting runs."""
    meeting = meetings_service.still_open(meeting_or_404(meeting_id))
    return _page(meeting, _sheet(meeting, typed=False), SavedNotes())


@bp.post("/<id:meeting_id>/notes/")
@allows(Permission.WORK)
def save_notes(meeting_id: int) -> Response | tuple[str, int]:
    """Saves everything on the page, whichever button was pressed.

    An invalid part does not prevent saving the others.
    """
    meeting = meeting_or_404(meeting_id)
    if not ConfirmForm().validate_on_submit():
        sheet = _sheet(meetings_service.still_open(meeting), typed=True)
        return _page(meeting, sheet, SavedNotes(refused=sheet.typed_keys())), 422
    sheet = _sheet(service.claim(meeting), typed=True)
    sheet.validate()
    saved = _save(meeting, sheet)
    db.session.commit()
    if wants_fragment():
        return fragments(*pages.pieces(meeting, sheet, _came(meeting), saved), status=saved.status)
    if saved.status != 200:
        return _page(meeting, sheet, saved), saved.status
    flash(_("Saved."))
    return redirect(pages.next_address(meeting, request.form.get("then", "")), 303)


def _save(meeting: Meeting, sheet: MeetingForms) -> SavedNotes:
    saved = SavedNotes(
        gone=sheet.gone(), touched=sheet.typed_keys(), refused=sheet.refused_keys(), held=sheet.held()
    )
    for line in sheet.lines:
        if line.is_behind:
            saved.behind.add(line.key)
        if line.is_fine("notes", "outcome"):
            clashes = service.note(g.membership, line.item, line.said, line.opened)
            saved.clashes[line.key] = clashes
            line.show_saved(clashes)
        saved.added[line.key] = _add_rows(meeting, line, line.item)
    saved.added[sheet.other.key] = _add_rows(meeting, sheet.other, None)
    return saved


def _add_rows(meeting: Meeting, form: RowsForm, item: AgendaItem | None) -> dict[str, int]:
    """Adds complete decisions and actions; returns their numbers."""
    added = {}
    if decision := form.wanted("decision"):
        made = service.decide(g.membership, meeting, item.id if item else None, *decision)
        added["decision"] = made.number
    if item is not None and (action := form.wanted("action")):
        added["action"] = outcomes.add_from_line(g.membership, item, *action).number
    for name in added:
        form.empty(name)
    return added
