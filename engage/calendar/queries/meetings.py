"""Reads meetings and events. A person who does not see all of a coalition finds only those open to the public."""

from collections.abc import Iterator

import sqlalchemy as sa

from engage.calendar.queries.asked import Asked
from engage.calendar.rules import CalendarLine, CalendarMark, LineKind
from engage.coalitions.models import Group
from engage.database import along
from engage.extensions import db
from engage.meetings.calendar_file import meeting_uid
from engage.meetings.models import Meeting
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityState


def meetings(asked: Asked) -> Iterator[CalendarLine]:
    """Yields meetings; "mine" are those for everyone and those of the person's groups."""
    inside = Meeting.coalition_id.in_(asked.inside)
    rows = (
        sa.select(
            Meeting.coalition_id,
            Meeting.id,
            Meeting.created_at,
            Meeting.version,
            Meeting.title,
            Meeting.starts_at,
            Meeting.minutes,
            Meeting.place,
            Meeting.public_place,
            Group.name,
        )
        .outerjoin(Group, along(Meeting.group_id, Group))
        .where(
            Meeting.coalition_id.in_(asked.coalitions),
            sa.or_(inside, Meeting.is_open),
            Meeting.starts_at >= asked.since,
            Meeting.starts_at < asked.until,
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    if asked.group_id is not None:
        rows = rows.where(Meeting.group_id == asked.group_id, inside)
    elif asked.mine:
        rows = rows.where(sa.or_(Meeting.group_id.is_(None), Meeting.group_id.in_(asked.my_groups)))
    for each in db.session.execute(rows):
        is_inside = each.coalition_id in asked.inside
        yield CalendarLine(
            LineKind.MEETING,
            each.coalition_id,
            meeting_uid(each.coalition_id, each.id, each.created_at),
            each.version,
            each.title,
            each.starts_at,
            "meetings.meeting" if is_inside else "meetings.agenda",
            {"meeting_id": each.id},
            each.minutes,
            place=each.place if is_inside else each.public_place,
            who=each.name or "" if is_inside else "",
        )


def events(asked: Asked) -> Iterator[CalendarLine]:
    """Yields events, which are for everyone and belong to no group."""
    if asked.group_id is not None:
        return
    rows = (
        sa.select(
            Activity.coalition_id,
            Activity.id,
            Activity.created_at,
            Activity.version,
            Activity.title,
            Activity.happened_on,
            Activity.starts_at,
            Activity.minutes,
            Activity.place,
            Activity.state,
        )
        .where(
            Activity.coalition_id.in_(asked.coalitions),
            sa.or_(Activity.coalition_id.in_(asked.inside), Activity.is_open),
            asked.on_days(Activity.happened_on),
        )
        .order_by(Activity.happened_on, Activity.id)
    )
    if asked.waiting:
        is_to_come = Activity.happened_on >= asked.since.date()
        rows = rows.where(Activity.state != ActivityState.CALLED_OFF, is_to_come)
    for each in db.session.execute(rows):
        yield CalendarLine(
            LineKind.EVENT,
            each.coalition_id,
            f"engage-activity-{each.coalition_id}-{each.id}-{each.created_at:%Y%m%dT%H%M%SZ}",
            each.version,
            each.title,
            each.starts_at or each.happened_on,
            "plan.activity" if each.coalition_id in asked.inside else "",
            {"activity_id": each.id},
            each.minutes or 0,
            place=each.place,
            mark=CalendarMark.CALLED_OFF if each.state is ActivityState.CALLED_OFF else None,
        )
