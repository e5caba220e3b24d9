"""Reads what stands in live tables: titles, the plan, and activities, each in a fixed number of queries."""

from collections import Counter
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from flask import current_app
from msgspec import Struct

from engage import tokens
from engage.coalitions.models import Membership
from engage.database import SelectedRow
from engage.extensions import db
from engage.plan import queries as plan_queries
from engage.plan.activities.models import Activity
from engage.plan.measures import queries as measures_queries
from engage.plan.measures.rules import MeasureFact
from engage.plan.models import Action
from engage.reports.tables.models import LiveTitle
from engage.reports.tables.rules import Title, TitleKind

_PURPOSE = "live title"
# All readings of a measure are read: there is at most one a day.
_ALL_READINGS = 10_000


class InPlan(Struct, frozen=True):
    """The current plan: its goals and objectives by id, its actions and measures in the plan's order."""

    goals: dict[int, Title]
    objectives: dict[int, Title]
    # The goal of each objective.
    goal_of: dict[int, int]
    actions: Sequence[SelectedRow]
    measures: Sequence[MeasureFact]


def in_plan(membership: Membership, *, readings: int = _ALL_READINGS) -> InPlan | None:
    """Reads the current plan in five queries; None if there is none. Small counts of measures are for its reader."""
    plan = plan_queries.current_plan(membership)
    if plan is None:
        return None
    goals: dict[int, Title] = {}
    for number, goal in enumerate(plan_queries.goals_of(membership, plan.id), 1):
        goals[goal.id] = Title(TitleKind.GOAL, goal.id, str(number), goal.title)
    objectives: dict[int, Title] = {}
    goal_of: dict[int, int] = {}
    within = Counter[int]()
    for each in plan_queries.objectives_of(membership, plan.id):
        within[each.goal_id] += 1
        place = f"{goals[each.goal_id].number}.{within[each.goal_id]}"
        objectives[each.id] = Title(TitleKind.OBJECTIVE, each.id, place, each.title)
        goal_of[each.id] = each.goal_id
    actions = sa.select(
        Action.id,
        Action.number,
        Action.title,
        Action.status,
        Action.start_on,
        Action.due_on,
        Action.done_on,
        Action.goal_id,
        Action.objective_id,
    ).where(Action.coalition_id == membership.coalition_id, Action.plan_id == plan.id)
    facts = measures_queries.measures_of(membership, most=readings)
    return InPlan(
        goals,
        objectives,
        goal_of,
        db.session.execute(actions.order_by(Action.number)).all(),
        [fact for key in objectives for fact in facts.get(key, ())],
    )


def activities(membership: Membership) -> Sequence[SelectedRow]:
    """Returns all activities of the coalition, oldest first."""
    rows = (
        sa.select(
            Activity.id,
            Activity.title,
            Activity.kind,
            Activity.state,
            Activity.happened_on,
            Activity.reached,
            Activity.hours,
            Activity.materials,
        )
        .where(Activity.coalition_id == membership.coalition_id)
        .order_by(Activity.happened_on, Activity.id)
    )
    return db.session.execute(rows).all()


def action_title(action: SelectedRow) -> Title:
    return Title(TitleKind.ACTION, action.id, str(action.number), action.title)


def measure_title(measure: MeasureFact) -> Title:
    return Title(TitleKind.MEASURE, measure.id, str(measure.id), measure.title)


def activity_title(activity: SelectedRow) -> Title:
    return Title(TitleKind.ACTIVITY, activity.id, str(activity.id), activity.title)


def titles_of(membership: Membership) -> list[Title]:
    """Returns every title that would stand in the tables today."""
    plan = in_plan(membership, readings=1)
    found: list[Title] = []
    if plan is not None:
        found += [*plan.goals.values(), *plan.objectives.values()]
        found += map(action_title, plan.actions)
        found += map(measure_title, plan.measures)
    return found + [activity_title(each) for each in activities(membership)]


# -- what was let through


def hash_of(text: str) -> str:
    return tokens.keyed(current_app.config["SECRET_KEY"], _PURPOSE, text)


def let_through(membership: Membership) -> set[str]:
    """Returns the hashes of the titles that stand in the tables."""
    rows = sa.select(LiveTitle.title_hash).where(LiveTitle.coalition_id == membership.coalition_id)
    return set(db.session.scalars(rows))


def waiting(titles: Iterable[Title], through: set[str]) -> list[Title]:
    """Returns the titles that came or changed since a coordinator last let titles through."""
    return [each for each in titles if hash_of(each.text) not in through]
