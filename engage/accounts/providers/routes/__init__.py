"""The pages that lead to a provider, and those to which it sends the browser back."""

import engage.accounts.providers.routes.back
import engage.accounts.providers.routes.leaving
import engage.accounts.providers.routes.ties

__all__ = ["engage"]
