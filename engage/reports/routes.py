"""Imports the routes of every package of this feature, which adds their addresses to the blueprint."""

import engage.reports.funder.routes
import engage.reports.handover.routes
import engage.reports.papers.routes
import engage.reports.public.routes
from engage.reports.blueprint import bp

__all__ = ["bp", "engage"]
