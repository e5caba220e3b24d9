"""To be written."""

from flask import render_template

from engage.access import allows, coalition_blueprint
from engage.coalitions.permissions import Permission

bp = coalition_blueprint("assessment", __name__, "assessment")


@bp.get("/")
@allows(Permission.SEE)
def index() -> str:
    return render_template("assessment/page.html")
