"""Imports the routes of every package of this feature, which adds their addresses to the blueprint."""

import engage.partners.agreements.routes.agreements
import engage.partners.agreements.routes.moves
import engage.partners.contacts.routes
import engage.partners.conversations.routes
import engage.partners.exports.routes
import engage.partners.imports.routes
import engage.partners.merging.routes
import engage.partners.organizations.routes
import engage.partners.services.link.routes
import engage.partners.services.routes
import engage.partners.trash
from engage.partners import bp

__all__ = ["bp", "engage"]
