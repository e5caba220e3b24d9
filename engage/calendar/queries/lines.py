"""Reads all sources of calendar lines, each with one query, however many rows and memberships there are."""

from datetime import date

from engage.calendar.queries import meetings, plan, reviews
from engage.calendar.queries.asked import Asked
from engage.calendar.rules import CalendarLine, LineKind


def lines_of(asked: Asked, today: date) -> list[CalendarLine]:
    """Returns the requested lines, source by source."""
    kinds = asked.kinds
    return [
        *(plan.actions(asked) if LineKind.PLAN in kinds else ()),
        *(plan.to_come(asked, today) if LineKind.PLAN in kinds else ()),
        *(plan.objectives(asked) if LineKind.PLAN in kinds else ()),
        *(plan.items(asked) if LineKind.TASK in kinds else ()),
        *(plan.reading(asked) if LineKind.TASK in kinds else ()),
        *(meetings.meetings(asked) if LineKind.MEETING in kinds else ()),
        *(meetings.events(asked) if LineKind.EVENT in kinds else ()),
        *(reviews.decisions(asked) if LineKind.REVIEW in kinds else ()),
        *(reviews.groups(asked) if LineKind.REVIEW in kinds else ()),
        *(reviews.agreements(asked) if kinds & {LineKind.REVIEW, LineKind.AGREEMENT} else ()),
        *(reviews.rounds(asked) if LineKind.ROUND in kinds else ()),
    ]
