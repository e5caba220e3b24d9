"""Imports the routes of every package of this feature, which adds their addresses to the blueprint."""

import engage.strengths.explorer.routes
import engage.strengths.matches.routes
import engage.strengths.needs.routes.need
import engage.strengths.needs.routes.needs
import engage.strengths.strengths.routes
import engage.strengths.trash
import engage.strengths.votes.routes.running
import engage.strengths.votes.routes.votes
from engage.strengths import bp

__all__ = ["bp", "engage"]
