"""Registers every route of accounts: importing a package's routes adds them to the blueprint."""

import engage.accounts.forgotten.routes
import engage.accounts.passkeys.routes
import engage.accounts.profile.routes
import engage.accounts.providers.routes
import engage.accounts.second_factor.routes
import engage.accounts.sessions.routes
import engage.accounts.sign_in_links.routes
from engage.accounts import bp

__all__ = ["bp", "engage"]
