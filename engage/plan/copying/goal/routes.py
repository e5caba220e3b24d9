"""Serves the copying of a goal: what is copied, and into which plan."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows
from engage.errors import FieldRefused, WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.plan import bp, queries
from engage.plan.copying.goal import service
from engage.plan.copying.goal.forms import GoalCopyForm
from engage.plan.copying.goal.service import Copied, GoalInventory
from engage.plan.labels import PLAN_LABELS
from engage.plan.models import Goal, Plan
from engage.plan.rules import PlanStatus


@bp.get("/goals/<id:goal_id>/copy")
@allows(Permission.EDIT_PLAN)
def copy_goal(goal_id: int) -> str:
    goal = queries.goal_of(g.membership, goal_id) or abort(404)
    plans, held = _open_plans(), service.inventory(goal)
    form = _form(held, plans, typed=False)
    own = next((plan for plan in plans if plan.id == goal.plan_id), plans[0])
    form.start_with(goal.title, held, own.id, service.newest_goal(g.membership))
    return _page(goal, form, plans)


@bp.post("/goals/<id:goal_id>/copy")
@allows(Permission.EDIT_PLAN)
def save_goal_copy(goal_id: int) -> Response | tuple[str, int]:
    goal = queries.goal_of(g.membership, goal_id) or abort(404)
    plans = _open_plans()
    form = _form(service.inventory(goal), plans)
    if form.validate_on_submit():
        plan = next(plan for plan in plans if plan.id == form.plan_id.data)
        try:
            copied = service.copy(g.membership, goal, plan, form.chosen)
            db.session.commit()
            flash(_copied_words(copied))
            return redirect(url_for("plan.index", plan=plan.id, _anchor=f"plan-goal-{copied.goal.id}"), 303)
        except FieldRefused as refused:
            form.refuse(refused.field, refused.message)
    return _page(goal, form, plans), 422


def _open_plans() -> list[Plan]:
    """Returns the plans that can take a copy. Raises WrongState if every plan is closed."""
    plans = [plan for plan in queries.plans_of(g.membership) if plan.status is not PlanStatus.CLOSED]
    if not plans:
        raise WrongState(_("Every plan is closed. Start the next plan first, then copy the goal into it."))
    return plans


def _form(held: GoalInventory, plans: list[Plan], *, typed: bool = True) -> GoalCopyForm:
    form = GoalCopyForm() if typed else GoalCopyForm(formdata=None)
    form.offer(held, [(plan.id, f"{PLAN_LABELS[plan.status]}: {plan.title}") for plan in plans])
    return form


def _page(goal: Goal, form: GoalCopyForm, plans: list[Plan]) -> str:
    return render_template(
        "plan/copying/goal_copy.html",
        goal=goal,
        form=form,
        action=request.path,
        asks_plan=len(plans) > 1,
        back=url_for("plan.goal", goal_id=goal.id),
    )


def _copied_words(copied: Copied) -> str:
    objectives = ngettext("%(num)s objective", "%(num)s objectives", copied.objectives)
    actions = ngettext("%(num)s action", "%(num)s actions", copied.actions)
    return _(
        "The goal is copied, with %(objectives)s and %(actions)s.", objectives=objectives, actions=actions
    )
