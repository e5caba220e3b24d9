"""Serves the progress page to anyone with its link: no account, no cookie, no record of who looks."""

from flask import Blueprint, Response, g, render_template
from flask_babel import gettext as _

from engage import clock
from engage.extensions import answer_as_to_anybody
from engage.frame.access import public
from engage.reports.public.pages.progress import progress_of
from engage.reports.public.queries import coalition_by_token
from engage.web.answers import problem

bp = Blueprint("public", __name__, url_prefix="/public")


@bp.get("/<token>")
@public
def progress(token: str) -> str | Response:
    """Shows the page. It asks the database every time, so that a revoked link stops working at that moment."""
    answer_as_to_anybody()
    coalition = coalition_by_token(token)
    if coalition is None:
        return problem(
            404,
            _("There is no page behind this link"),
            _("Perhaps it was not copied whole, or the coalition has unpublished its page."),
        )
    g.time_zone = coalition.time_zone
    shown = progress_of(coalition, clock.today(coalition.time_zone))
    return render_template("reports/public/public.html", shown=shown, preview=None)
