"""Registers every route of a coalition's own pages: importing a package's routes adds them to the blueprint."""

import engage.coalitions.about.routes.page
import engage.coalitions.about.routes.parts
import engage.coalitions.about.routes.positions
import engage.coalitions.audit.routes
import engage.coalitions.help_lines.routes
import engage.coalitions.settings.routes.access
import engage.coalitions.settings.routes.profile
import engage.coalitions.trash.routes
import engage.coalitions.undo_imports.routes
from engage.coalitions import bp

__all__ = ["bp", "engage"]
