"""Collects every route of meetings: importing these modules registers them with the blueprint."""

import engage.meetings.agenda.draft.routes
import engage.meetings.agenda.routes
import engage.meetings.attendance.routes
import engage.meetings.decisions.routes
import engage.meetings.notes.routes
import engage.meetings.papers.routes
import engage.meetings.planning.routes
import engage.meetings.preparations.routes
import engage.meetings.recording.routes
import engage.meetings.replies.routes
import engage.meetings.trash
from engage.meetings import bp

__all__ = ["bp", "engage"]
