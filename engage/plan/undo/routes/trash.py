"""Leads old addresses of the plan's trash to the coalition's, also what an open page still posts there."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission
from engage.frame.access import allows
from engage.plan.blueprint import bp


@bp.get("/trash")
@allows(Permission.WORK)
def trash() -> Response:
    return redirect(url_for("coalitions.trash"), 308)


@bp.get("/trash/<id:copy_id>/restore")
@bp.post("/trash/<id:copy_id>/restore")
@allows(Permission.WORK)
def restore(copy_id: int) -> Response:
    return redirect(url_for("coalitions.restore", copy_id=copy_id), 308)


@bp.get("/trash/<id:copy_id>/delete")
@allows(Permission.EDIT_PLAN)
def delete_for_good(copy_id: int) -> Response:
    return redirect(url_for("coalitions.delete_for_good", copy_id=copy_id), 308)
