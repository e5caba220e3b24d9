"""Imports the routes of every package of this feature, which adds their addresses to the blueprint."""

import engage.toolkit.learn.routes
import engage.toolkit.notes.routes
import engage.toolkit.sections.routes
import engage.toolkit.trash
from engage.toolkit.blueprint import bp

__all__ = ["bp", "engage"]
