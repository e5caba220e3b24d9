"""Reads activities: what is planned and what was done, with how many people."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.database import Selection, along
from engage.extensions import db
from engage.partners.models import Organization
from engage.plan.activities.labels import KIND_LABELS, STATE_LABELS
from engage.plan.activities.models import Activity, ActivityAudience, ActivityHours, ActivityPartner
from engage.plan.activities.rules import ActivityKind, ActivityState, Audience, Totals
from engage.plan.measures.rules import FEWEST_SHOWN
from engage.plan.models import Action, Goal, Objective
from engage.web.lists import PAGE_ROWS, ListFilters, day_asked, enum_asked, key_asked, number_asked

Beside = TypeVar("Beside")


class ActivityLine(NamedTuple):
    """An activity in a list, with the action or goal that it belongs to, if any.

    The goal of its action or objective counts, too.
    """

    id: int
    state: ActivityState
    happened_on: date
    starts_at: datetime | None
    minutes: int | None
    kind: ActivityKind
    title: str
    place: str
    reached: int | None
    hours: float | None
    goal: str | None
    action_number: int | None
    action: str | None
    created_by_id: int | None
    writer: str | None
    audiences: tuple[Audience, ...] = ()

    @property
    def is_held(self) -> bool:
        return self.state is ActivityState.HELD

    @property
    def state_words(self) -> str:
        return str(STATE_LABELS[self.state])

    @property
    def kind_words(self) -> str:
        return str(KIND_LABELS[self.kind])

    @property
    def belongs(self) -> str:
        """Returns the title of the activity's action, else of its goal."""
        return self.action or self.goal or ""


class ActivityFilters(ListFilters, frozen=True):
    """The filters in the address; invalid values are ignored. Both days are part of the period."""

    since: date | None = day_asked()
    until: date | None = day_asked()
    state: ActivityState = enum_asked(ActivityState, ActivityState.HELD)
    kind: ActivityKind | None = enum_asked(ActivityKind)
    discipline: str = key_asked(lambda: {each.key for each in content().organization_disciplines()})
    goal: int | None = number_asked()


# -- reading

HANDED_OUT = sa.case((Activity.reached >= FEWEST_SHOWN, Activity.reached))
# An activity serves this goal directly or through its action or objective.
_GOAL = sa.func.coalesce(Activity.goal_id, Action.goal_id, Objective.goal_id)


def _conditions(filters: ActivityFilters) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [Activity.state == filters.state]
    if filters.since is not None:
        found.append(Activity.happened_on >= filters.since)
    if filters.until is not None:
        found.append(Activity.happened_on <= filters.until)
    if filters.kind is not None:
        found.append(Activity.kind == filters.kind)
    if filters.discipline:
        found.append(
            sa.exists().where(
                ActivityAudience.activity_id == Activity.id, ActivityAudience.discipline == filters.discipline
            )
        )
    if filters.goal is not None:
        found.append(_GOAL.is_not_distinct_from(filters.goal))
    return found


def totals_of(membership: Membership, filters: ActivityFilters) -> dict[ActivityKind, Totals]:
    """Returns the totals of the filtered activities by kind, in one query. Reports pass any dates.

    Activities that were not held count only if the filters ask for them.
    """
    rows: Selection = (
        sa.select(
            Activity.kind,
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(Activity.reached), 0),
            sa.func.coalesce(sa.func.sum(Activity.hours), 0.0),
            sa.func.coalesce(sa.func.sum(HANDED_OUT), 0),
        )
        .outerjoin(Action, along(Activity.action_id, Action))
        .outerjoin(Objective, along(Activity.objective_id, Objective))
        .where(Activity.coalition_id == membership.coalition_id, *_conditions(filters))
        .group_by(Activity.kind)
    )
    found = {
        kind: Totals(number, int(reached), float(hours), int(large))
        for kind, number, reached, hours, large in db.session.execute(rows)
    }
    return {kind: found[kind] for kind in ActivityKind if kind in found}


def activities_of(
    membership: Membership, filters: ActivityFilters, *, most: int | None = None, skip: int = 0
) -> list[ActivityLine]:
    """Returns the filtered activities: at most `most` after the first `skip`.

    The latest come first; planned ones come with the next one first.
    """
    return _lines(
        membership,
        *_conditions(filters),
        most=most,
        skip=skip,
        next_first=filters.state is ActivityState.PLANNED,
    )


def activities_of_goal(membership: Membership, goal_id: int) -> list[ActivityLine]:
    """Returns the goal's own activities and those of its actions, latest first."""
    return _lines(membership, _GOAL.is_not_distinct_from(goal_id))


def activities_of_action(membership: Membership, action_id: int) -> list[ActivityLine]:
    return _lines(membership, Activity.action_id == action_id)


_LINES: Selection = (
    sa.select(
        Activity.id,
        Activity.state,
        Activity.happened_on,
        Activity.starts_at,
        Activity.minutes,
        Activity.kind,
        Activity.title,
        Activity.place,
        Activity.reached,
        Activity.hours,
        Goal.title.label("goal"),
        Action.number.label("action_number"),
        Action.title.label("action"),
        Activity.created_by_id,
        Membership.name.label("writer"),
    )
    .outerjoin(Action, along(Activity.action_id, Action))
    .outerjoin(Objective, along(Activity.objective_id, Objective))
    .outerjoin(Goal, Goal.id == _GOAL)
    .outerjoin(Membership, along(Activity.created_by_id, Membership))
)
_LATEST_FIRST = (Activity.happened_on.desc(), Activity.id.desc())


def _lines(
    membership: Membership,
    *where: sa.ColumnElement[bool],
    most: int | None = None,
    skip: int = 0,
    next_first: bool = False,
) -> list[ActivityLine]:
    order = (Activity.happened_on, Activity.starts_at, Activity.id) if next_first else _LATEST_FIRST
    rows = _LINES.where(Activity.coalition_id == membership.coalition_id, *where).order_by(*order)
    found = [ActivityLine(**row._mapping) for row in db.session.execute(rows.limit(most).offset(skip))]
    audiences = _audiences(membership, [each.id for each in found]) if found else {}
    return [each._replace(audiences=tuple(audiences.get(each.id, ()))) for each in found]


def _audiences(membership: Membership, ids: Collection[int]) -> dict[int, list[Audience]]:
    """Returns the audiences of these activities, in one query; a long list of ids is not sent along."""
    rows = sa.select(
        ActivityAudience.activity_id, ActivityAudience.discipline, ActivityAudience.people
    ).where(ActivityAudience.coalition_id == membership.coalition_id)
    if len(ids) <= PAGE_ROWS:
        rows = rows.where(ActivityAudience.activity_id.in_(ids))
    found: dict[int, list[Audience]] = defaultdict(list)
    for activity_id, discipline, people in db.session.execute(rows.order_by(ActivityAudience.id)):
        found[activity_id].append(Audience(discipline, people))
    return found


def audiences_of(activity: Activity) -> tuple[Audience, ...]:
    """Returns the activity's audiences, in the order in which they were entered."""
    rows = (
        sa.select(ActivityAudience.discipline, ActivityAudience.people)
        .where(
            ActivityAudience.coalition_id == activity.coalition_id,
            ActivityAudience.activity_id == activity.id,
        )
        .order_by(ActivityAudience.id)
    )
    return tuple(Audience(**row._mapping) for row in db.session.execute(rows))


def partners_of(activity: Activity) -> list[tuple[int, str]]:
    """Returns the organizations with which the activity is held, as (id, name), by name, each once."""
    rows = (
        sa.select(Organization.id, Organization.name)
        .where(
            Organization.coalition_id == activity.coalition_id,
            sa.exists().where(
                ActivityPartner.activity_id == activity.id, ActivityPartner.organization_id == Organization.id
            ),
        )
        .order_by(Organization.sort_key, Organization.id)
    )
    return [(row.id, row.name) for row in db.session.execute(rows)]


def beside(model: type[Beside], activity: Activity, *, held: bool = False) -> Beside | None:
    """Returns the one row of an activity in `model`, such as its sign-up page; `held` locks it."""
    table: Any = model
    rows = sa.select(model).where(
        table.coalition_id == activity.coalition_id, table.activity_id == activity.id
    )
    if held:
        rows = rows.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(rows)


def activity_of(membership: Membership, activity_id: int) -> Activity | None:
    """Returns this coalition's activity with this id."""
    return db.session.scalar(
        sa.select(Activity).where(
            Activity.coalition_id == membership.coalition_id, Activity.id == activity_id
        )
    )


def hours_of(activity: Activity) -> list[tuple[int, str, float]]:
    """Returns who gave how many hours, as (id, name, hours), by name."""
    rows = (
        sa.select(Membership.id, Membership.name, ActivityHours.hours)
        .join(Membership, along(ActivityHours.membership_id, Membership))
        .where(ActivityHours.coalition_id == activity.coalition_id, ActivityHours.activity_id == activity.id)
        .order_by(Membership.sort_key, Membership.id)
    )
    return [(key, name, hours) for key, name, hours in db.session.execute(rows)]


# A list of suggestions has at most this many entries.
_WORDS_MOST = 60


def words_before(membership: Membership, column: InstrumentedAttribute[str]) -> list[str]:
    """Returns the values of this column in the coalition's earlier activities, each once."""
    rows = (
        sa.select(column)
        .where(Activity.coalition_id == membership.coalition_id, column != "")
        .distinct()
        .order_by(column)
        .limit(_WORDS_MOST)
    )
    return list(db.session.scalars(rows))


def any_activity(membership: Membership) -> bool:
    rows = sa.select(sa.exists().where(Activity.coalition_id == membership.coalition_id))
    return bool(db.session.scalar(rows))


def totals(lines: Sequence[ActivityLine]) -> Totals:
    """Adds up the activities in a short list that were held."""
    held = [each for each in lines if each.state is ActivityState.HELD]
    return Totals(
        len(held), sum(each.reached or 0 for each in held), round(sum(each.hours or 0 for each in held), 2)
    )
