"""Every address of meetings; the modules share one blueprint."""

from engage.meetings import (
    agenda_draft_routes,
    agenda_routes,
    attendance_routes,
    decision_routes,
    meeting_routes,
    paper_routes,
    preparation_routes,
    recording_routes,
)
from engage.meetings.routes import bp

__all__ = [
    "agenda_draft_routes",
    "agenda_routes",
    "attendance_routes",
    "bp",
    "decision_routes",
    "meeting_routes",
    "paper_routes",
    "preparation_routes",
    "recording_routes",
]
