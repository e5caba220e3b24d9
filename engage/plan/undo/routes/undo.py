"""Serves undo: the page that asks, and the button that does it."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission
from engage.errors import WrongState
from engage.extensions import db
from engage.frame.access import allows
from engage.kept import KeptCopy
from engage.plan import queries
from engage.plan.blueprint import bp
from engage.plan.models import Action, Goal, Objective
from engage.plan.undo.pages import steps as steps_pages
from engage.plan.undo.service import steps
from engage.web.forms import ConfirmForm


@bp.get("/undo/<id:copy_id>")
@allows(Permission.WORK)
def undo(copy_id: int) -> str:
    copy = steps.step_of(g.membership, copy_id) or abort(404)
    if copy.ended_at is not None:
        raise WrongState(steps.taken_already())
    return _page(copy)


@bp.post("/undo/<id:copy_id>")
@allows(Permission.WORK)
def confirm_undo(copy_id: int) -> Response | tuple[str, int]:
    if not ConfirmForm().validate_on_submit():
        return undo(copy_id), 422
    copy = steps.step_of(g.membership, copy_id) or abort(404)
    try:
        taken = steps.take_back(g.membership, copy, rest=request.form.get("rest") == "yes")
        db.session.commit()
        flash(steps_pages.taken_words(taken))
        return redirect(_address_of(taken.rows), 303)
    except steps.NotAsItWas:
        db.session.rollback()
        return _page(copy), 409


def _page(copy: KeptCopy) -> str:
    step = steps_pages.page_of(steps.look(copy))
    return render_template("plan/undo/undo.html", step=step, form=ConfirmForm())


def _address_of(rows: list[steps.Row]) -> str:
    """Returns the address of the changed thing, or the plan's page for several."""
    first = rows[0]
    if len(rows) == 1 and isinstance(first, Action):
        return url_for("plan.action", number=first.number)
    if len(rows) == 1 and isinstance(first, Objective):
        return url_for("plan.objective", objective_id=first.id)
    if len(rows) == 1 and isinstance(first, Goal):
        return url_for("plan.goal", goal_id=first.id)
    plan_id = first.plan_id if not isinstance(first, Objective) else _plan_of(first)
    return url_for("plan.index", plan=plan_id)


def _plan_of(objective: Objective) -> int | None:
    goal = queries.goal_of(g.membership, objective.goal_id)
    return goal.plan_id if goal is not None else None
