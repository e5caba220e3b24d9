"""Every address of the administration: importing a room's routes adds them to the blueprint."""

import engage.operations.admin.routes.accounts
import engage.operations.admin.routes.coalitions
import engage.operations.admin.routes.health
import engage.operations.network.routes
from engage.operations.blueprint import bp

__all__ = ["bp", "engage"]
