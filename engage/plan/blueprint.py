"""The blueprint of the plan, and a plan's address."""

from flask import url_for

from engage.plan.models import Plan
from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("plan", __name__, "plan")


def address_of(plan: Plan) -> str:
    """Returns the address of the plan's page."""
    return url_for("plan.index", plan=plan.id)
