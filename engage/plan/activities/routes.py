"""Serves activities: the list with its totals, its file, logging one, and editing and deleting one's own."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission
from engage.dates import long_day
from engage.errors import StaleVersion
from engage.extensions import db
from engage.frame.access import allows
from engage.plan import queries as plan_queries
from engage.plan.activities import pages, queries, service
from engage.plan.activities.forms import ActivityForm
from engage.plan.activities.models import Activity
from engage.plan.activities.queries import Filters
from engage.plan.blueprint import bp
from engage.plan.measures import queries as measures_queries
from engage.plan.models import Action
from engage.plan.overview import places
from engage.web.csv_files import csv_answer
from engage.web.differences import Difference, differences
from engage.web.forms import ConfirmForm


@bp.get("/activities/")
@allows(Permission.SEE_ALL)
def activities() -> str:
    filters = Filters.of(request.args)
    shown = pages.page_of(g.membership, filters, request.args.get("page", ""), places.today())
    return render_template("plan/activities/activities.html", shown=shown)


@bp.get("/activities.csv")
@allows(Permission.EXPORT)
def activities_file() -> Response:
    """Sends the filtered activities as a file, without pages."""
    lines = queries.activities_of(g.membership, Filters.of(request.args))
    return csv_answer(_("Activities"), *pages.table(lines))


# -- logging


def _own_activity_or_404(activity_id: int) -> Activity:
    activity = queries.activity_of(g.membership, activity_id) or abort(404)
    if not measures_queries.may_change(g.membership, activity.created_by_id):
        abort(404)
    return activity


def _form(activity: Activity | None = None, *, typed: bool, action: Action | None = None) -> ActivityForm:
    """Returns the form as it was posted (`typed`), else filled from the row, or empty with today's date."""
    today = places.today()
    if typed:
        form = ActivityForm(today)
    else:
        number = action.number if action is not None else None
        values = {"happened_on": today, "goal_id": places.asked_id(request.args.get("goal"))}
        values = values if activity is None else {}
        form = ActivityForm(today, formdata=None, obj=activity, data={"action_number": number, **values})
    kept = activity.goal_id if activity is not None else None
    form.offer(pages.disciplines(), plan_queries.goal_choices(g.membership, kept))
    return form


def _form_page(form: ActivityForm, activity: Activity | None, found: list[Difference] | None = None) -> str:
    return render_template(
        "plan/activities/activity_form.html",
        form=form,
        activity=activity,
        action=request.full_path.rstrip("?"),
        back=_back(),
        differences=found or [],
    )


def _asked_action() -> Action | None:
    """Returns the action whose page the person came from."""
    number = places.asked_id(request.args.get("action"))
    return plan_queries.action_of(g.membership, number) or abort(404) if number is not None else None


def _back() -> str:
    """Returns the page of the action or goal where the person came from, else the list."""
    action = _asked_action()
    if action is not None:
        return url_for("plan.action", number=action.number, _anchor="plan-activities")
    goal_id = places.asked_id(request.args.get("goal"))
    if goal_id is not None:
        goal = plan_queries.goal_of(g.membership, goal_id) or abort(404)
        return url_for("plan.goal", goal_id=goal.id, _anchor="plan-activities")
    return url_for("plan.activities")


def _action_id(form: ActivityForm) -> int | None:
    """Returns the id of the action whose number was typed; if there is none, the field says so."""
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
            service.log(g.membership, form.fields(action_id))
            db.session.commit()
            flash(_("The activity is logged."))
            return redirect(_back(), 303)
    return _form_page(form, None), 422


@bp.get("/activities/<id:activity_id>/edit")
@allows(Permission.WORK)
def edit_activity(activity_id: int) -> str:
    return _form_page(_saved(activity := _own_activity_or_404(activity_id)), activity)


def _saved(activity: Activity) -> ActivityForm:
    action = db.session.get(Action, activity.action_id) if activity.action_id is not None else None
    return _form(activity, typed=False, action=action)


@bp.post("/activities/<id:activity_id>/edit")
@allows(Permission.WORK)
def save_activity(activity_id: int) -> Response | tuple[str, int]:
    activity = _own_activity_or_404(activity_id)
    form, found, status = _form(activity, typed=True), [], 422
    if form.validate_on_submit():
        action_id = _action_id(form)
        if not form.errors:
            try:
                service.edit(g.membership, activity, form.opened_version, form.fields(action_id))
                db.session.commit()
                flash(_("Saved."))
                return redirect(_back(), 303)
            except StaleVersion:
                found, status = differences(form, _saved(activity), activity.version), 409
    return _form_page(form, activity, found), status


@bp.get("/activities/<id:activity_id>/delete")
@allows(Permission.WORK)
def delete_activity(activity_id: int) -> str:
    activity = _own_activity_or_404(activity_id)
    return render_template(
        "delete_page.html",
        title=_("Delete this activity?"),
        what=_("%(title)s, %(day)s", title=activity.title, day=long_day(activity.happened_on)),
        form=ConfirmForm(),
        back=url_for("plan.activities"),
    )


@bp.post("/activities/<id:activity_id>/delete")
@allows(Permission.WORK)
def confirm_delete_activity(activity_id: int) -> Response | tuple[str, int]:
    if not ConfirmForm().validate_on_submit():
        return delete_activity(activity_id), 422
    activity = _own_activity_or_404(activity_id)
    service.delete(g.membership, activity)
    db.session.commit()
    flash(_("The activity is deleted."))
    return redirect(url_for("plan.activities"), 303)
