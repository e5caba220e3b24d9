"""Holds the plan of action: goals, objectives and actions, who does what by when, and its progress."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("plan", __name__, "plan")
