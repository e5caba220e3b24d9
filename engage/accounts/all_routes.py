"""Every page of the accounts' one blueprint, so that the application registers it whole."""

from engage.accounts import session_routes
from engage.accounts.routes import bp

__all__ = ["bp", "session_routes"]
