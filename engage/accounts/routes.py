"""Every address of accounts: importing a room's routes adds them to the blueprint."""

import engage.accounts.deletion.routes
import engage.accounts.forgotten.routes
import engage.accounts.own_data.routes
import engage.accounts.profile.routes
import engage.accounts.second_factor.routes
import engage.accounts.sessions.routes
from engage.accounts.blueprint import bp

__all__ = ["bp", "engage"]
