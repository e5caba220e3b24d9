"""Serves activities: the list with its totals, its file, planning and logging one, and changing your own."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.permissions import Permission, allows, may
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.coalitions.trash.lookups import gone
from engage.dates import long_day
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners.queries import organization_choices
from engage.plan import bp
from engage.plan import queries as plan_queries
from engage.plan.activities import pages, queries, service
from engage.plan.activities.forms import ActivityForm, EventForm, HoursForm
from engage.plan.activities.models import Activity
from engage.plan.activities.pages import own_activity_or_404
from engage.plan.activities.queries import ActivityFilters
from engage.plan.activities.rules import ActivityState
from engage.plan.feedback import pages as feedback_pages
from engage.plan.feedback import queries as feedback_queries
from engage.plan.models import Action
from engage.plan.overview import places
from engage.plan.signups import pages as signups_pages
from engage.plan.undo.service import trash
from engage.web.access import button
from engage.web.csv_files import csv_answer
from engage.web.differences import Difference, differences
from engage.web.forms import ConfirmForm


@bp.get("/activities/")
@allows(Permission.SEE_ALL)
def activities() -> str:
    filters = ActivityFilters.of(request.args)
    shown = pages.page_of(g.membership, filters, request.args.get("page", ""), places.today())
    return render_template("plan/activities/activities.html", shown=shown)


@bp.get("/activities/<id:activity_id>/", endpoint="activity")
@allows(Permission.SEE_ALL)
def show_activity(activity_id: int) -> str:
    found = queries.activity_of(g.membership, activity_id) or gone(Activity.__tablename__, activity_id)
    return _activity_page(found)


def _activity_page(found: Activity, form: HoursForm | None = None) -> str:
    today, feedback = places.today(), feedback_pages.sheet(found)
    shown = pages.activity_page(g.membership, found, today, clock.now())
    signups = signups_pages.event_signups(g.membership, found, today)
    return render_template(
        "plan/activities/activity.html",
        shown=shown,
        activity=found,
        form=form or HoursForm(formdata=None, data={"mine": shown.my_hours}),
        signups=signups,
        counting=signups_pages.count_form(found, signups.counts.came, formdata=None),
        feedback=feedback,
        feedback_summary=feedback_pages.summary(g.membership, found, feedback),
    )


@bp.post("/activities/<id:activity_id>/hours")
@allows(Permission.WORK)
def give_hours(activity_id: int) -> Response | tuple[str, int]:
    found = queries.activity_of(g.membership, activity_id) or gone(Activity.__tablename__, activity_id)
    form = HoursForm()
    if not form.validate_on_submit():
        return _activity_page(found, form), 422
    service.give_hours(g.membership, found, form.mine.number)
    db.session.commit()
    flash(_("Your hours are saved."))
    return redirect(url_for(".activity", activity_id=found.id, _anchor="plan-activity-hours"), 303)


@bp.get("/activities.csv")
@allows(Permission.EXPORT)
def activities_file() -> Response:
    """Sends the filtered activities as a file, without pages."""
    lines = queries.activities_of(g.membership, ActivityFilters.of(request.args))
    found = feedback_queries.told_of_activities(g.membership.coalition_id, {each.id for each in lines})
    head, rows = pages.table(lines)
    more = feedback_pages.counts_columns(lines, found)
    head += [_("Gave feedback before"), _("Gave feedback after")]
    return csv_answer(
        _("Activities"), head, [[*row, *counts] for row, counts in zip(rows, more, strict=True)]
    )


# -- logging


def _form(
    activity: Activity | None = None,
    *,
    typed: bool,
    action: Action | None = None,
    counts: bool = True,
) -> ActivityForm | EventForm:
    """Returns the form as it was posted (`typed`), else filled from the row, or empty with today's date.

    `counts` means the form of what was done, otherwise the form to plan.
    """
    today, kind = places.today(), ActivityForm if counts else EventForm
    if typed:
        form = kind(today, g.coalition.time_zone)
    else:
        values = pages.typed_of(activity, g.coalition.time_zone) if activity is not None else {}
        if activity is None and counts:
            values = {"happened_on": today}
        values |= {"action_number": action.number if action is not None else None}
        if activity is None:
            values |= {"goal_id": places.asked_id(request.args.get("goal"))}
        form = kind(today, g.coalition.time_zone, formdata=None, obj=activity, data=values)
        if activity is not None and isinstance(form, ActivityForm):
            form.hours.data = form.hours.data or pages.hours_offered(activity)
    kept = activity.goal_id if activity is not None else None
    kept_objective = activity.objective_id if activity is not None else None
    form.offer(
        pages.disciplines(),
        plan_queries.goal_choices(g.membership, kept),
        plan_queries.objective_choices(g.membership, kept_objective),
        organization_choices(g.membership),
    )
    if isinstance(form, EventForm) and not may(g.membership.role, Permission.PUBLISH):
        form.only_inside()
    return form


def _form_page(
    form: ActivityForm | EventForm, activity: Activity | None, found: list[Difference] | None = None
) -> str:
    return render_template(
        "plan/activities/activity_form.html",
        form=form,
        counts=isinstance(form, ActivityForm),
        activity=activity,
        action=request.full_path.rstrip("?"),
        back=_back(activity),
        differences=found,
        known=pages.known_words(g.membership),
    )


def _asked_action() -> Action | None:
    """Returns the action whose page the person came from."""
    number = places.asked_id(request.args.get("action"))
    return plan_queries.action_of(g.membership, number) or abort(404) if number is not None else None


def _back(activity: Activity | None = None) -> str:
    """Returns the page of the action or goal from which the person came, else the activity's, else the list."""
    action = _asked_action()
    if action is not None:
        return url_for("plan.action", number=action.number, _anchor="plan-activities")
    goal_id = places.asked_id(request.args.get("goal"))
    if goal_id is not None:
        goal = plan_queries.goal_of(g.membership, goal_id) or abort(404)
        return url_for("plan.goal", goal_id=goal.id, _anchor="plan-activities")
    if activity is not None:
        return url_for("plan.activity", activity_id=activity.id)
    return url_for("plan.activities")


def _action_id(form: ActivityForm | EventForm) -> int | None:
    """Returns the id of the action with the typed number; if there is none, sets an error on the field."""
    if form.action is None:
        return None
    action = plan_queries.action_of(g.membership, form.action)
    if action is None:
        form.refuse("action_number", _("There is no action with this number."))
        return None
    return action.id


@bp.get("/activities/new")
@allows(Permission.WORK)
def new_activity() -> str:
    return _form_page(_form(typed=False, action=_asked_action()), None)


@bp.post("/activities/new")
@allows(Permission.WORK)
def log_activity() -> Response | tuple[str, int]:
    form = _form(typed=True)
    if form.validate_on_submit():
        action_id = _action_id(form)
        if not form.errors:
            service.log(g.membership, form.fields(action_id), form.audiences, form.organizations)
            db.session.commit()
            flash(_("The activity is logged."))
            return redirect(_back(), 303)
    return _form_page(form, None), 422


@bp.get("/activities/plan")
@allows(Permission.WORK)
def plan_event() -> str:
    return _form_page(_form(typed=False, action=_asked_action(), counts=False), None)


@bp.post("/activities/plan")
@allows(Permission.WORK)
def add_event() -> Response | tuple[str, int]:
    form = _form(typed=True, counts=False)
    if form.validate_on_submit():
        action_id = _action_id(form)
        if not form.errors:
            fields = {**form.fields(action_id), "state": ActivityState.PLANNED}
            activity = service.log(g.membership, fields, form.audiences, form.organizations)
            db.session.commit()
            flash(_("The event is planned."))
            return redirect(_back(activity), 303)
    return _form_page(form, None), 422


@bp.get("/activities/<id:activity_id>/edit")
@allows(Permission.WORK)
def edit_activity(activity_id: int) -> str:
    activity = own_activity_or_404(activity_id)
    return _form_page(_saved(activity, counts=activity.state is ActivityState.HELD), activity)


def _saved(activity: Activity, *, counts: bool) -> ActivityForm | EventForm:
    action = db.session.get(Action, activity.action_id) if activity.action_id is not None else None
    return _form(activity, typed=False, action=action, counts=counts)


@bp.post("/activities/<id:activity_id>/edit")
@allows(Permission.WORK)
def save_activity(activity_id: int) -> Response | tuple[str, int]:
    activity = own_activity_or_404(activity_id)
    return _save(activity, counts=activity.state is ActivityState.HELD, done=_("Saved."))


def _save(activity: Activity, *, counts: bool, done: str) -> Response | tuple[str, int]:
    form, found, status = _form(activity, typed=True, counts=counts), None, 422
    if form.validate_on_submit():
        action_id = _action_id(form)
        if not form.errors:
            fields = form.fields(action_id)
            try:
                service.edit(
                    g.membership, activity, form.opened_version, fields, form.audiences, form.organizations
                )
                db.session.commit()
                flash(done)
                return redirect(_back(activity), 303)
            except StaleVersion:
                found, status = differences(form, _saved(activity, counts=counts), activity.version), 409
    return _form_page(form, activity, found), status


@bp.get("/activities/<id:activity_id>/count")
@allows(Permission.WORK)
def count_event(activity_id: int) -> str:
    """Asks how many people came to a planned activity."""
    activity = own_activity_or_404(activity_id)
    return _form_page(_saved(activity, counts=True), activity)


@bp.post("/activities/<id:activity_id>/count")
@allows(Permission.WORK)
def save_counts(activity_id: int) -> Response | tuple[str, int]:
    activity = own_activity_or_404(activity_id)
    return _save(activity, counts=True, done=_("The activity is now counted in every report."))


@bp.get("/activities/<id:activity_id>/call-off")
@allows(Permission.WORK)
def call_off_event(activity_id: int) -> str:
    activity = own_activity_or_404(activity_id)
    return render_template(
        "plan/activities/call_off.html",
        activity=activity,
        signups=signups_pages.summary(activity),
        form=ConfirmForm(),
    )


@bp.post("/activities/<id:activity_id>/call-off")
@allows(Permission.WORK)
@button
def confirm_call_off(activity_id: int) -> Response:
    activity = own_activity_or_404(activity_id)
    service.call_off(g.membership, activity)
    db.session.commit()
    flash(_("The event is canceled."))
    return redirect(_back(activity), 303)


@bp.post("/activities/<id:activity_id>/plan-again")
@allows(Permission.WORK)
@button
def plan_event_again(activity_id: int) -> Response:
    activity = own_activity_or_404(activity_id)
    service.plan_again(g.membership, activity)
    db.session.commit()
    flash(_("The event is planned again."))
    return redirect(_back(activity), 303)


@asks_to_delete(bp, "/activities/<id:activity_id>/delete", Permission.WORK)
def delete_activity(activity_id: int) -> Deletion:
    activity = own_activity_or_404(activity_id)
    return Deletion(
        title=_("Delete this activity?"),
        what=_("%(title)s, %(day)s", title=activity.title, day=long_day(activity.happened_on)),
        back=_back(activity),
        delete=lambda: (_("The activity is deleted."), trash.delete_activity(g.membership, activity)),
        then=url_for("plan.activities"),
    )
