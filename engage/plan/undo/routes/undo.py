"""Serves undo: the page that asks, and the button that does it."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows
from engage.errors import WrongState
from engage.extensions import db
from engage.plan import bp, queries
from engage.plan.models import Action, Goal, Objective
from engage.plan.overview.pages import views
from engage.plan.overview.queries import OverviewView
from engage.plan.undo import pages as steps_pages
from engage.plan.undo.service import steps
from engage.snapshots import Snapshot
from engage.web.access import button


@bp.get("/undo/<id:copy_id>")
@allows(Permission.WORK)
def undo(copy_id: int) -> str:
    copy = steps.step_of(g.membership, copy_id) or abort(404)
    if copy.ended_at is not None:
        raise WrongState(steps.taken_already())
    return _page(copy)


@bp.post("/undo/<id:copy_id>")
@allows(Permission.WORK)
@button
def confirm_undo(copy_id: int) -> Response | tuple[str, int]:
    copy = steps.step_of(g.membership, copy_id) or abort(404)
    try:
        taken = steps.take_back(g.membership, copy, rest=request.form.get("rest") == "yes")
        db.session.commit()
        flash(steps_pages.taken_words(taken))
        return redirect(_address_of(taken.rows), 303)
    except steps.NotAsItWas:
        db.session.rollback()
        return _page(copy), 409


def _page(copy: Snapshot) -> str:
    step = steps_pages.page_of(steps.look(copy))
    return render_template("plan/undo/undo.html", step=step)


def _address_of(rows: list[steps.Row]) -> str:
    """Returns the address of the changed thing, or the page of the plan or the board where it was changed."""
    first = rows[0]
    filters = views.asked(request.args.to_dict())
    if isinstance(first, Action) and filters.view is OverviewView.BOARD:
        return url_for("plan.index", **filters.in_plan(first.plan_id), _anchor=f"plan-card-{first.number}")
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
