"""Serves the public page and its feed to anyone with the link: no account, no cookie, no record of visitors."""

from flask import Blueprint, Response, abort, render_template, url_for

from engage import clock
from engage.extensions import answer_as_to_anybody, stand_at
from engage.i18n import gettext as _
from engage.plan.public.pages import public_calendar
from engage.reports.public.pages.progress import progress_of
from engage.reports.public.queries import coalition_by_token
from engage.web import links
from engage.web.access import public
from engage.web.answers import problem

bp = Blueprint("public", __name__, url_prefix="/public")


@bp.get("/<token>")
@public
def progress(token: str) -> str | Response:
    """Shows the public page.

    The link is looked up every time, so that a revoked link stops working at once.
    """
    answer_as_to_anybody()
    coalition = coalition_by_token(token)
    if coalition is None:
        return problem(
            404,
            _("There is no page at this link"),
            _("Part of it may be missing, or the coalition has unpublished its page."),
        )
    stand_at(coalition)
    shown = progress_of(coalition, clock.today(coalition.time_zone))
    feed_url = url_for(".meetings", token=token)
    return render_template("reports/public/public.html", shown=shown, preview=None, feed_url=feed_url)


@bp.get("/<token>/meetings.ics")
@public
def meetings(token: str) -> Response:
    """Sends the public meetings to a calendar program; revoking the link also ends this feed."""
    answer_as_to_anybody()
    coalition = coalition_by_token(token) or abort(404)
    text = public_calendar(coalition, clock.now(), links.external(url_for(".progress", token=token)))
    return Response(text, content_type="text/calendar; charset=utf-8")
