"""Serves decisions: the list over all meetings, a page for each, recording, following up, making an action of it."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage import clock
from engage.chain.pages import lines as lines_pages
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.queries import may_there, people_choices
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.coalitions.trash.lookups import gone
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings import bp, queries, service
from engage.meetings.agenda.labels import title_of
from engage.meetings.decisions import pages
from engage.meetings.decisions import service as decisions_service
from engage.meetings.decisions.forms import DecisionForm, FollowUpForm
from engage.meetings.decisions.service import DecisionFilters
from engage.meetings.models import Decision, Meeting
from engage.meetings.planning.routes import meeting_or_404
from engage.numbers import whole_number
from engage.plan.actions import outcomes
from engage.plan.actions.queries import origins
from engage.web.access import button
from engage.web.differences import Difference, differences


def _decision_or_404(number: int) -> Decision:
    return decisions_service.decision_of(g.membership, number) or gone(decisions_service.NUMBERS, number)


def _address_of(this_decision: Decision) -> str:
    return url_for("meetings.decision", number=this_decision.number)


@bp.get("/decisions/")
@allows(Permission.SEE_ALL)
def decision_list() -> str:
    shown = pages.DecisionsPage.of(
        decisions_service.decision_lines(g.membership),
        origins.actions_of_decisions(g.membership),
        DecisionFilters.of(request.args),
        clock.today(g.coalition.time_zone),
        g.membership.id,
        request.args.get("page", ""),
    )
    return render_template("meetings/decisions/decisions.html", shown=shown)


@bp.get("/decisions/<id:number>/")
@allows(Permission.SEE_ALL)
def decision(number: int) -> str:
    return _decision_page(_decision_or_404(number))


def _decision_page(this_decision: Decision) -> str:
    meeting = queries.meeting_of(g.membership, this_decision.meeting_id) or abort(404)
    actions = origins.actions_of_decisions(g.membership).get(this_decision.id, [])
    return render_template(
        "meetings/decisions/decision.html",
        decision=this_decision,
        line=decisions_service.line_of(this_decision),
        today=clock.today(g.coalition.time_zone),
        is_open=meeting.closed_at is None,
        may_delete=may_there(g.membership, Permission.CLOSE_MEETINGS, meeting.group_id),
        actions=actions,
        chain=lines_pages.of_decision(g.membership, this_decision),
    )


# -- recording and following up


def _form(meeting: Meeting, this_decision: Decision | None = None, *, typed: bool = True) -> FollowUpForm:
    """Returns the form: as posted if `typed`, else filled from the row.

    Once the meeting is closed, only owner and review date may change. If a form that was opened before is
    sent then, its other fields are still read, so that they are refused with a message and not lost.
    """
    kind = DecisionForm if meeting.closed_at is None or "text" in request.form else FollowUpForm
    form = kind(obj=this_decision) if typed else kind(formdata=None, obj=this_decision)
    owner_id = this_decision.owner_id if this_decision is not None else None
    form.owner_id.offer(people_choices(g.membership, owner_id))
    if isinstance(form, DecisionForm):
        form.item_id.offer([(item.id, title_of(item)) for item in queries.agenda_of(meeting)])
    return form


def _form_page(
    form: FollowUpForm,
    meeting: Meeting,
    this_decision: Decision | None,
    found: list[Difference] | None = None,
) -> str:
    return render_template(
        "meetings/decisions/decision_form.html",
        form=form,
        meeting=meeting,
        decision=this_decision,
        differences=found,
    )


def _recording(meeting: Meeting) -> str:
    return url_for("meetings.notes", meeting_id=meeting.id, _anchor="meetings-decisions")


@bp.get("/<id:meeting_id>/decisions/new")
@allows(Permission.WORK)
def new_decision(meeting_id: int) -> str:
    meeting = service.still_open(meeting_or_404(meeting_id))
    form = _form(meeting, typed=False)
    item_id = whole_number(request.args.get("item", ""))
    if isinstance(form, DecisionForm) and item_id is not None:
        form.item_id.data = item_id
    return _form_page(form, meeting, None)


@bp.post("/<id:meeting_id>/decisions/new")
@allows(Permission.WORK)
def add_decision(meeting_id: int) -> Response | tuple[str, int]:
    meeting = service.still_open(meeting_or_404(meeting_id))
    form = _form(meeting)
    if isinstance(form, DecisionForm) and form.validate_on_submit():
        made = decisions_service.add_decision(g.membership, meeting, form.fields())
        db.session.commit()
        flash(_("Decision %(number)s is recorded.", number=made.number))
        return redirect(_address_of(made) if "stay" in request.form else _recording(meeting), 303)
    return _form_page(form, meeting, None), 422


@bp.get("/decisions/<id:number>/edit")
@allows(Permission.WORK)
def edit_decision(number: int) -> str:
    this_decision = _decision_or_404(number)
    meeting = meeting_or_404(this_decision.meeting_id)
    return _form_page(_form(meeting, this_decision, typed=False), meeting, this_decision)


@bp.post("/decisions/<id:number>/edit")
@allows(Permission.WORK)
def save_decision(number: int) -> Response | tuple[str, int]:
    this_decision = _decision_or_404(number)
    meeting = meeting_or_404(this_decision.meeting_id)
    form, found, status = _form(meeting, this_decision), None, 422
    if form.validate_on_submit():
        try:
            decisions_service.edit_decision(g.membership, this_decision, form.opened_version, form.fields())
            db.session.commit()
            flash(_("Decision %(number)s is saved.", number=number))
            return redirect(_address_of(this_decision), 303)
        except StaleVersion:
            found, status = (
                differences(form, _form(meeting, this_decision, typed=False), this_decision.version),
                409,
            )
    return _form_page(form, meeting, this_decision, found), status


@asks_to_delete(
    bp,
    "/decisions/<id:number>/delete",
    Permission.CLOSE_MEETINGS,
    group_of=decisions_service.group_of_decision,
)
def delete_decision(number: int) -> Deletion:
    this_decision = _decision_or_404(number)
    meeting = service.still_open(meeting_or_404(this_decision.meeting_id))
    decisions_service.refuse_deleting(this_decision.id in origins.actions_of_decisions(g.membership))
    return Deletion(
        title=_("Delete this decision?"),
        what=this_decision.text,
        back=_address_of(this_decision),
        delete=lambda: (
            _("Decision %(number)s is in the trash.", number=number),
            decisions_service.delete_decision(g.membership, this_decision),
        ),
        then=_recording(meeting),
    )


# -- making an action of a decision


@bp.post("/decisions/<id:number>/action")
@allows(Permission.WORK)
@button
def act_on_decision(number: int) -> Response:
    this_decision = _decision_or_404(number)
    action = outcomes.act_on_decision(g.membership, this_decision)
    db.session.commit()
    flash(
        _(
            "Decision %(number)s is now action %(action)s in the plan.",
            number=number,
            action=action.number,
        )
    )
    return redirect(url_for("plan.action", number=action.number), 303)
