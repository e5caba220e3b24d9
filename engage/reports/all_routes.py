"""Every route of reports, on one blueprint."""

from engage.reports import handover_routes, public_routes
from engage.reports.routes import bp

__all__ = ["bp", "handover_routes", "public_routes"]
