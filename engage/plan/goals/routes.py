"""Serves goals and objectives: adding, editing, ordering, deleting."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.chain.pages import lines as lines_pages
from engage.coalitions.models import Group
from engage.coalitions.permissions import Permission, allows, may
from engage.coalitions.queries import group_choices, group_of
from engage.coalitions.trash import notice
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.coalitions.trash.kinds import along_words
from engage.content.loader import content
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.plan import bp, queries, service
from engage.plan.activities import pages as activities_pages
from engage.plan.carryover import pages as carryover_pages
from engage.plan.carryover import queries as carryover_queries
from engage.plan.goals import service as goals_service
from engage.plan.goals.forms import GoalForm, ObjectiveForm
from engage.plan.measures import pages as measures_pages
from engage.plan.measures import service as measures_service
from engage.plan.models import Goal, Objective, Plan
from engage.plan.overview import places
from engage.plan.overview import queries as overview_queries
from engage.plan.rules import PlanStatus
from engage.plan.undo.lookups import goal_or_404, objective_or_404
from engage.plan.undo.rules import What
from engage.plan.undo.service import steps, trash
from engage.strengths.queries import need_choices
from engage.web.access import button
from engage.web.differences import Difference, differences
from engage.web.forms import VersionedForm

_ADDED = _l("The objective is added. Now its first action: who does what by when?")
_ADDED_WITH_MEASURE = _l(
    "The objective is added, with a measure that starts today. Now its first action: who does what by when?"
)


def _plan_of_goal(the_goal: Goal) -> Plan:
    plan = queries.plan_of(g.membership, the_goal.plan_id)
    assert plan is not None
    return plan


def _goal_form(the_goal: Goal | None = None, *, typed: bool = True) -> GoalForm:
    linked = queries.needs_of_goal(the_goal) if the_goal is not None else []
    values = {"needs": [str(key) for key in linked]}
    form = (
        GoalForm(obj=the_goal, data=values) if typed else GoalForm(formdata=None, obj=the_goal, data=values)
    )
    needs = need_choices(g.membership, linked)
    form.offer(((area.key, area.name) for area in content().areas), needs, group_choices(g.membership))
    if not needs:
        del form.needs
    return form


def _needs(form: GoalForm) -> set[int]:
    """Returns the ticked needs; the form has no such field while there are no needs."""
    return form.need_ids if "needs" in form else set()


def _back_to(plan: Plan, anchor: str) -> Response:
    return redirect(_in_plan(plan, anchor), 303)


def _form_page(
    title: str, form: VersionedForm, plan: Plan, action: str, found: list[Difference] | None = None
) -> str:
    return render_template(
        "plan/goals/thing_form.html",
        title=title,
        form=form,
        plan=plan,
        action=action,
        differences=found,
    )


def _in_plan(plan: Plan, anchor: str) -> str:
    return url_for("plan.index", plan=plan.id, _anchor=anchor)


def _crumbs(plan: Plan, *rows: tuple[str, str | None]) -> list[dict[str, str | None]]:
    rows = ((plan.title, url_for("plan.index", plan=plan.id)), *rows)
    return [{"label": label, "url": url} for label, url in rows]


def _may_edit(plan: Plan) -> bool:
    return may(g.membership.role, Permission.EDIT_PLAN) and plan.status is not PlanStatus.CLOSED


def _group_of(the_goal: Goal) -> Group | None:
    """Returns the group that works toward the goal, for readers who may see people."""
    sees = may(g.membership.role, Permission.SEE_ALL) and the_goal.group_id is not None
    return group_of(g.membership, the_goal.group_id) if sees else None


# -- goals


@bp.get("/goals/<id:goal_id>")
@allows(Permission.SEE)
def goal(goal_id: int) -> str:
    found = goal_or_404(goal_id)
    plan = _plan_of_goal(found)
    return render_template(
        "plan/goals/goal.html",
        thing=found,
        text=found.why,
        due_on=None,
        crumbs=_crumbs(plan, (_("Goal"), None)),
        edit_url=url_for(".edit_goal", goal_id=goal_id) if _may_edit(plan) else None,
        # A goal can be copied even from a closed plan.
        copy_url=url_for(".copy_goal", goal_id=goal_id)
        if may(g.membership.role, Permission.EDIT_PLAN)
        else None,
        group=_group_of(found),
        chain=lines_pages.of_goal(g.membership, found),
        carried=carryover_pages.links(g.membership, carryover_queries.of_goal(g.membership, goal_id), "goal"),
        progress=overview_queries.counts_of(g.membership, plan.id, places.today()).rollup.goal(goal_id),
        measures=None,
        activities=activities_pages.of_goal(g.membership, found),
        in_plan=_in_plan(plan, f"plan-goal-{goal_id}"),
    )


@bp.get("/<id:plan_id>/goals/new")
@allows(Permission.EDIT_PLAN)
def new_goal(plan_id: int) -> str:
    plan = service.still_open(queries.plan_of(g.membership, plan_id) or abort(404))
    return _form_page(_("Add a goal"), _goal_form(), plan, request.path)


@bp.post("/<id:plan_id>/goals/new")
@allows(Permission.EDIT_PLAN)
def add_goal(plan_id: int) -> Response | tuple[str, int]:
    plan = queries.plan_of(g.membership, plan_id) or abort(404)
    form = _goal_form()
    if form.validate_on_submit():
        the_goal = goals_service.create_goal(g.membership, plan, form.fields())
        goals_service.link_needs(g.membership, the_goal, _needs(form))
        db.session.commit()
        flash(_("The goal is added. Now its first objective: what can be reached within a year?"))
        return _back_to(plan, f"plan-goal-{the_goal.id}")
    return _form_page(_("Add a goal"), form, plan, request.path), 422


@bp.get("/goals/<id:goal_id>/edit")
@allows(Permission.EDIT_PLAN)
def edit_goal(goal_id: int) -> str:
    the_goal = goal_or_404(goal_id)
    return _form_page(
        _("Edit the goal"), _goal_form(the_goal), service.still_open(_plan_of_goal(the_goal)), request.path
    )


@bp.post("/goals/<id:goal_id>/edit")
@allows(Permission.EDIT_PLAN)
def save_goal(goal_id: int) -> Response | tuple[str, int]:
    the_goal = goal_or_404(goal_id)
    plan, form = _plan_of_goal(the_goal), _goal_form(the_goal)
    if form.validate_on_submit():
        try:
            before = steps.before([the_goal], links=True)
            goals_service.edit_goal(g.membership, the_goal, form.opened_version, form.fields())
            goals_service.link_needs(g.membership, the_goal, _needs(form))
            step = steps.record(g.membership, What.CHANGED, before)
            db.session.commit()
            notice.say(_("Saved."), step)
            return _back_to(plan, f"plan-goal-{the_goal.id}")
        except StaleVersion:
            found = differences(form, _goal_form(the_goal, typed=False), the_goal.version)
            return _form_page(_("Edit the goal"), form, plan, request.path, found), 409
    return _form_page(_("Edit the goal"), form, plan, request.path), 422


@bp.post("/goals/<id:goal_id>/shift")
@allows(Permission.EDIT_PLAN)
@button
def shift_goal(goal_id: int) -> Response:
    the_goal = goal_or_404(goal_id)
    goals_service.shift_goal(g.membership, the_goal, up=request.form.get("to") == "up")
    db.session.commit()
    return _back_to(_plan_of_goal(the_goal), f"plan-goal-{the_goal.id}")


@asks_to_delete(bp, "/goals/<id:goal_id>/delete", Permission.EDIT_PLAN)
def delete_goal(goal_id: int) -> Deletion:
    the_goal = goal_or_404(goal_id)
    plan = service.still_open(_plan_of_goal(the_goal))
    return Deletion(
        title=_("Delete this goal?"),
        what=the_goal.title,
        along=_goes_along(the_goal),
        back=url_for("plan.index", plan=plan.id),
        delete=lambda: (_("The goal is in the trash."), trash.delete_goal(g.membership, the_goal)),
    )


def _goes_along(thing: Goal | Objective) -> str:
    return along_words(trash.goes_along(g.coalition.id, thing), thing.__tablename__)


# -- objectives


@bp.get("/objectives/<id:objective_id>")
@allows(Permission.SEE)
def objective(objective_id: int) -> str:
    found = objective_or_404(objective_id)
    the_goal = goal_or_404(found.goal_id)
    plan, today = _plan_of_goal(the_goal), places.today()
    may_work = may(g.membership.role, Permission.WORK) and plan.status is not PlanStatus.CLOSED
    return render_template(
        "plan/goals/goal.html",
        thing=found,
        text=found.measure,
        due_on=found.due_on,
        crumbs=_crumbs(plan, (the_goal.title, url_for(".goal", goal_id=the_goal.id)), (_("Objective"), None)),
        edit_url=url_for(".edit_objective", objective_id=objective_id) if _may_edit(plan) else None,
        copy_url=None,
        group=None,
        chain=lines_pages.of_objective(g.membership, found),
        carried=carryover_pages.links(
            g.membership, carryover_queries.of_objective(g.membership, objective_id), "objective"
        ),
        progress=overview_queries.counts_of(g.membership, plan.id, today).rollup.objective(objective_id),
        measures=measures_pages.panels(g.membership, objective_id, today, may_work=may_work),
        may_work=may_work,
        activities=None,
        in_plan=_in_plan(plan, f"plan-objective-{objective_id}"),
    )


@bp.get("/goals/<id:goal_id>/objectives/new")
@allows(Permission.EDIT_PLAN)
def new_objective(goal_id: int) -> str:
    plan = service.still_open(_plan_of_goal(goal_or_404(goal_id)))
    return _form_page(_("Add an objective"), ObjectiveForm(), plan, request.path)


@bp.post("/goals/<id:goal_id>/objectives/new")
@allows(Permission.EDIT_PLAN)
def add_objective(goal_id: int) -> Response | tuple[str, int]:
    the_goal, form = goal_or_404(goal_id), ObjectiveForm()
    plan = _plan_of_goal(the_goal)
    if form.validate_on_submit():
        the_objective = goals_service.create_objective(g.membership, the_goal, form.fields())
        measure = measures_service.add_written(g.membership, the_objective, places.today())
        db.session.commit()
        flash(_ADDED_WITH_MEASURE if measure else _ADDED)
        return _back_to(plan, f"plan-objective-{the_objective.id}")
    return _form_page(_("Add an objective"), form, plan, request.path), 422


@bp.get("/objectives/<id:objective_id>/edit")
@allows(Permission.EDIT_PLAN)
def edit_objective(objective_id: int) -> str:
    the_objective = objective_or_404(objective_id)
    plan = service.still_open(_plan_of_goal(goal_or_404(the_objective.goal_id)))
    return _form_page(_("Edit the objective"), ObjectiveForm(obj=the_objective), plan, request.path)


@bp.post("/objectives/<id:objective_id>/edit")
@allows(Permission.EDIT_PLAN)
def save_objective(objective_id: int) -> Response | tuple[str, int]:
    the_objective, form = objective_or_404(objective_id), ObjectiveForm()
    plan = _plan_of_goal(goal_or_404(the_objective.goal_id))
    if form.validate_on_submit():
        try:
            before = steps.before([the_objective])
            goals_service.edit_objective(g.membership, the_objective, form.opened_version, form.fields())
            step = steps.record(g.membership, What.CHANGED, before)
            db.session.commit()
            notice.say(_("Saved."), step)
            return _back_to(plan, f"plan-objective-{the_objective.id}")
        except StaleVersion:
            found = differences(form, ObjectiveForm(formdata=None, obj=the_objective), the_objective.version)
            return _form_page(_("Edit the objective"), form, plan, request.path, found), 409
    return _form_page(_("Edit the objective"), form, plan, request.path), 422


@bp.post("/objectives/<id:objective_id>/shift")
@allows(Permission.EDIT_PLAN)
@button
def shift_objective(objective_id: int) -> Response:
    the_objective = objective_or_404(objective_id)
    goals_service.shift_objective(g.membership, the_objective, up=request.form.get("to") == "up")
    db.session.commit()
    return _back_to(_plan_of_goal(goal_or_404(the_objective.goal_id)), f"plan-objective-{the_objective.id}")


@asks_to_delete(bp, "/objectives/<id:objective_id>/delete", Permission.EDIT_PLAN)
def delete_objective(objective_id: int) -> Deletion:
    the_objective = objective_or_404(objective_id)
    plan = service.still_open(_plan_of_goal(goal_or_404(the_objective.goal_id)))
    return Deletion(
        title=_("Delete this objective?"),
        what=the_objective.title,
        along=_goes_along(the_objective),
        back=url_for("plan.index", plan=plan.id),
        delete=lambda: (
            _("The objective is in the trash."),
            trash.delete_objective(g.membership, the_objective),
        ),
    )
