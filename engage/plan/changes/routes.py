"""Serves all changes of one kind in a period; the review shows the first few of each."""

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows
from engage.plan import bp
from engage.plan.changes import pages, rules
from engage.plan.changes.queries import Asked, ChangeKind
from engage.plan.overview import places


@bp.get("/moved")
@allows(Permission.SEE)
def old_changes() -> Response:
    """Redirects from the old page of changes to the review, for the days in the old address."""
    period = rules.asked(request.args, pages.default_period(g.membership, places.today()))
    kind = request.args.get("kind")
    if kind is not None and kind in set(ChangeKind):
        return redirect(url_for(".changes", **period.args(), kind=kind), 303)
    return redirect(url_for(".review", **period.args(), _anchor="plan-review-moved"), 303)


@bp.get("/review/changes")
@allows(Permission.SEE)
def changes() -> str:
    today, kind = places.today(), request.args.get("kind", "")
    if kind not in set(ChangeKind):
        abort(404)
    period = rules.asked(request.args, pages.default_period(g.membership, today))
    asked = Asked(g.membership, period, places.asked_id(request.args.get("plan")) or 0)
    return render_template(
        "plan/changes/changes.html",
        shown=pages.kind_page_of(asked, ChangeKind(kind), request.args.get("page", ""), today),
        period=period,
        plan_id=asked.plan_id or None,
    )
