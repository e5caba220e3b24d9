"""Every address of the plan; the modules share one blueprint."""

from engage.plan import (
    action_routes,
    activity_routes,
    board_routes,
    bulk_routes,
    carry_routes,
    export_routes,
    goal_copy_routes,
    goal_routes,
    import_routes,
    measure_routes,
    moved_routes,
    review_routes,
    row_routes,
    stale_routes,
    trash_routes,
    undo_routes,
)
from engage.plan.routes import bp

__all__ = [
    "action_routes",
    "activity_routes",
    "board_routes",
    "bp",
    "bulk_routes",
    "carry_routes",
    "export_routes",
    "goal_copy_routes",
    "goal_routes",
    "import_routes",
    "measure_routes",
    "moved_routes",
    "review_routes",
    "row_routes",
    "stale_routes",
    "trash_routes",
    "undo_routes",
]
