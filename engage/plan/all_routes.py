"""Everything below /c/<slug>/plan/: importing its parts hangs them on the blueprint."""

from engage.plan import action_routes, board_routes, export_routes, goal_routes, row_routes
from engage.plan.routes import bp

__all__ = ["action_routes", "board_routes", "bp", "export_routes", "goal_routes", "row_routes"]
