"""Finds what was left open: meetings not closed, events not counted, reviews and terms whose day has passed."""

from datetime import date, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from msgspec import Struct

from engage import clock
from engage.coalitions.about.models import Position
from engage.coalitions.models import Group, Membership
from engage.coalitions.permissions import Permission, may
from engage.database import Selection, UtcDateTime, along
from engage.extensions import db
from engage.meetings.models import Meeting
from engage.partners.agreements.models import Agreement
from engage.partners.models import Organization
from engage.partners.rules import AgreementState
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityState


class LeftKind(StrEnum):
    """The kinds of things that are left open, the most urgent first."""

    MEETING = "meeting"
    EVENT = "event"
    AGREEMENT = "agreement"
    GROUP = "group"
    POSITION = "position"


class LeftOpen(Struct, frozen=True):
    """Something that the reader can finish, since the day on which it was held or due. `id` is as in its address."""

    kind: LeftKind
    id: int
    title: str
    since: date


_HERE: sa.BindParameter[int] = sa.bindparam("coalition_id")
_ME: sa.BindParameter[int] = sa.bindparam("me")
_TODAY: sa.BindParameter[date] = sa.bindparam("today", type_=sa.Date)
# A coordinator can finish all of them, others the meetings of groups that they lead and the events they wrote.
_ALL: sa.BindParameter[bool] = sa.bindparam("all", type_=sa.Boolean)
_I_LEAD = sa.select(Group.id).where(Group.coalition_id == _HERE, Group.lead_id == _ME)


def _found(
    kind: LeftKind,
    key: sa.SQLColumnExpression[int],
    title: sa.SQLColumnExpression[str],
    since: sa.SQLColumnExpression[date | None],
    *where: sa.ColumnElement[bool],
) -> Selection:
    started = Meeting.starts_at if kind is LeftKind.MEETING else sa.cast(sa.null(), UtcDateTime)
    minutes = Meeting.minutes if kind is LeftKind.MEETING else sa.literal_column("0")
    return sa.select(
        sa.literal(kind.value).label("kind"),
        key.label("id"),
        title.label("title"),
        since.label("since"),
        started.label("started"),
        minutes.label("minutes"),
    ).where(*where)


# The statement is built once, because every Home page runs it.
_LEFT = sa.union_all(
    _found(
        LeftKind.MEETING,
        Meeting.id,
        Meeting.title,
        sa.cast(sa.null(), sa.Date),
        Meeting.coalition_id == _HERE,
        Meeting.closed_at.is_(None),
        Meeting.starts_at <= sa.bindparam("now", type_=UtcDateTime),
        sa.or_(_ALL, Meeting.group_id.in_(_I_LEAD)),
    ),
    _found(
        LeftKind.EVENT,
        Activity.id,
        Activity.title,
        Activity.happened_on,
        Activity.coalition_id == _HERE,
        Activity.state == ActivityState.PLANNED,
        Activity.happened_on < _TODAY,
        sa.or_(_ALL, Activity.created_by_id == _ME),
    ),
    _found(
        LeftKind.AGREEMENT,
        Agreement.number,
        Organization.name,
        Agreement.review_on,
        Agreement.coalition_id == _HERE,
        Agreement.state == AgreementState.SIGNED,
        Agreement.review_on < _TODAY,
        _ALL,
        along(Agreement.organization_id, Organization),
    ),
    _found(
        LeftKind.GROUP,
        Group.id,
        Group.name,
        Group.review_on,
        Group.coalition_id == _HERE,
        Group.review_on < _TODAY,
        _ALL,
    ),
    _found(
        LeftKind.POSITION,
        Position.id,
        Position.title,
        Position.until,
        Position.coalition_id == _HERE,
        Position.membership_id.is_not(None),
        Position.until < _TODAY,
        _ALL,
    ),
)


def left_open_for(membership: Membership, today: date) -> list[LeftOpen]:
    """Returns what this person can finish, in one query: meetings first, within a kind what waits longest first."""
    now, zone = clock.now(), membership.coalition.time_zone
    asked = {
        "coalition_id": membership.coalition_id,
        "me": membership.id,
        "today": today,
        "now": now,
        "all": may(membership.role, Permission.CLOSE_MEETINGS),
    }
    found = [
        LeftOpen(LeftKind(row.kind), row.id, row.title, row.since or clock.local_day(row.started, zone))
        for row in db.session.execute(_LEFT, asked)
        if row.started is None or _ended(row.started, row.minutes) <= now
    ]
    kinds = list(LeftKind)
    return sorted(found, key=lambda each: (kinds.index(each.kind), each.since, each.id))


def _ended(started: datetime, minutes: int) -> datetime:
    return started + timedelta(minutes=minutes)
