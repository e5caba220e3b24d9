"""Every address of needs, strengths and matches; the modules share one blueprint."""

from engage.strengths import (
    explorer_routes,
    match_routes,
    need_routes,
    strength_routes,
    vote_routes,
    vote_run_routes,
)
from engage.strengths.routes import bp

__all__ = [
    "bp",
    "explorer_routes",
    "match_routes",
    "need_routes",
    "strength_routes",
    "vote_routes",
    "vote_run_routes",
]
