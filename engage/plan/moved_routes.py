"""What moved in the plan between any two dates."""

from flask import abort, g, render_template, request

from engage.coalitions.permissions import Permission
from engage.frame.access import allows
from engage.plan import moved_page, pages, period_rules
from engage.plan.moved import Kind
from engage.plan.routes import bp


@bp.get("/moved")
@allows(Permission.SEE)
def moved() -> str:
    today = pages.today()
    kind = request.args.get("kind")
    if kind is not None and kind not in set(Kind):
        abort(404)
    period = period_rules.asked(request.args, moved_page.default_period(g.membership, today))
    shown = moved_page.page_of(
        g.membership, period, Kind(kind) if kind else None, request.args.get("page", ""), today
    )
    return render_template(
        "plan/moved.html", shown=shown, one_title=moved_page.title_of(Kind(kind)) if kind else ""
    )
