"""Counts what funders ask for over any dates.

Everything returned is a total: nothing names or describes a person.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased

from engage import clock
from engage.coalitions.models import Membership
from engage.coalitions.rules import PersonState, Role
from engage.database import Selection, along
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.models import Attendance, Meeting
from engage.meetings.rules import MeetingKind, Mode
from engage.plan.models import Action, Goal, Objective, Plan
from engage.plan.rules import ActionStatus, PlanStatus
from engage.reports.rules import Period

# -- meetings

_PRESENT = Attendance.mode != Mode.EXCUSED


class Presence(Struct, frozen=True):
    """Attendance at meetings: how often people came, and to how many meetings."""

    attendances: int
    meetings: int


class MeetingCounts(Struct, frozen=True):
    """Attendance by kind, and by the sector (a key; "" if unknown) for which a person came that day."""

    held: Mapping[MeetingKind, int]
    came: Mapping[MeetingKind, int]
    sectors: Mapping[str, Presence]
    # These are the organizations for which people came, by id.
    organizations: frozenset[int]
    # A member counts once, however often the member came; a guest counts each time.
    people: int
    guests: int
    # These meetings have begun, but no one recorded attendance or closed them.
    unrecorded: int

    @property
    def all_held(self) -> int:
        return sum(self.held.values())

    @property
    def all_came(self) -> int:
        return sum(self.came.values())


def meetings(membership: Membership, period: Period) -> MeetingCounts:
    """Counts meetings, in three queries."""
    here, zone = membership.coalition_id, membership.coalition.time_zone
    # Meetings in the future do not count as held.
    end = min(clock.start_of_day(period.until + timedelta(days=1), zone), clock.now())
    in_period = (Meeting.starts_at >= clock.start_of_day(period.since, zone), Meeting.starts_at < end)
    came_some = sa.exists().where(
        Attendance.meeting_id == Meeting.id, Attendance.coalition_id == here, _PRESENT
    )
    # A meeting that is over counts as held only if someone recorded attendance or closed it.
    was_held = sa.or_(Meeting.closed_at.is_not(None), came_some.correlate(Meeting))
    begun_ones = (
        sa.select(Meeting.kind, sa.func.count().filter(was_held), sa.func.count())
        .where(Meeting.coalition_id == here, *in_period)
        .group_by(Meeting.kind)
    )
    held: dict[MeetingKind, int] = {}
    unrecorded = 0
    for kind, count, begun in db.session.execute(begun_ones):
        unrecorded += begun - count
        if count:
            held[kind] = count
    attended = (
        sa.select(Meeting.id, Meeting.kind, Attendance.sector, Attendance.organization_id, sa.func.count())
        .join(Meeting, along(Attendance.meeting_id, Meeting))
        .where(Attendance.coalition_id == here, _PRESENT, *in_period)
        .group_by(Meeting.id, Meeting.kind, Attendance.sector, Attendance.organization_id)
    )
    came: Counter[MeetingKind] = Counter()
    attendances: Counter[str] = Counter()
    at: dict[str, set[int]] = defaultdict(set)
    organizations: set[int] = set()
    for meeting_id, kind, sector, organization_id, count in db.session.execute(attended):
        came[kind] += count
        attendances[sector] += count
        at[sector].add(meeting_id)
        organizations |= {organization_id} if organization_id is not None else set()
    sectors = {key: Presence(count, len(at[key])) for key, count in attendances.items()}
    once = (
        sa.select(
            sa.func.count(sa.distinct(Attendance.membership_id)),
            sa.func.count().filter(Attendance.membership_id.is_(None)),
        )
        .join(Meeting, along(Attendance.meeting_id, Meeting))
        .where(Attendance.coalition_id == here, _PRESENT, *in_period)
    )
    once_each, guests = db.session.execute(once).one()
    return MeetingCounts(held, came, sectors, frozenset(organizations), once_each, guests, unrecorded)


# -- people
def _changes_of_returned(here: int) -> Selection:
    """Selects the changes of state of people who left and came back.

    Their membership stores only the last stay.
    """
    entry, back = HistoryEntry, aliased(HistoryEntry)
    states = (entry.coalition_id == here, entry.thing == Membership.__tablename__, entry.field == "state")
    came_back = sa.exists().where(
        back.coalition_id == here,
        back.thing == entry.thing,
        back.thing_id == entry.thing_id,
        back.field == entry.field,
        back.old == PersonState.LEFT.value,
    )
    return (
        sa.select(entry.happened_at, entry.old, entry.new)
        .join(Membership, along(entry.thing_id, Membership))
        .where(*states, came_back, Membership.role != Role.VIEWER)
        .order_by(entry.thing_id, entry.happened_at, entry.id)
    )


def _earlier_stays(membership: Membership) -> Iterator[tuple[date, date]]:
    """Yields the days on which people joined and left before they came back."""
    zone = membership.coalition.time_zone
    began, ended = date.min, None
    for happened_at, old, new in db.session.execute(_changes_of_returned(membership.coalition_id)):
        day = clock.local_day(happened_at, zone)
        if old == PersonState.LEFT and ended is not None:
            yield began, ended
        if old is None or old == PersonState.LEFT:
            began, ended = day, None
        elif new == PersonState.LEFT and old != PersonState.WAITING:
            ended = day


class PeopleCounts(Struct, frozen=True):
    """Counts of members and coordinators, with and without an account; viewers count as readers."""

    before: int
    joined: int
    left: int
    after: int


def people(membership: Membership, period: Period) -> PeopleCounts:
    """Counts people, in two queries."""
    zone = membership.coalition.time_zone
    rows = sa.select(Membership.joined_at, Membership.left_on).where(
        Membership.coalition_id == membership.coalition_id,
        Membership.approved_at.is_not(None),
        Membership.role != Role.VIEWER,
    )
    stays = [(clock.local_day(joined_at, zone), left_on) for joined_at, left_on in db.session.execute(rows)]
    before = joined = left = after = 0
    for day, left_on in (*stays, *_earlier_stays(membership)):
        before += day < period.since and (left_on is None or left_on >= period.since)
        joined += day in period
        left += left_on in period
        after += day <= period.until and (left_on is None or left_on > period.until)
    return PeopleCounts(before, joined, left, after)


# -- the plan

# The value is a literal, because PostgreSQL takes two parameters for different expressions when grouping.
_AREA: sa.ColumnElement[str] = sa.func.coalesce(Goal.area, sa.literal_column("''"))


def actions(membership: Membership) -> dict[str, dict[ActionStatus, int]]:
    """Counts the current actions of open plans, by focus area and status, in one query.

    The area is a key, or "" for several areas or none.
    """
    here = membership.coalition_id
    open_plans = sa.select(Plan.id).where(Plan.coalition_id == here, Plan.status != PlanStatus.CLOSED)
    # The subquery groups by goal within an index, so that no action's row is read.
    by_goal = (
        sa.select(Action.coalition_id, Action.goal_id, Action.status, sa.func.count().label("actions"))
        .where(Action.coalition_id == here, Action.plan_id.in_(open_plans))
        .group_by(Action.coalition_id, Action.goal_id, Action.status)
        .subquery()
    )
    counted = aliased(Action, by_goal)
    rows = (
        sa.select(_AREA, counted.status, sa.func.sum(by_goal.c.actions))
        .select_from(counted)
        .outerjoin(Goal, along(counted.goal_id, Goal))
        .group_by(_AREA, counted.status)
    )
    found: dict[str, dict[ActionStatus, int]] = defaultdict(dict)
    for area, status, count in db.session.execute(rows):
        found[area][status] = int(count)  # PostgreSQL returns a sum as a decimal
    return dict(found)


def done_sometime(membership: Membership) -> int:
    """Counts actions that were done on an unknown day, and so are in no period."""
    done = sa.select(sa.func.count()).where(
        Action.coalition_id == membership.coalition_id,
        Action.status == ActionStatus.DONE,
        Action.done_on.is_(None),
    )
    return db.session.scalar(done) or 0


def objective_titles(membership: Membership) -> dict[int, str]:
    rows = sa.select(Objective.id, Objective.title).where(Objective.coalition_id == membership.coalition_id)
    return dict(db.session.execute(rows).all())
