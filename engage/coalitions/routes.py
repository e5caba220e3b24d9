"""Every address of a coalition's own pages: importing a room's routes adds them to the blueprint."""

import engage.coalitions.about.routes.page
import engage.coalitions.about.routes.parts
import engage.coalitions.about.routes.positions
import engage.coalitions.audit.routes
import engage.coalitions.group_asks.routes
import engage.coalitions.group_page.routes
import engage.coalitions.groups.routes
import engage.coalitions.help_lines.routes
import engage.coalitions.invitations.routes
import engage.coalitions.joining.routes.origin
import engage.coalitions.people.routes.addresses
import engage.coalitions.people.routes.handover
import engage.coalitions.people.routes.own_profile
import engage.coalitions.people.routes.people
import engage.coalitions.people.routes.person
import engage.coalitions.people.routes.quiet
import engage.coalitions.reported.routes
import engage.coalitions.settings.routes.access
import engage.coalitions.settings.routes.data
import engage.coalitions.settings.routes.file
import engage.coalitions.settings.routes.network
import engage.coalitions.settings.routes.profile
import engage.coalitions.trash.routes
from engage.coalitions.blueprint import bp

__all__ = ["bp", "engage"]
