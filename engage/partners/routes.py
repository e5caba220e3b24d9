"""Every address of the partners: importing a room's routes adds them to the blueprint."""

import engage.partners.agreements.routes.agreements
import engage.partners.agreements.routes.moves
import engage.partners.contacts.routes
import engage.partners.conversations.routes
import engage.partners.coverage.recruitments.routes
import engage.partners.coverage.routes
import engage.partners.imports.routes
import engage.partners.merging.routes
import engage.partners.organizations.routes
import engage.partners.services.link.routes
import engage.partners.services.routes
import engage.partners.trash.service
from engage.partners.blueprint import bp

__all__ = ["bp", "engage"]
