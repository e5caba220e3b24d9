"""Every page of the accounts' one blueprint, so that the application registers it whole."""

from engage.accounts import deletion_routes, own_data_routes, second_factor_routes, session_routes
from engage.accounts.routes import bp

__all__ = ["bp", "deletion_routes", "own_data_routes", "second_factor_routes", "session_routes"]
