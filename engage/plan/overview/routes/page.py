"""Serves the plan's page."""

from flask import abort, g, render_template, request

from engage.coalitions.permissions import Permission, allows
from engage.plan import bp, queries
from engage.plan.overview import places
from engage.plan.overview.pages import page as overview_page
from engage.plan.overview.pages import rendered

bp.add_app_template_global(rendered.board_column)
bp.add_app_template_global(rendered.plan_table)


@bp.get("/")
@allows(Permission.SEE)
def index() -> str:
    plans = queries.plans_of(g.membership)
    asked = places.asked_id(request.args.get("plan"))
    plan = next((each for each in plans if asked in (None, each.id)), None)
    if plan is None:
        if asked is not None:
            abort(404)
        return render_template("plan/empty.html")
    return overview_page.plan_page(plans, plan, request.args.to_dict())
