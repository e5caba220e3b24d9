"""Serves the trash of the plan: its page, restoring, deleting for good."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission
from engage.errors import WrongState
from engage.extensions import db
from engage.frame.access import allows
from engage.kept import KeptCopy
from engage.plan import queries
from engage.plan.blueprint import bp
from engage.plan.models import Goal
from engage.plan.undo.pages import trash as trash_pages
from engage.plan.undo.service import restoring
from engage.plan.undo.service import trash as trash_service
from engage.plan.undo.service.trash import ACTIONS, GOALS
from engage.web.forms import ConfirmForm, EngageForm, RowSelect


class RestoreForm(EngageForm):
    """The restore form: a button, and a new goal to choose if the objective's own goal is gone."""

    goal_id = RowSelect(
        _l("Under which goal"),
        nothing=_l("Choose a goal"),
        description=_l("The goal it was under is gone, or its plan is closed."),
    )


@bp.get("/trash")
@allows(Permission.WORK)
def trash() -> str:
    return render_template(
        "plan/undo/trash.html", shown=trash_pages.page_of(g.membership, request.args.get("page", ""))
    )


def _copy_or_404(copy_id: int) -> KeptCopy:
    copy = trash_service.copy_for(g.membership, copy_id) or abort(404)
    if copy.ended_at is not None:
        raise WrongState(restoring.ended_words(copy))
    return copy


@bp.get("/trash/<id:copy_id>/restore")
@allows(Permission.WORK)
def restore(copy_id: int) -> str:
    copy = _copy_or_404(copy_id)
    return _restore_page(copy, _restore_form(copy))


@bp.post("/trash/<id:copy_id>/restore")
@allows(Permission.WORK)
def confirm_restore(copy_id: int) -> Response | tuple[str, int]:
    copy = _copy_or_404(copy_id)
    form = _restore_form(copy)
    if form.validate_on_submit():
        try:
            restored = restoring.restore(g.membership, copy, _chosen(form))
            db.session.commit()
            flash(trash_pages.restored_words(restored))
            return redirect(_address_of(restored), 303)
        except restoring.NeedsGoal:
            db.session.rollback()
            form.refuse("goal_id", _("Choose the goal that it belongs to."))
    return _restore_page(copy, form), 422


def _restore_page(copy: KeptCopy, form: RestoreForm) -> str:
    return render_template("plan/undo/restore.html", form=form, title=trash_pages.title_of(copy))


def _restore_form(copy: KeptCopy) -> RestoreForm:
    form, missing = RestoreForm(), restoring.missing_goal(copy)
    if missing is None:
        del form.goal_id
        return form
    if queries.open_plan(g.coalition.id) is None:
        raise WrongState(restoring.no_plan_words())
    form.goal_id.offer(queries.goal_choices(g.membership))
    if trash_service.holding(g.membership, GOALS, missing) is not None:
        form.goal_id.description = _("Its goal is in the trash, too: restore that first, or choose another.")
    return form


def _chosen(form: RestoreForm) -> Goal | None:
    if "goal_id" not in form or form.goal_id.row_id is None:
        return None
    return queries.goal_of(g.membership, form.goal_id.row_id)


def _address_of(restored: restoring.Restored) -> str:
    if restored.table == ACTIONS:
        return url_for("plan.action", number=restored.number)
    if restored.table == GOALS:
        return url_for("plan.goal", goal_id=restored.id)
    return url_for("plan.objective", objective_id=restored.id)


@bp.get("/trash/<id:copy_id>/delete")
@allows(Permission.EDIT_PLAN)
def delete_for_good(copy_id: int) -> str:
    copy = _copy_or_404(copy_id)
    return render_template(
        "plan/delete.html",
        title=_("Delete this for good?"),
        what=trash_pages.title_of(copy),
        form=ConfirmForm(),
        back=url_for("plan.trash"),
    )


@bp.post("/trash/<id:copy_id>/delete")
@allows(Permission.EDIT_PLAN)
def confirm_delete_for_good(copy_id: int) -> Response | tuple[str, int]:
    if not ConfirmForm().validate_on_submit():
        return delete_for_good(copy_id), 422
    copy = _copy_or_404(copy_id)
    trash_service.delete_for_good(g.membership, copy)
    db.session.commit()
    flash(_("It is deleted for good."))
    return redirect(url_for("plan.trash"), 303)
