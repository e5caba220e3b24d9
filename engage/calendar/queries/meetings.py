"""Reads meetings and events. A person who does not see all of a coalition finds only those open to the public."""

from collections.abc import Iterator
from functools import cache

import sqlalchemy as sa

from engage.calendar.queries.asked import (
    COALITIONS,
    GROUP,
    INSIDE,
    MY_GROUPS,
    SINCE_DAY,
    Asked,
    at_moments,
    on_days,
)
from engage.calendar.rules import CalendarLine, CalendarMark, LineKind
from engage.coalitions.models import Group
from engage.database import Selection, along
from engage.extensions import db
from engage.meetings.calendar_file import meeting_uid
from engage.meetings.models import Meeting
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityState


@cache
def _meetings(one_group: bool, mine: bool, _waiting: bool) -> Selection:
    inside = Meeting.coalition_id.in_(INSIDE)
    rows: Selection = (
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
            Meeting.coalition_id.in_(COALITIONS),
            sa.or_(inside, Meeting.is_open),
            *at_moments(Meeting.starts_at),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    if one_group:
        return rows.where(Meeting.group_id == GROUP, inside)
    return rows.where(sa.or_(Meeting.group_id.is_(None), Meeting.group_id.in_(MY_GROUPS))) if mine else rows


def meetings(asked: Asked) -> Iterator[CalendarLine]:
    """Yields meetings; "mine" are those for everyone and those of the person's groups."""
    for each in db.session.execute(_meetings(*asked.shape), asked.values):
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


@cache
def _events(waiting: bool) -> Selection:
    rows: Selection = (
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
            Activity.coalition_id.in_(COALITIONS),
            sa.or_(Activity.coalition_id.in_(INSIDE), Activity.is_open),
            *on_days(Activity.happened_on),
        )
        .order_by(Activity.happened_on, Activity.id)
    )
    if not waiting:
        return rows
    return rows.where(Activity.state != ActivityState.CALLED_OFF, Activity.happened_on >= SINCE_DAY)


def events(asked: Asked) -> Iterator[CalendarLine]:
    """Yields events, which are for everyone and belong to no group."""
    if asked.group_id is not None:
        return
    for each in db.session.execute(_events(asked.waiting), asked.values):
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
