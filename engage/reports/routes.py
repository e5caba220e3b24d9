"""Imports the routes of every package of this feature, which adds their addresses to the blueprint."""

import engage.reports.framing.routes
import engage.reports.funder.routes
import engage.reports.handover.routes
import engage.reports.papers.routes
import engage.reports.public.routes
import engage.reports.tables.routes
from engage.reports import bp

__all__ = ["bp", "engage"]
