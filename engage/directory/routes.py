"""Adds every address of the directory: importing these routes registers them with the blueprints."""

import engage.directory.groups.asks.routes
import engage.directory.groups.routes
import engage.directory.imports.routes
import engage.directory.joining.routes.invitations
import engage.directory.joining.routes.origin
import engage.directory.partners.routes.agreements
import engage.directory.partners.routes.coverage
import engage.directory.partners.routes.organizations
import engage.directory.partners.routes.recruitments
import engage.directory.people.routes.addresses
import engage.directory.people.routes.handover
import engage.directory.people.routes.inactive
import engage.directory.people.routes.own_profile
import engage.directory.people.routes.people
import engage.directory.people.routes.person
from engage.coalitions import bp

__all__ = ["bp", "engage"]
