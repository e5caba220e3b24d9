"""A goal once more, in the same plan or another, with its objectives, measures and actions: a handful of statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import aliased

from engage import clock, history
from engage.coalitions.models import Membership
from engage.coalitions.queries import active
from engage.coalitions.service import lock
from engage.database import along
from engage.errors import FieldRefused
from engage.extensions import db
from engage.plan import goal_copy_rules as rules
from engage.plan import parts, structure
from engage.plan.goal_copy_rules import Baseline, Shift, Start, Take
from engage.plan.models import Action, ActionHelper, Goal, Measure, Objective, Plan, Reading
from engage.plan.rules import OPEN, ActionStatus
from engage.plan.service import claim_open

# An action's own words. How it went, its updates and where it came from stay with the old one.
_TEXTS = ("title", "details", "resources_had", "resources_needed", "barriers", "inform")
OF_MEASURE = ("title", "kind", "number_kind", "unit", "direction", "target_value")


@dataclass(frozen=True, slots=True)
class Choices:
    """What goes along; `objectives` are ids of the goal's own. Actions of an objective go only with it."""

    title: str
    objectives: Collection[int]
    actions: Take
    shift: Shift
    keeps_people: bool
    keeps_needs: bool
    takes_measures: bool
    baseline: Baseline
    # The coalition's newest goal when the form was opened: a second press makes no second copy.
    newest: int | None = None


@dataclass(frozen=True, slots=True)
class Copied:
    goal: Goal
    objectives: int
    actions: int


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a goal holds: its objectives as (id, title), and how many of the rest. `needs` are the ties to needs, its
    own and its actions'."""

    objectives: list[tuple[int, str]]
    actions: int
    open: int
    measures: int
    needs: int


def inventory(goal: Goal) -> Inventory:
    """Four queries."""
    objectives = _objectives(goal)
    rows = (
        sa.select(Action.status, sa.func.count(), sa.func.count(Action.need_id))
        .where(Action.coalition_id == goal.coalition_id, Action.goal_id == goal.id)
        .group_by(Action.status)
    )
    counts = db.session.execute(rows).all()
    of_goal = sa.select(Objective.id).where(Objective.goal_id == goal.id)
    measures = sa.select(sa.func.count(Measure.id)).where(Measure.objective_id.in_(of_goal))
    return Inventory(
        objectives=[(each.id, each.title) for each in objectives],
        actions=sum(count for _status, count, _needs in counts),
        open=sum(count for status, count, _needs in counts if status in OPEN),
        measures=db.session.scalar(measures) or 0,
        needs=len(parts.needs_of_goal(goal)) + sum(needs for _status, _count, needs in counts),
    )


def _objectives(goal: Goal) -> Sequence[Objective]:
    rows = sa.select(Objective).where(
        Objective.coalition_id == goal.coalition_id, Objective.goal_id == goal.id
    )
    return db.session.scalars(rows.order_by(Objective.position, Objective.id)).all()


def copy(membership: Membership, goal: Goal, plan: Plan, choices: Choices) -> Copied:
    """The goal as it is now, as the plan's last. The number of statements does not depend on what it holds.

    Raises WrongState where the plan is closed, FieldRefused on `title` where it was copied since the form was opened.
    """
    lock(membership.coalition_id)
    claim_open(plan.id)
    _refuse_twice(plan, choices)
    made = structure.create_goal(membership, plan, title=choices.title, why=goal.why, area=goal.area)
    if choices.keeps_needs:
        structure.tie_needs(membership, made, set(parts.needs_of_goal(goal)))
    return _Copying(membership, goal, made, choices).copied()


def newest_goal(membership: Membership) -> int:
    """The id of the goal that was made last; 0 without one."""
    rows = sa.select(sa.func.max(Goal.id)).where(Goal.coalition_id == membership.coalition_id)
    return db.session.scalar(rows) or 0


def _refuse_twice(plan: Plan, choices: Choices) -> None:
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
                "Since you opened this page a goal of this name was added to that plan."
                " To copy it once more, choose another name."
            ),
        )


class _Copying:
    def __init__(self, membership: Membership, goal: Goal, made: Goal, choices: Choices) -> None:
        self._membership = membership
        self._goal = goal
        self._made = made
        self._choices = choices
        self._here = {"coalition_id": membership.coalition_id}

    def copied(self) -> Copied:
        objectives = [each for each in _objectives(self._goal) if each.id in self._choices.objectives]
        placed = self._add_objectives(objectives)
        if self._choices.takes_measures and placed:
            self._add_measures(placed)
        return Copied(self._made, len(objectives), self._add_actions(placed))

    def _add_objectives(self, objectives: Sequence[Objective]) -> dict[int, int]:
        """The copy's id by the old one's."""
        rows = [
            {
                **self._here,
                "goal_id": self._made.id,
                "position": position,
                "title": each.title,
                "measure": each.measure,
                "due_on": self._choices.shift.of(each.due_on),
            }
            for position, each in enumerate(objectives, 1)
        ]
        made = insert_rows(Objective, rows, Objective.position)
        placed = {each.id: made[position] for position, each in enumerate(objectives, 1)}
        self._note(Objective, placed.values())
        return placed

    def _add_measures(self, placed: dict[int, int]) -> None:
        now = clock.now()
        rows = []
        for measure, latest in measures_with_latest(self._membership.coalition_id, placed):
            baseline = Start(measure.baseline_value, measure.baseline_on)
            start = rules.start_of(self._choices.baseline, baseline, latest)
            target_on = self._choices.shift.of(measure.target_on)
            rows.append(
                {
                    **self._here,
                    **{name: getattr(measure, name) for name in OF_MEASURE},
                    "objective_id": placed[measure.objective_id],
                    "baseline_value": start.value,
                    "baseline_on": start.on,
                    "target_on": rules.target_day(target_on, start),
                    "created_at": now,
                }
            )
        if rows:
            insert = sa.insert(Measure).returning(Measure.id).execution_options(render_nulls=True)
            self._note(Measure, db.session.scalars(insert, rows).all())

    def _add_actions(self, placed: dict[int, int]) -> int:
        chosen = [
            action
            for action in self._actions()
            if rules.takes(self._choices.actions, action.status)
            and (action.objective_id is None or action.objective_id in placed)
        ]
        if not chosen:
            return 0
        people = self._people()
        first, now = parts.free_number(self._membership.coalition_id), clock.now()
        common = {
            **self._here,
            "plan_id": self._made.plan_id,
            "goal_id": self._made.id,
            "status": ActionStatus.NOT_STARTED,
            "created_at": now,
            "created_by_id": self._membership.id,
            "moved_at": now,
        }
        rows = [
            {
                **common,
                **{name: getattr(action, name) for name in _TEXTS},
                "number": first + n,
                "objective_id": placed.get(action.objective_id) if action.objective_id is not None else None,
                "owner_id": action.owner_id if action.owner_id in people else None,
                "organization_id": action.organization_id if self._choices.keeps_people else None,
                "start_on": self._choices.shift.of(action.start_on),
                "due_on": self._choices.shift.of(action.due_on),
                "need_id": action.need_id if self._choices.keeps_needs else None,
            }
            for n, action in enumerate(chosen)
        ]
        made = insert_rows(Action, rows, Action.number)
        self._add_helpers({action.id: made[first + n] for n, action in enumerate(chosen)}, people)
        return len(chosen)

    def _actions(self) -> Sequence[Action]:
        rows = sa.select(Action).where(
            Action.coalition_id == self._membership.coalition_id, Action.goal_id == self._goal.id
        )
        return db.session.scalars(rows.order_by(Action.number)).all()

    def _people(self) -> set[int]:
        """Who may lead and help: those who still take part; nobody where people stay with the old one."""
        if not self._choices.keeps_people:
            return set()
        rows = sa.select(Membership.id).where(
            Membership.coalition_id == self._membership.coalition_id, *active()
        )
        return set(db.session.scalars(rows))

    def _add_helpers(self, made: dict[int, int], people: set[int]) -> None:
        if not people:
            return
        of_goal = sa.select(Action.id).where(Action.goal_id == self._goal.id)
        helpers = sa.select(ActionHelper.action_id, ActionHelper.membership_id).where(
            ActionHelper.action_id.in_(of_goal)
        )
        by_action: dict[int, list[int]] = defaultdict(list)
        for action_id, person in db.session.execute(helpers.order_by(ActionHelper.id)):
            by_action[action_id].append(person)
        rows = [
            {**self._here, "action_id": key, "membership_id": person}
            for old, key in made.items()
            for person in by_action[old]
            if person in people
        ]
        if rows:
            db.session.execute(sa.insert(ActionHelper), rows)

    def _note(self, model: Any, ids: Iterable[int]) -> None:
        """As for what is added one by one; an action says itself when and by whom."""
        fields = ((key, "created") for key in ids)
        history.record_many(self._membership.coalition_id, self._membership.id, model.__tablename__, fields)


def measures_with_latest(
    coalition_id: int, objectives: Collection[int]
) -> list[tuple[Measure, Start | None]]:
    """The measures of these objectives, each with its latest reading; one query."""
    any_ = aliased(Reading)
    latest = (
        sa.select(sa.func.max(any_.taken_on))
        .where(any_.measure_id == Measure.id)
        .correlate(Measure)
        .scalar_subquery()
    )
    rows = (
        sa.select(Measure, Reading.value, Reading.taken_on)
        .outerjoin(Reading, sa.and_(along(Reading.measure_id, Measure), Reading.taken_on == latest))
        .where(Measure.coalition_id == coalition_id, Measure.objective_id.in_(objectives))
        .order_by(Measure.id)
    )
    return [
        (measure, Start(value, day) if day is not None else None)
        for measure, value, day in db.session.execute(rows)
    ]


def insert_rows(model: Any, rows: list[dict[str, Any]], key: Any) -> dict[Any, int]:
    """The new ids by a column that tells the rows apart; in one statement."""
    if not rows:
        return {}
    insert = sa.insert(model).returning(key, model.id).execution_options(render_nulls=True)
    return dict(db.session.execute(insert, rows).all())
