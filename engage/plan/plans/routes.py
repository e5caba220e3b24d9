"""Serves starting, editing, adopting and closing plans; `overview.routes` serves a plan's page."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.clock import local_day
from engage.coalitions.permissions import Permission, allows
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings.held import held_meetings, likely_meeting
from engage.plan import bp, queries, service
from engage.plan.carryover import queries as carryover_queries
from engage.plan.models import Plan
from engage.plan.overview import places
from engage.plan.plans import service as plans_service
from engage.plan.plans.forms import AdoptedPlanForm, AdoptForm, ClosePlanForm, PlanForm
from engage.plan.rules import PlanStatus
from engage.reports.public import queries as public_queries
from engage.web.differences import Difference, differences


def _plan_or_404(plan_id: int) -> Plan:
    return queries.plan_of(g.membership, plan_id) or abort(404)


def _open_plan_or_refuse(plan_id: int) -> Plan:
    return service.still_open(_plan_or_404(plan_id))


# -- starting and editing


@bp.get("/new")
@allows(Permission.EDIT_PLAN)
def new_plan() -> str:
    return _plan_form(PlanForm(), None)


@bp.post("/new")
@allows(Permission.EDIT_PLAN)
def start_plan() -> Response | tuple[str, int]:
    form = PlanForm()
    if form.validate_on_submit():
        plan = plans_service.start_draft(g.membership, **form.fields())
        db.session.commit()
        flash(_("The draft is started. Add what should be different: the first goal."))
        return redirect(url_for(".index", plan=plan.id), 303)
    return _plan_form(form, None), 422


@bp.get("/<id:plan_id>/edit")
@allows(Permission.EDIT_PLAN)
def edit_plan(plan_id: int) -> str:
    plan = _open_plan_or_refuse(plan_id)
    return _plan_form(_form_of(plan, formdata=None, obj=plan), plan)


@bp.post("/<id:plan_id>/edit")
@allows(Permission.EDIT_PLAN)
def save_plan(plan_id: int) -> Response | tuple[str, int]:
    plan = _plan_or_404(plan_id)
    form = _form_of(plan)
    if form.validate_on_submit():
        try:
            plans_service.edit_plan(g.membership, plan, form.opened_version, form.fields())
            db.session.commit()
            flash(_("Saved."))
            return redirect(url_for(".index", plan=plan.id), 303)
        except StaleVersion:
            found = differences(form, _form_of(plan, formdata=None, obj=plan), plan.version)
            return _plan_form(form, plan, found), 409
    return _plan_form(form, plan), 422


def _form_of(plan: Plan, **settings: object) -> PlanForm:
    """Returns the form of name and period, and, for an adopted plan, of when and at which meeting it was adopted."""
    # A page that was opened before the plan was adopted does not send these fields.
    asks_when = request.method == "GET" or "adopted_on" in request.form
    if plan.status is not PlanStatus.ADOPTED or not asks_when:
        return PlanForm(**settings)
    form = AdoptedPlanForm(**settings)
    form.offer_held(held_meetings(g.membership, plan.meeting_id))
    return form


def _plan_form(form: PlanForm, plan: Plan | None, found: list[Difference] | None = None) -> str:
    return render_template("plan/plans/plan_form.html", form=form, plan=plan, differences=found)


# -- adopting and closing


@bp.get("/<id:plan_id>/adopt")
@allows(Permission.EDIT_PLAN)
def adopt(plan_id: int) -> str:
    plan, form = _open_plan_or_refuse(plan_id), AdoptForm(adopted_on=places.today())
    held = held_meetings(g.membership)
    form.offer_held(held)
    if (likely := likely_meeting(g.membership, held)) is not None:
        form.meeting_id.data = likely.id
        form.adopted_on.data = local_day(likely.starts_at, g.coalition.time_zone)
    before = _closing_with(plan, form)
    _tick(form, before, plan)
    return render_template("plan/plans/adopt.html", form=form, plan=plan, before=before)


@bp.post("/<id:plan_id>/adopt")
@allows(Permission.EDIT_PLAN)
def adopt_plan(plan_id: int) -> Response | tuple[str, int]:
    plan, form = _open_plan_or_refuse(plan_id), AdoptForm()
    form.offer_held(held_meetings(g.membership))
    before = _closing_with(plan, form)
    if form.validate_on_submit():
        plans_service.adopt(g.membership, plan, carried=form.numbers, **form.adoption)
        db.session.commit()
        flash(_("The plan is adopted. It is now the current plan."))
        if public_queries.shows_no_goal_of(g.membership, plan.id):
            flash(
                _(
                    "Your public page does not show any goals from this plan yet. "
                    "Choose them under Reports, Public page."
                )
            )
        return redirect(url_for(".index"), 303)
    return render_template("plan/plans/adopt.html", form=form, plan=plan, before=before), 422


def _closing_with(plan: Plan, form: AdoptForm) -> Plan | None:
    """Returns the current plan, which closes when this one is adopted; its open actions can be carried over."""
    before = queries.current_plan(g.membership)
    if before is None or before.id == plan.id:
        form.offer([])
        return None
    form.offer(_not_carried_yet(before, plan))
    return before


def _not_carried_yet(plan: Plan, to: Plan) -> list[tuple[int, str]]:
    """Returns the plan's open actions that do not already continue in the other plan."""
    there = carryover_queries.stands_for(plan.id, to.id)
    return [each for each in queries.open_actions_of(plan) if each[0] not in there]


def _tick(form: ClosePlanForm, plan: Plan | None, to: Plan | None) -> None:
    """Ticks all actions.

    If the other plan was started from this one, ticks only those that could not be chosen at that time.
    """
    form.carry_all()
    if (
        plan is not None
        and to is not None
        and plan.id in carryover_queries.plans_linked(g.membership, to.id)[0]
    ):
        later = carryover_queries.came_later(plan, to)
        form.carried.data = [key for key in form.carried.data if int(key) in later]


@bp.get("/<id:plan_id>/close")
@allows(Permission.EDIT_PLAN)
def close(plan_id: int) -> str:
    plan, form = _open_plan_or_refuse(plan_id), ClosePlanForm()
    to = _going_on(plan, form)
    _tick(form, plan, to)
    return render_template("plan/plans/close.html", form=form, plan=plan, to=to)


@bp.post("/<id:plan_id>/close")
@allows(Permission.EDIT_PLAN)
def close_plan(plan_id: int) -> Response | tuple[str, int]:
    plan, form = _open_plan_or_refuse(plan_id), ClosePlanForm()
    to = _going_on(plan, form)
    if form.validate_on_submit():
        plans_service.close(g.membership, plan, carried=form.numbers)
        db.session.commit()
        flash(_("The plan is closed. Everyone can still read it."))
        return redirect(url_for(".index"), 303)
    return render_template("plan/plans/close.html", form=form, plan=plan, to=to), 422


def _going_on(plan: Plan, form: ClosePlanForm) -> Plan | None:
    """Returns the other open plan, in which open actions may continue; None if there is none."""
    to = plans_service.other_open_plan(g.membership, plan)
    form.offer(_not_carried_yet(plan, to) if to is not None else [])
    return to
