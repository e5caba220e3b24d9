"""Every address of meetings; the modules share one blueprint."""

from engage.meetings import agenda_routes, attendance_routes, meeting_routes
from engage.meetings.routes import bp

__all__ = ["agenda_routes", "attendance_routes", "bp", "meeting_routes"]
