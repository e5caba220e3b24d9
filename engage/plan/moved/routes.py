"""What moved in the plan between any two dates."""

from flask import abort, g, render_template, request

from engage.coalitions.permissions import Permission
from engage.frame.access import allows
from engage.plan.blueprint import bp
from engage.plan.moved import pages, rules
from engage.plan.moved.queries import Kind
from engage.plan.overview import places


@bp.get("/moved")
@allows(Permission.SEE)
def moved() -> str:
    today = places.today()
    kind = request.args.get("kind")
    if kind is not None and kind not in set(Kind):
        abort(404)
    period = rules.asked(request.args, pages.default_period(g.membership, today))
    shown = pages.page_of(
        g.membership, period, Kind(kind) if kind else None, request.args.get("page", ""), today
    )
    return render_template(
        "plan/moved/moved.html", shown=shown, one_title=pages.title_of(Kind(kind)) if kind else ""
    )
