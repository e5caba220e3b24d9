"""Every address of partners; the modules share one blueprint."""

from engage.partners import organization_routes
from engage.partners.routes import bp

__all__ = ["bp", "organization_routes"]
