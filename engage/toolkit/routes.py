"""Every address of the toolkit: importing a room's routes adds them to the blueprint."""

import engage.toolkit.learn.routes
import engage.toolkit.notes.routes
import engage.toolkit.sections.routes
import engage.toolkit.trash.service
from engage.toolkit.blueprint import bp

__all__ = ["bp", "engage"]
