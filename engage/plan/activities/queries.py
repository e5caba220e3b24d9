"""Activities: what was done, with how many people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.database import along
from engage.extensions import db
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityKind, Totals
from engage.plan.measures.rules import FEWEST_SHOWN
from engage.plan.models import Action, Goal
from engage.web.lists import ListFilters, day_asked, enum_asked, key_asked, number_asked


class ActivityLine(NamedTuple):
    """An activity in a list, with what it belongs to: an action, a goal, or neither. An action's goal counts, too."""

    id: int
    happened_on: date
    kind: ActivityKind
    title: str
    discipline: str
    reached: int | None
    hours: float | None
    goal: str | None
    action_number: int | None
    action: str | None
    created_by_id: int | None
    writer: str | None


@dataclass(frozen=True, slots=True)
class Filters(ListFilters):
    """The filters in the address; wrong values are left out. Both days are part of the span."""

    since: date | None = day_asked()
    until: date | None = day_asked()
    kind: ActivityKind | None = enum_asked(ActivityKind)
    discipline: str = key_asked(lambda: {each.key for each in content().organization_disciplines()})
    goal: int | None = number_asked()


# -- reading

HANDED_OUT = sa.case((Activity.reached >= FEWEST_SHOWN, Activity.reached))


def _conditions(filters: Filters) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if filters.since is not None:
        found.append(Activity.happened_on >= filters.since)
    if filters.until is not None:
        found.append(Activity.happened_on <= filters.until)
    if filters.kind is not None:
        found.append(Activity.kind == filters.kind)
    if filters.discipline:
        found.append(Activity.discipline == filters.discipline)
    if filters.goal is not None:
        found.append(sa.func.coalesce(Activity.goal_id, Action.goal_id) == filters.goal)
    return found


def totals_of(membership: Membership, filters: Filters) -> dict[ActivityKind, Totals]:
    """Returns the totals of the filtered activities by kind, in one query. Reports ask for any dates."""
    rows: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Activity.kind,
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(Activity.reached), 0),
            sa.func.coalesce(sa.func.sum(Activity.hours), 0.0),
            sa.func.coalesce(sa.func.sum(HANDED_OUT), 0),
        )
        .outerjoin(Action, along(Activity.action_id, Action))
        .where(Activity.coalition_id == membership.coalition_id, *_conditions(filters))
        .group_by(Activity.kind)
    )
    found = {
        kind: Totals(number, int(reached), float(hours), int(large))
        for kind, number, reached, hours, large in db.session.execute(rows)
    }
    return {kind: found[kind] for kind in ActivityKind if kind in found}


def activities_of(
    membership: Membership, filters: Filters, *, most: int | None = None, skip: int = 0
) -> list[ActivityLine]:
    """Returns the filtered activities, latest first: at most `most` after the first `skip`, in one query."""
    return _lines(membership, *_conditions(filters), most=most, skip=skip)


def activities_of_goal(membership: Membership, goal_id: int) -> list[ActivityLine]:
    """Returns the goal's own activities and those of its actions, latest first."""
    return activities_of(membership, Filters(goal=goal_id))


def activities_of_action(membership: Membership, action_id: int) -> list[ActivityLine]:
    return _lines(membership, Activity.action_id == action_id)


def _lines(
    membership: Membership, *where: sa.ColumnElement[bool], most: int | None = None, skip: int = 0
) -> list[ActivityLine]:
    rows: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Activity.id,
            Activity.happened_on,
            Activity.kind,
            Activity.title,
            Activity.discipline,
            Activity.reached,
            Activity.hours,
            Goal.title,
            Action.number,
            Action.title,
            Activity.created_by_id,
            Membership.name,
        )
        .outerjoin(Action, along(Activity.action_id, Action))
        .outerjoin(Goal, Goal.id == sa.func.coalesce(Activity.goal_id, Action.goal_id))
        .outerjoin(Membership, along(Activity.created_by_id, Membership))
        .where(Activity.coalition_id == membership.coalition_id, *where)
        .order_by(Activity.happened_on.desc(), Activity.id.desc())
        .limit(most)
        .offset(skip)
    )
    return [ActivityLine(*row) for row in db.session.execute(rows)]


def activity_of(membership: Membership, activity_id: int) -> Activity | None:
    """Returns this coalition's activity with this id."""
    return db.session.scalar(
        sa.select(Activity).where(
            Activity.coalition_id == membership.coalition_id, Activity.id == activity_id
        )
    )


def any_activity(membership: Membership) -> bool:
    rows = sa.select(sa.exists().where(Activity.coalition_id == membership.coalition_id))
    return bool(db.session.scalar(rows))


def totals(lines: Sequence[ActivityLine]) -> Totals:
    """Adds up a short list of activities."""
    return Totals(
        len(lines), sum(each.reached or 0 for each in lines), round(sum(each.hours or 0 for each in lines), 2)
    )
