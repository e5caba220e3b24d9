"""Every address of meetings; the modules share one blueprint."""

from engage.meetings import meeting_routes
from engage.meetings.routes import bp

__all__ = ["bp", "meeting_routes"]
