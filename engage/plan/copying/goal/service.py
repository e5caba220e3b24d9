"""Copies a goal into the same or another plan, with its objectives, measures and actions, in a few statements."""

from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.errors import FieldRefused
from engage.extensions import db
from engage.i18n import gettext as _
from engage.plan import queries
from engage.plan.copying import rules as copying_rules
from engage.plan.copying.rules import Baseline, Shift, Start, Take
from engage.plan.copying.service import Copier
from engage.plan.goals import service as goals_service
from engage.plan.measures.models import Measure
from engage.plan.models import Action, Goal, Objective, Plan
from engage.plan.rules import OPEN, ActionStatus
from engage.plan.service import claim_open

# These are an action's own words. Its progress, updates and origin stay with the old action.
_TEXTS = ("title", "details", "resources_had", "resources_needed", "barriers", "inform")


class CopyChoices(Struct, frozen=True):
    """The choice of what to copy. `objectives` are ids; an objective's actions are copied only with it."""

    title: str
    objectives: Collection[int]
    actions: Take
    shift: Shift
    keeps_people: bool
    keeps_needs: bool
    takes_measures: bool
    baseline: Baseline
    # This was the coalition's newest goal when the form was opened, so that a second press makes no second copy.
    newest: int | None = None


class Copied(Struct, frozen=True):
    goal: Goal
    objectives: int
    actions: int


class GoalInventory(Struct, frozen=True):
    """The contents of a goal: its objectives as (id, title), and counts of the rest.

    `needs` counts the links of the goal and of its actions.
    """

    objectives: list[tuple[int, str]]
    actions: int
    open: int
    measures: int
    needs: int


def inventory(goal: Goal) -> GoalInventory:
    """Reads the goal's contents, in four queries."""
    objectives = _objectives(goal)
    rows = (
        sa.select(Action.status, sa.func.count(), sa.func.count(Action.need_id))
        .where(Action.coalition_id == goal.coalition_id, Action.goal_id == goal.id)
        .group_by(Action.status)
    )
    counts = db.session.execute(rows).all()
    of_goal = sa.select(Objective.id).where(Objective.goal_id == goal.id)
    measures = sa.select(sa.func.count(Measure.id)).where(Measure.objective_id.in_(of_goal))
    return GoalInventory(
        objectives=[(each.id, each.title) for each in objectives],
        actions=sum(count for _status, count, _needs in counts),
        open=sum(count for status, count, _needs in counts if status in OPEN),
        measures=db.session.scalar(measures) or 0,
        needs=len(queries.needs_of_goal(goal)) + sum(needs for _status, _count, needs in counts),
    )


def _objectives(goal: Goal) -> Sequence[Objective]:
    rows = sa.select(Objective).where(
        Objective.coalition_id == goal.coalition_id, Objective.goal_id == goal.id
    )
    return db.session.scalars(rows.order_by(Objective.position, Objective.id)).all()


def copy(membership: Membership, goal: Goal, plan: Plan, choices: CopyChoices) -> Copied:
    """Copies the goal as it is now to the end of the plan, in a fixed number of statements.

    Raises WrongState if the plan is closed, and FieldRefused on `title` if it was copied since the form was
    opened.
    """
    lock(membership.coalition_id)
    claim_open(plan.id)
    _refuse_twice(plan, choices)
    values = {"title": choices.title, "why": goal.why, "area": goal.area, "group_id": goal.group_id}
    made = goals_service.create_goal(membership, plan, values)
    if choices.keeps_needs:
        goals_service.link_needs(membership, made, set(queries.needs_of_goal(goal)))
    return _copied(membership, goal, made, plan, choices)


def newest_goal(membership: Membership) -> int:
    """Returns the id of the goal that was made last, or 0 if there is none."""
    rows = sa.select(sa.func.max(Goal.id)).where(Goal.coalition_id == membership.coalition_id)
    return db.session.scalar(rows) or 0


def _refuse_twice(plan: Plan, choices: CopyChoices) -> None:
    if choices.newest is None:
        return
    since = sa.exists().where(
        Goal.coalition_id == plan.coalition_id,
        Goal.plan_id == plan.id,
        Goal.id > choices.newest,
        Goal.title == choices.title,
    )
    if db.session.scalar(sa.select(since)):
        raise FieldRefused(
            "title",
            _(
                "A goal with this name was added to that plan after you opened this page. To copy it "
                "again, choose another name."
            ),
        )


def _copied(membership: Membership, goal: Goal, made: Goal, plan: Plan, choices: CopyChoices) -> Copied:
    """Fills the new goal with the chosen parts of the old goal."""
    copier = Copier(membership, plan, choices.shift.of)
    goals = {goal.id: made.id}
    objectives = [each for each in _objectives(goal) if each.id in choices.objectives]
    placed = copier.objectives(objectives, goals)
    if choices.takes_measures and placed:
        copier.measures(placed, choices.baseline, lambda measure, start: _target_day(measure, start, choices))
    chosen = [
        action
        for action in _actions(goal)
        if copying_rules.takes(choices.actions, action.status)
        and (action.objective_id is None or action.objective_id in placed)
    ]
    people = copier.people() if chosen and choices.keeps_people else set()
    actions = copier.actions(chosen, goals, placed, people, lambda action: _kept(action, choices))
    if people:
        copier.helpers(actions, sa.select(Action.id).where(Action.goal_id == goal.id), people)
    return Copied(made, len(objectives), len(chosen))


def _target_day(measure: Measure, start: Start, choices: CopyChoices) -> date | None:
    return copying_rules.target_day(choices.shift.of(measure.target_on), start)


def _kept(action: Action, choices: CopyChoices) -> dict[str, object]:
    return {
        **{name: getattr(action, name) for name in _TEXTS},
        "status": ActionStatus.NOT_STARTED,
        "organization_id": action.organization_id if choices.keeps_people else None,
        "need_id": action.need_id if choices.keeps_needs else None,
    }


def _actions(goal: Goal) -> Sequence[Action]:
    rows = sa.select(Action).where(Action.coalition_id == goal.coalition_id, Action.goal_id == goal.id)
    return db.session.scalars(rows.order_by(Action.number)).all()
