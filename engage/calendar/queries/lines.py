"""Reads all sources with one query each, however many rows and memberships there are."""

from datetime import date

from engage.calendar.queries import meetings, plan, reviews
from engage.calendar.queries.asked import Asked
from engage.calendar.rules import Kind, Line


def lines_of(asked: Asked, today: date) -> list[Line]:
    """Returns the requested lines, source by source."""
    kinds = asked.kinds
    return [
        *(plan.actions(asked) if Kind.PLAN in kinds else ()),
        *(plan.to_come(asked, today) if Kind.PLAN in kinds else ()),
        *(plan.objectives(asked) if Kind.PLAN in kinds else ()),
        *(plan.items(asked) if Kind.TASK in kinds else ()),
        *(plan.reading(asked) if Kind.TASK in kinds else ()),
        *(meetings.meetings(asked) if Kind.MEETING in kinds else ()),
        *(meetings.events(asked) if Kind.EVENT in kinds else ()),
        *(reviews.decisions(asked) if Kind.REVIEW in kinds else ()),
        *(reviews.groups(asked) if Kind.REVIEW in kinds else ()),
        *(reviews.agreements(asked) if kinds & {Kind.REVIEW, Kind.AGREEMENT} else ()),
        *(reviews.rounds(asked) if Kind.ROUND in kinds else ()),
    ]
