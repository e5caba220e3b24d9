"""Every address of the reports: importing a room's routes adds them to the blueprint."""

import engage.reports.funder.routes
import engage.reports.handover.routes
import engage.reports.papers.routes
import engage.reports.public.routes
from engage.reports.blueprint import bp

__all__ = ["bp", "engage"]
