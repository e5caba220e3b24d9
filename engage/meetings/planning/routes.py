"""Serves meetings: the list, one meeting's page, planning and changing it."""

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage import clock
from engage.assessment.results.queries.agreed import agreed_at
from engage.coalitions.permissions import Permission, allows, may
from engage.coalitions.queries import group_rows, may_there
from engage.coalitions.rules import GroupKind
from engage.coalitions.trash.lookups import gone
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings import bp, moments, queries, service
from engage.meetings.agenda import service as agenda_service
from engage.meetings.agenda.draft.pages import sources
from engage.meetings.agenda.draft.pages.page import AgendaDraft
from engage.meetings.agenda.pages.links import agenda_part
from engage.meetings.attendance.service import attended
from engage.meetings.calendar_file import calendar_file
from engage.meetings.decisions.service import decisions_of
from engage.meetings.models import Meeting
from engage.meetings.planning import pages
from engage.meetings.planning.forms import CopyMeetingForm, MeetingForm
from engage.meetings.preparations import service as preparations_service
from engage.meetings.recording import service as recording_service
from engage.meetings.replies import pages as replies_pages
from engage.meetings.replies import queries as replies_queries
from engage.meetings.rules import MeetingKind
from engage.plan.actions.queries import origins
from engage.plan.review.pages import period_words
from engage.plan.review.service import reviews_at
from engage.strengths.votes import queries as votes_queries
from engage.strengths.votes.labels import STATE_LABELS, STATE_TAGS
from engage.web.access import evening_step
from engage.web.csv_files import download
from engage.web.differences import Difference, differences
from engage.web.links import external, onward
from engage.web.lists import page_asked


def meeting_or_404(meeting_id: int) -> Meeting:
    return queries.meeting_of(g.membership, meeting_id) or gone(Meeting.__tablename__, meeting_id)


def address_of(this_meeting: Meeting) -> str:
    return url_for("meetings.meeting", meeting_id=this_meeting.id)


@bp.get("/")
@allows(Permission.SEE_ALL)
def index() -> str:
    number = page_asked(request.args.get("page", ""))
    midnight = clock.start_of_day(clock.today(g.coalition.time_zone), g.coalition.time_zone)
    shown = pages.list_page(queries.meetings_page(g.membership, midnight, number), midnight, clock.now())
    return render_template("meetings/planning/index.html", shown=shown)


@bp.get("/<id:meeting_id>/")
@allows(Permission.SEE_ALL)
def meeting(meeting_id: int) -> str:
    this_meeting = meeting_or_404(meeting_id)
    said = replies_queries.said_about(this_meeting)
    return render_template(
        "meetings/planning/meeting.html",
        meeting=this_meeting,
        sheet=pages.sheet(g.membership, this_meeting, clock.now()),
        closings=recording_service.closings_of(this_meeting),
        left=recording_service.not_reached(this_meeting),
        decisions=decisions_of(this_meeting),
        decision_actions=origins.actions_of_decisions(g.membership),
        today=clock.today(g.coalition.time_zone),
        came=pages.attendance_shown(attended(this_meeting)),
        votes=votes_queries.votes_of_meeting(g.membership, this_meeting.id),
        vote_states=STATE_LABELS,
        vote_tags=STATE_TAGS,
        asked=replies_pages.asked(this_meeting, replies_pages.of_person(g.membership.id, said), clock.now()),
        answers=replies_pages.answers(this_meeting, said),
        here=pages.here(g.membership, this_meeting, clock.now()),
        before=preparations_service.preparations_of(this_meeting),
        tips=sources.reviewed_at(g.membership, this_meeting),
        agreed=agreed_at(g.membership, this_meeting.id),
        adopted=origins.plans_adopted_at(g.membership, this_meeting.id),
        reviewed=[(each, period_words(each.period)) for each in reviews_at(g.membership, this_meeting.id)],
        **agenda_part(g.membership, this_meeting),
    )


@bp.get("/<id:meeting_id>/meeting.ics")
@allows(Permission.SEE_ALL)
def calendar(meeting_id: int) -> Response:
    this_meeting = meeting_or_404(meeting_id)
    text = calendar_file(this_meeting, external(address_of(this_meeting)), clock.now())
    return download(text, "text/calendar; charset=utf-8", f"meeting-{this_meeting.id}.ics")


# -- planning and changing it


def _form(this_meeting: Meeting | None = None, *, typed: bool = True) -> MeetingForm:
    """Returns the form: as posted if `typed`, else filled from the row, or empty."""
    zone = g.coalition.time_zone
    values = {}
    if this_meeting is not None:
        values = {
            "day": clock.local_day(this_meeting.starts_at, zone),
            "time": moments.local_time(this_meeting.starts_at, zone),
        }
    form = MeetingForm() if typed else MeetingForm(formdata=None, obj=this_meeting, data=values)
    form.time_zone = zone
    groups = [(row.id, row.name) for row in group_rows(g.membership) if row.kind is GroupKind.WORKGROUP]
    form.group_id.offer(groups)
    if this_meeting is not None and not may_there(
        g.membership, Permission.CLOSE_MEETINGS, this_meeting.group_id
    ):
        form.stay_in_group(this_meeting.group_id)
    if not may(g.membership.role, Permission.PUBLISH):
        form.only_inside()
    return form


def _form_page(form: MeetingForm, this_meeting: Meeting | None, found: list[Difference] | None = None) -> str:
    twice = this_meeting is not None and moments.comes_twice(this_meeting.starts_at, g.coalition.time_zone)
    return render_template(
        "meetings/planning/meeting_form.html",
        form=form,
        meeting=this_meeting,
        twice=twice,
        differences=found,
    )


@bp.get("/new")
@allows(Permission.WORK)
def new_meeting() -> str:
    """Shows the form; `?kind=first` fills it in for a first meeting, `?workgroup=3` for a group's meeting."""
    form = _form(typed=False)
    if request.args.get("kind") == MeetingKind.FIRST:
        form.kind.data, form.title.data = MeetingKind.FIRST.value, _("First meeting")
    asked = {str(choice.value): str(choice.label) for choice in form.group_id.choices if choice.value}
    if (name := asked.get(request.args.get("workgroup", ""))) is not None:
        form.kind.data, form.title.data = MeetingKind.WORKGROUP.value, name
        form.group_id.data = int(request.args["workgroup"])
    return _form_page(form, None)


@bp.post("/new")
@allows(Permission.WORK)
@evening_step
def add_meeting() -> Response | tuple[str, int]:
    form = _form()
    if form.validate_on_submit():
        this_meeting = service.add_meeting(g.membership, form.fields())
        is_first = this_meeting.kind is MeetingKind.FIRST
        if is_first:  # a new coalition has no records yet to choose lines from
            draft = _usual_draft(this_meeting)
            agenda_service.add_drafted(g.membership, this_meeting, draft.chosen(draft.usual), draft.ranks)
        db.session.commit()
        with_agenda = _("The meeting is on the list, with an agenda to start from.")
        flash(with_agenda if is_first else _("The meeting is on the list."))
        return onward(address_of(this_meeting))
    return _form_page(form, None), 422


def _usual_draft(this_meeting: Meeting) -> AgendaDraft:
    source = sources.Sources(g.membership, this_meeting)
    return AgendaDraft(source, [], source.stage, source.part)


@bp.get("/<id:meeting_id>/edit")
@allows(Permission.WORK)
def edit_meeting(meeting_id: int) -> str:
    this_meeting = service.still_open(meeting_or_404(meeting_id))
    return _form_page(_form(this_meeting, typed=False), this_meeting)


@bp.post("/<id:meeting_id>/edit")
@allows(Permission.WORK)
def save_meeting(meeting_id: int) -> Response | tuple[str, int]:
    this_meeting = meeting_or_404(meeting_id)
    form, found, status = _form(this_meeting), None, 422
    if form.validate_on_submit():
        try:
            service.edit_meeting(g.membership, this_meeting, form.opened_version, form.fields())
            db.session.commit()
            flash(_("The meeting is saved."))
            return redirect(address_of(this_meeting), 303)
        except StaleVersion:
            found, status = differences(form, _form(this_meeting, typed=False), this_meeting.version), 409
    return _form_page(form, this_meeting, found), status


# -- copying


def _copy_form(this_meeting: Meeting, *, typed: bool = True) -> CopyMeetingForm:
    zone = g.coalition.time_zone
    values = {"time": moments.local_time(this_meeting.starts_at, zone)}
    form = CopyMeetingForm() if typed else CopyMeetingForm(formdata=None, data=values)
    form.time_zone = zone
    return form


@bp.get("/<id:meeting_id>/copy")
@allows(Permission.WORK)
def copy_meeting(meeting_id: int) -> str:
    this_meeting = meeting_or_404(meeting_id)
    return render_template(
        "meetings/planning/copy.html", meeting=this_meeting, form=_copy_form(this_meeting, typed=False)
    )


@bp.post("/<id:meeting_id>/copy")
@allows(Permission.WORK)
def save_copy(meeting_id: int) -> Response | tuple[str, int]:
    this_meeting = meeting_or_404(meeting_id)
    form = _copy_form(this_meeting)
    if form.validate_on_submit():
        made = service.copy_meeting(g.membership, this_meeting, form.starts_at)
        db.session.commit()
        flash(_("The copy is on the list, with its agenda."))
        return redirect(address_of(made), 303)
    return render_template("meetings/planning/copy.html", meeting=this_meeting, form=form), 422
