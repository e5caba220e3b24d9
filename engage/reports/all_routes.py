"""Every route of reports, on one blueprint."""

from engage.reports import public_routes
from engage.reports.routes import bp

__all__ = ["bp", "public_routes"]
