"""Collects the routes of operations: importing these modules registers them with their blueprints.

Some modules serve a coalition's settings or a person's account, and register with those blueprints.
"""

import engage.operations.admin.routes.accounts
import engage.operations.admin.routes.coalitions
import engage.operations.admin.routes.health
import engage.operations.coalition_file.routes
import engage.operations.daily.routes
import engage.operations.network.routes.admin
import engage.operations.network.routes.sharing
import engage.operations.personal_data.routes.deletion
import engage.operations.personal_data.routes.own_data
import engage.operations.reported.routes
from engage.operations import bp

__all__ = ["bp", "engage"]
