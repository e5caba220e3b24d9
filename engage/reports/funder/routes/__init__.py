"""Serves the funder report."""

import engage.reports.funder.routes.copies
import engage.reports.funder.routes.report
import engage.reports.funder.routes.texts

__all__ = ["engage"]
