"""Finds inactive people, by the last dated thing that each person or organization did with others.

It reads meetings attended, conversations, updates, closed actions and checked items; never answers or
sign-ins.
"""

from collections import defaultdict
from datetime import date
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from engage import clock
from engage.checklist.models import Item
from engage.coalitions.inactive_rules import LastSign, Sign, is_inactive, last_of
from engage.coalitions.models import Membership
from engage.coalitions.queries import active
from engage.coalitions.rules import Role
from engage.database import Selection, UtcDateTime, along
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.models import Attendance, Meeting
from engage.meetings.rules import Mode
from engage.partners.models import Affiliation, Conversation, Organization
from engage.plan.models import Action, Update
from engage.plan.rules import ActionStatus


class InactivePerson(Struct, frozen=True):
    """An inactive person. `organization` is empty without one; `last` is None if nothing was recorded."""

    id: int
    name: str
    organization: str
    joined_on: date
    last: LastSign | None


_NO_DAY, _NO_MOMENT = sa.cast(sa.null(), sa.Date()), sa.cast(sa.null(), UtcDateTime())


def _came(coalition_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Attendance.coalition_id == coalition_id,
        Attendance.mode != Mode.EXCUSED,
        Meeting.starts_at <= clock.now(),
    )


def _by(person: Any, kind: Sign, moment: Any, day: Any, *where: Any) -> Selection:
    """Selects the latest date of one kind for each person."""
    what = sa.literal(kind.value).label("kind")
    columns = (person.label("person"), what, moment.label("moment"), day.label("day"))
    return sa.select(*columns).where(person.is_not(None), *where).group_by(person)


def _noted(coalition_id: int, kind: Sign, thing: str, field: str, *where: object) -> Selection:
    entry = HistoryEntry
    return _by(
        entry.actor_id,
        kind,
        sa.func.max(entry.happened_at),
        _NO_DAY,
        entry.coalition_id == coalition_id,
        entry.thing == thing,
        entry.field == field,
        *where,
    )


def _signs(coalition_id: int) -> sa.CompoundSelect[Any]:
    attended = _by(
        Attendance.membership_id,
        Sign.MEETING,
        sa.func.max(Meeting.starts_at),
        _NO_DAY,
        *_came(coalition_id),
    ).join(Meeting, along(Attendance.meeting_id, Meeting))
    talked = _by(
        Conversation.written_by_id,
        Sign.CONVERSATION,
        _NO_MOMENT,
        sa.func.max(Conversation.happened_on),
        Conversation.coalition_id == coalition_id,
    )
    wrote = _by(
        Update.author_id,
        Sign.UPDATE,
        sa.func.max(Update.written_at),
        _NO_DAY,
        Update.coalition_id == coalition_id,
    )
    over = HistoryEntry.new.in_([ActionStatus.DONE.value, ActionStatus.NO_LONGER_NEEDED.value])
    closed = _noted(coalition_id, Sign.ACTION, Action.__tablename__, "status", over)
    ticked = _noted(coalition_id, Sign.TICK, Item.__tablename__, "state")
    return sa.union_all(attended, talked, wrote, closed, ticked)


def inactive_people(membership: Membership, today: date) -> list[InactivePerson]:
    """Returns active people who did nothing for the coalition's number of days, the longest first."""
    rows = (
        sa.select(
            Membership.id, Membership.name, sa.func.coalesce(Organization.name, ""), Membership.joined_at
        )
        .outerjoin(Affiliation, along(Affiliation.membership_id, Membership))
        .outerjoin(Organization, along(Affiliation.organization_id, Organization))
        # Viewers only read, so no activity is expected of them.
        .where(Membership.coalition_id == membership.coalition_id, Membership.role != Role.VIEWER, *active())
        .order_by(Membership.sort_key, Membership.id)
    )
    time_zone, days = membership.coalition.time_zone, membership.coalition.quiet_days
    last = last_signs(membership)
    found = []
    for key, name, organization, joined_at in db.session.execute(rows):
        joined_on, sign = clock.local_day(joined_at, time_zone), last.get(key)
        if is_inactive(joined_on, sign.on if sign is not None else None, today, days):
            found.append(InactivePerson(key, name, organization, joined_on, sign))
    return sorted(found, key=lambda each: each.last.on if each.last is not None else each.joined_on)


def last_signs(membership: Membership) -> dict[int, LastSign]:
    """Returns the latest recorded activity of each person who has any."""
    time_zone = membership.coalition.time_zone
    signs: dict[int, list[LastSign]] = defaultdict(list)
    for person, kind, moment, day in db.session.execute(_signs(membership.coalition_id)):
        on = day if day is not None else clock.local_day(moment, time_zone)
        signs[person].append(LastSign(Sign(kind), on))
    return {person: last for person, found in signs.items() if (last := last_of(found)) is not None}


def last_heard(membership: Membership) -> dict[int, date]:
    """Returns the day of the latest contact with each organization, in three queries.

    A conversation, an attendance on its behalf, or an activity of one of its people counts as contact.
    Organizations without any contact are missing.
    """
    met: sa.CompoundSelect[Any] = sa.union_all(
        sa.select(
            Conversation.organization_id,
            _NO_MOMENT.label("moment"),
            sa.func.max(Conversation.happened_on).label("day"),
        )
        .where(Conversation.coalition_id == membership.coalition_id)
        .group_by(Conversation.organization_id),
        sa.select(
            Attendance.organization_id, sa.func.max(Meeting.starts_at).label("moment"), _NO_DAY.label("day")
        )
        .join(Meeting, along(Attendance.meeting_id, Meeting))
        .where(
            Attendance.organization_id.is_not(None),
            *_came(membership.coalition_id),
        )
        .group_by(Attendance.organization_id),
    )
    origins = sa.select(Affiliation.membership_id, Affiliation.organization_id).where(
        Affiliation.coalition_id == membership.coalition_id, Affiliation.organization_id.is_not(None)
    )
    time_zone = membership.coalition.time_zone
    found: dict[int, date] = {}

    def hear(key: int, on: date) -> None:
        found[key] = max(on, found.get(key, on))

    for key, moment, day in db.session.execute(met):
        hear(key, day if day is not None else clock.local_day(moment, time_zone))
    signs = last_signs(membership)
    for person, key in db.session.execute(origins):
        if key is not None and person in signs:
            hear(key, signs[person].on)
    return found
