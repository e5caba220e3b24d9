"""Every address of needs and strengths; the modules share one blueprint."""

from engage.strengths import need_routes, strength_routes
from engage.strengths.routes import bp

__all__ = ["bp", "need_routes", "strength_routes"]
