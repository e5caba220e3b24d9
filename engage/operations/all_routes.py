"""Every page of the administration's one blueprint, so that the application registers it whole."""

from engage.operations import admin_account_routes, admin_health_routes
from engage.operations.routes import bp

__all__ = ["admin_account_routes", "admin_health_routes", "bp"]
