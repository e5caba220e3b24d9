"""Counts what funders ask for over any dates. It returns only totals: nothing here names or describes a person."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased

from engage import clock
from engage.coalitions.models import Membership
from engage.coalitions.rules import PersonState, Role
from engage.database import SelectedRow, Selection, along
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.models import Attendance, Meeting
from engage.meetings.rules import MeetingKind, Mode
from engage.plan.models import Action, Goal, Objective, Plan
from engage.plan.rules import ActionStatus, PlanStatus
from engage.reports.rules.periods import Period

_HERE: sa.BindParameter[int] = sa.bindparam("coalition_id")


def _moment(name: str) -> sa.BindParameter[datetime]:
    return sa.bindparam(name, type_=Meeting.starts_at.type)


def _moments(membership: Membership, period: Period) -> dict[str, object]:
    """Returns the period's first moment and the first moment after it; future meetings do not count as held."""
    zone = membership.coalition.time_zone
    end = clock.start_of_day(period.until + timedelta(days=1), zone)
    begin = clock.start_of_day(period.since, zone)
    return {"coalition_id": membership.coalition_id, "begin": begin, "end": min(end, clock.now())}


# -- meetings

_IN_PERIOD = (Meeting.starts_at >= _moment("begin"), Meeting.starts_at < _moment("end"))
_PRESENT = Attendance.mode != Mode.EXCUSED
_CAME = sa.exists().where(Attendance.meeting_id == Meeting.id, Attendance.coalition_id == _HERE, _PRESENT)
# A meeting is not held because its day has passed: someone must have recorded attendance, or closed it.
_WAS_HELD = sa.or_(Meeting.closed_at.is_not(None), _CAME.correlate(Meeting))


@cache
def _meetings() -> Selection:
    return (
        sa.select(Meeting.kind, sa.func.count().filter(_WAS_HELD), sa.func.count())
        .where(Meeting.coalition_id == _HERE, *_IN_PERIOD)
        .group_by(Meeting.kind)
    )


@cache
def _attended() -> Selection:
    return (
        sa.select(
            Meeting.id,
            Meeting.kind,
            Attendance.sector,
            Attendance.organization_id,
            sa.func.count(),
        )
        .join(Meeting, along(Attendance.meeting_id, Meeting))
        .where(Attendance.coalition_id == _HERE, _PRESENT, *_IN_PERIOD)
        .group_by(Meeting.id, Meeting.kind, Attendance.sector, Attendance.organization_id)
    )


@cache
def _once() -> Selection:
    return (
        sa.select(
            sa.func.count(sa.distinct(Attendance.membership_id)),
            sa.func.count().filter(Attendance.membership_id.is_(None)),
        )
        .join(Meeting, along(Attendance.meeting_id, Meeting))
        .where(Attendance.coalition_id == _HERE, _PRESENT, *_IN_PERIOD)
    )


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
    # A member counts once, however often they came; a guest counts each time.
    people: int
    guests: int
    # These have begun, but no one recorded attendance or closed them.
    unrecorded: int

    @property
    def all_held(self) -> int:
        return sum(self.held.values())

    @property
    def all_came(self) -> int:
        return sum(self.came.values())


def meetings(membership: Membership, period: Period) -> MeetingCounts:
    """Counts meetings, in three queries."""
    asked = _moments(membership, period)
    held: dict[MeetingKind, int] = {}
    unrecorded = 0
    for kind, count, begun in db.session.execute(_meetings(), asked):
        unrecorded += begun - count
        if count:
            held[kind] = count
    came: Counter[MeetingKind] = Counter()
    attendances: Counter[str] = Counter()
    at: dict[str, set[int]] = defaultdict(set)
    organizations: set[int] = set()
    for meeting_id, kind, sector, organization_id, count in db.session.execute(_attended(), asked):
        came[kind] += count
        attendances[sector] += count
        at[sector].add(meeting_id)
        organizations |= {organization_id} if organization_id is not None else set()
    sectors = {key: Presence(count, len(at[key])) for key, count in attendances.items()}
    once_each, guests = db.session.execute(_once(), asked).one()
    return MeetingCounts(held, came, sectors, frozenset(organizations), once_each, guests, unrecorded)


# -- people
@cache
def _people() -> Selection:
    return sa.select(Membership.joined_at, Membership.left_on).where(
        Membership.coalition_id == _HERE, Membership.approved_at.is_not(None), Membership.role != Role.VIEWER
    )


@cache
def _changes_of_returned() -> Selection:
    """Selects the changes of state of people who left and came back, because their place keeps only the last stay."""
    entry, back = HistoryEntry, aliased(HistoryEntry)
    states = (entry.coalition_id == _HERE, entry.thing == Membership.__tablename__, entry.field == "state")
    came_back = sa.exists().where(
        back.coalition_id == _HERE,
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
    asked = {"coalition_id": membership.coalition_id}
    for happened_at, old, new in db.session.execute(_changes_of_returned(), asked):
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
    rows = db.session.execute(_people(), {"coalition_id": membership.coalition_id})
    stays = [(clock.local_day(joined_at, zone), left_on) for joined_at, left_on in rows]
    before = joined = left = after = 0
    for day, left_on in (*stays, *_earlier_stays(membership)):
        before += day < period.since and (left_on is None or left_on >= period.since)
        joined += period.has(day)
        left += period.has(left_on)
        after += day <= period.until and (left_on is None or left_on > period.until)
    return PeopleCounts(before, joined, left, after)


# -- the plan

# The value is written out, because PostgreSQL takes two parameters for two different groupings.
_AREA: sa.ColumnElement[str] = sa.func.coalesce(Goal.area, sa.literal_column("''"))


@cache
def _open_plans() -> Selection:
    return sa.select(Plan.id).where(Plan.coalition_id == _HERE, Plan.status != PlanStatus.CLOSED)


# The first step groups by goal within an index, so that no action's row is read.
_BY_GOAL = (
    sa.select(Action.coalition_id, Action.goal_id, Action.status, sa.func.count().label("actions"))
    .where(Action.coalition_id == _HERE, Action.plan_id.in_(_open_plans()))
    .group_by(Action.coalition_id, Action.goal_id, Action.status)
    .subquery()
)
_COUNTED = aliased(Action, _BY_GOAL)


@cache
def _actions() -> Selection:
    return (
        sa.select(_AREA, _COUNTED.status, sa.func.sum(_BY_GOAL.c.actions))
        .select_from(_COUNTED)
        .outerjoin(Goal, along(_COUNTED.goal_id, Goal))
        .group_by(_AREA, _COUNTED.status)
    )


@cache
def _done_sometime() -> Selection:
    return sa.select(sa.func.count()).where(
        Action.coalition_id == _HERE, Action.status == ActionStatus.DONE, Action.done_on.is_(None)
    )


@cache
def _objectives() -> Selection:
    return sa.select(Objective.id, Objective.title).where(Objective.coalition_id == _HERE)


def actions(membership: Membership) -> dict[str, dict[ActionStatus, int]]:
    """Counts the current actions of open plans, by focus area and status, in one query.

    The area is a key, or "" for several areas or none.
    """
    found: dict[str, dict[ActionStatus, int]] = defaultdict(dict)
    for area, status, count in db.session.execute(_actions(), {"coalition_id": membership.coalition_id}):
        found[area][status] = int(count)  # PostgreSQL adds up to a decimal
    return dict(found)


def done_sometime(membership: Membership) -> int:
    """Counts actions that were done on an unknown day, and so are in no period."""
    return db.session.scalar(_done_sometime(), {"coalition_id": membership.coalition_id}) or 0


def objective_titles(membership: Membership) -> dict[int, str]:
    rows: Sequence[SelectedRow] = db.session.execute(
        _objectives(), {"coalition_id": membership.coalition_id}
    ).all()
    return dict(rows)
