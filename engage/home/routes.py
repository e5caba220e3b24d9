"""To be written."""

from flask import render_template

from engage.access import allows, coalition_blueprint
from engage.coalitions.permissions import Permission

bp = coalition_blueprint("home", __name__, "")


@bp.get("/")
@allows(Permission.SEE)
def index() -> str:
    return render_template("home/page.html")
