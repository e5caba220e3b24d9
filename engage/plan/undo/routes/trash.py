"""Redirects old addresses of the plan's trash to the coalition's, including forms that open pages still post."""

from flask import abort, g, redirect, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows
from engage.coalitions.trash import queries
from engage.plan import bp


@bp.get("/trash")
@allows(Permission.WORK)
def trash() -> Response:
    return redirect(url_for("coalitions.trash"), 303)


@bp.get("/trash/<id:copy_id>/restore")
@bp.post("/trash/<id:copy_id>/restore")
@allows(Permission.WORK)
def restore(copy_id: int) -> Response:
    return _moved("coalitions.restore", copy_id)


@bp.get("/trash/<id:copy_id>/delete")
@allows(Permission.EDIT_PLAN)
def delete_for_good(copy_id: int) -> Response:
    return _moved("coalitions.delete_for_good", copy_id)


def _moved(endpoint: str, copy_id: int) -> Response:
    """Redirects to the copy's current address; a posted form is posted there again."""
    copy = queries.copy_for(g.membership, copy_id) or abort(404)
    return redirect(url_for(endpoint, copy_id=copy.id), 308)
