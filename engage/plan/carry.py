"""The next plan, started from one that is there: what goes on in it and why, in a handful of statements."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from engage import clock, history
from engage.coalitions.models import Membership
from engage.coalitions.queries import active
from engage.coalitions.service import lock
from engage.database import along
from engage.errors import WrongState
from engage.extensions import db
from engage.plan import goal_copy_rules as copy_rules
from engage.plan import parts, structure
from engage.plan.carry_rules import Choice, Chosen, Span, target_day
from engage.plan.goal_copy import OF_MEASURE, insert_rows, measures_with_latest
from engage.plan.goal_copy_rules import Baseline, Start
from engage.plan.models import (
    Action,
    ActionAgreement,
    ActionCarried,
    ActionHelper,
    Goal,
    GoalCarried,
    GoalNeed,
    Measure,
    Objective,
    ObjectiveCarried,
    Plan,
    Repeat,
)
from engage.plan.repeats import CARRIED
from engage.plan.rules import OPEN, ActionStatus, PlanStatus


@dataclass(frozen=True, slots=True)
class OpenAction:
    """An open action that could go on."""

    number: int
    title: str
    status: ActionStatus
    due_on: date | None
    goal_id: int | None
    objective_id: int | None
    owner: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a plan holds that could go on in the next one. `repeating` go on by themselves, as (number, title)."""

    goals: Sequence[Goal]
    objectives: Sequence[Objective]
    actions: Sequence[OpenAction]
    repeating: Sequence[tuple[int, str]]


# A series that goes on: a copy of its action would double it.
_REPEATS = sa.exists().where(Repeat.id == Action.repeat_id, Repeat.next_on.is_not(None))


def _open_in(plan: Plan) -> tuple[sa.ColumnElement[bool], ...]:
    return Action.coalition_id == plan.coalition_id, Action.plan_id == plan.id, Action.status.in_(OPEN)


def inventory(membership: Membership, plan: Plan) -> Inventory:
    """Three queries."""
    rows = (
        sa.select(
            Action.number,
            Action.title,
            Action.status,
            Action.due_on,
            Action.goal_id,
            Action.objective_id,
            sa.func.coalesce(Membership.name, ""),
            _REPEATS,
        )
        .outerjoin(Membership, along(Action.owner_id, Membership))
        .where(*_open_in(plan))
        .order_by(Action.number)
    )
    actions: list[OpenAction] = []
    repeating: list[tuple[int, str]] = []
    for row in db.session.execute(rows):
        action = OpenAction(*row[:-1])
        if row[-1]:
            repeating.append((action.number, action.title))
        else:
            actions.append(action)
    return Inventory(
        parts.goals_of(membership, plan.id), parts.objectives_of(membership, plan.id), actions, repeating
    )


def check_start(membership: Membership, plan: Plan) -> None:
    """Raises WrongState where no plan can be started from this one now."""
    if plan.status is PlanStatus.DRAFT:
        raise WrongState(
            _("This plan is a draft itself. Adopt it first; then the next one can start from it.")
        )
    draft = next((each for each in parts.plans_of(membership) if each.status is PlanStatus.DRAFT), None)
    if draft is not None:
        raise WrongState(
            _(
                "There is already a draft: %(title)s. Adopt it or close it before you start another.",
                title=draft.title,
            )
        )


def start_next(
    membership: Membership, old: Plan, title: str, span: Span, chosen: Chosen, baseline: Baseline
) -> Plan:
    """A draft with what was chosen of the old plan, which stays as it is. An objective of a goal that stays behind
    stays behind, too; an action then arrives under the goal, or under none.

    All or nothing, in a number of statements that does not grow. Raises WrongState.
    """
    lock(membership.coalition_id)
    check_start(membership, old)
    plan = structure.start_draft(membership, title=title, starts_on=span.starts_on, ends_on=span.ends_on)
    _Carrying(membership, old, plan, span, chosen, baseline).carry()
    return plan


class _Carrying:
    def __init__(
        self,
        membership: Membership,
        old: Plan,
        plan: Plan,
        span: Span,
        chosen: Chosen,
        baseline: Baseline,
    ) -> None:
        self._membership = membership
        self._old = old
        self._plan = plan
        self._span = span
        self._chosen = chosen
        self._baseline = baseline
        self._here = {"coalition_id": membership.coalition_id}
        self._now = clock.now()
        self._today = clock.today(membership.coalition.time_zone)

    def carry(self) -> None:
        goals = self._carry_goals()
        objectives = self._carry_objectives(goals)
        self._carry_measures(objectives)
        self._carry_actions(goals, objectives)

    # -- goals and objectives

    def _carry_goals(self) -> dict[int, int]:
        """The new goal's id by the old one's."""
        old = [
            each for each in parts.goals_of(self._membership, self._old.id) if each.id in self._chosen.goals
        ]
        rows = [
            {
                **self._here,
                "plan_id": self._plan.id,
                "position": position,
                "title": each.title,
                "why": each.why,
                "area": each.area,
            }
            for position, each in enumerate(old, 1)
        ]
        made = insert_rows(Goal, rows, Goal.position)
        placed = {each.id: made[position] for position, each in enumerate(old, 1)}
        self._tie(GoalCarried, "goal_id", placed, self._chosen.goals)
        self._note(Goal, placed.values())
        self._carry_needs(placed)
        return placed

    def _carry_needs(self, placed: Mapping[int, int]) -> None:
        ties = sa.select(GoalNeed.goal_id, GoalNeed.need_id).where(GoalNeed.goal_id.in_(placed))
        self._insert(
            GoalNeed,
            [
                {"goal_id": placed[goal_id], "need_id": need_id}
                for goal_id, need_id in db.session.execute(ties.order_by(GoalNeed.id))
            ],
        )

    def _carry_objectives(self, goals: Mapping[int, int]) -> dict[int, int]:
        old = [
            each
            for each in parts.objectives_of(self._membership, self._old.id)
            if each.id in self._chosen.objectives and each.goal_id in goals
        ]
        rows = [
            {
                **self._here,
                "goal_id": goals[each.goal_id],
                "position": position,
                "title": each.title,
                "measure": each.measure,
                "due_on": self._span.keeps(each.due_on, self._today),
            }
            for position, each in enumerate(old, 1)
        ]
        made = insert_rows(Objective, rows, Objective.position)
        placed = {each.id: made[position] for position, each in enumerate(old, 1)}
        self._tie(ObjectiveCarried, "objective_id", placed, self._chosen.objectives)
        self._note(Objective, placed.values())
        return placed

    def _carry_measures(self, objectives: Mapping[int, int]) -> None:
        rows = []
        for measure, latest in measures_with_latest(self._membership.coalition_id, objectives):
            before = Start(measure.baseline_value, measure.baseline_on)
            start = copy_rules.start_of(self._baseline, before, latest)
            rows.append(
                {
                    **self._here,
                    **{name: getattr(measure, name) for name in OF_MEASURE},
                    "objective_id": objectives[measure.objective_id],
                    "baseline_value": start.value,
                    "baseline_on": start.on,
                    "target_on": target_day(measure.target_value, measure.target_on, start, self._span),
                    "created_at": self._now,
                }
            )
        if rows:
            insert = sa.insert(Measure).returning(Measure.id).execution_options(render_nulls=True)
            self._note(Measure, db.session.scalars(insert, rows).all())

    # -- actions

    def _carry_actions(self, goals: Mapping[int, int], objectives: Mapping[int, int]) -> None:
        rows = sa.select(Action).where(*_open_in(self._old), sa.not_(_REPEATS)).order_by(Action.number)
        old = [each for each in db.session.scalars(rows) if each.number in self._chosen.actions]
        if not old:
            return
        people = self._people()
        first = parts.free_number(self._membership.coalition_id)
        made = insert_rows(
            Action,
            [self._action(each, first + n, goals, objectives, people) for n, each in enumerate(old)],
            Action.number,
        )
        placed = {each.id: made[first + n] for n, each in enumerate(old)}
        numbers = {each.id: each.number for each in old}
        choices = {key: self._chosen.actions[numbers[key]] for key in placed}
        self._tie(ActionCarried, "action_id", placed, choices)
        self._carry_ties(placed, people)

    def _action(
        self,
        old: Action,
        number: int,
        goals: Mapping[int, int],
        objectives: Mapping[int, int],
        people: Collection[int],
    ) -> dict[str, Any]:
        return {
            **self._here,
            **{name: getattr(old, name) for name in CARRIED},
            "number": number,
            "plan_id": self._plan.id,
            "goal_id": goals.get(old.goal_id) if old.goal_id is not None else None,
            "objective_id": objectives.get(old.objective_id) if old.objective_id is not None else None,
            "status": old.status,
            "reason": old.reason,
            "owner_id": old.owner_id if old.owner_id in people else None,
            "start_on": self._span.keeps(old.start_on, self._today),
            "due_on": self._span.keeps(old.due_on, self._today),
            "created_at": self._now,
            "created_by_id": self._membership.id,
            "moved_at": self._now,
        }

    def _people(self) -> set[int]:
        """Who still takes part: nothing new is put on who has left."""
        rows = sa.select(Membership.id).where(
            Membership.coalition_id == self._membership.coalition_id, *active()
        )
        return set(db.session.scalars(rows))

    def _carry_ties(self, placed: Mapping[int, int], people: Collection[int]) -> None:
        """Who helps, and the agreements that ask for it."""
        # By the plan, not by a thousand ids.
        of_plan = sa.select(Action.id).where(*_open_in(self._old))
        helpers = sa.select(ActionHelper.action_id, ActionHelper.membership_id).where(
            ActionHelper.action_id.in_(of_plan)
        )
        self._insert(
            ActionHelper,
            [
                {"action_id": placed[key], "membership_id": person}
                for key, person in db.session.execute(helpers.order_by(ActionHelper.id))
                if key in placed and person in people
            ],
        )
        agreements = sa.select(
            ActionAgreement.action_id, ActionAgreement.agreement_id, ActionAgreement.renews_end_on
        ).where(ActionAgreement.action_id.in_(of_plan))
        self._insert(
            ActionAgreement,
            [
                {"action_id": placed[key], "agreement_id": agreement, "renews_end_on": day}
                for key, agreement, day in db.session.execute(agreements.order_by(ActionAgreement.id))
                if key in placed
            ],
        )

    # -- all of them

    def _tie(self, model: Any, column: str, placed: Mapping[int, int], choices: Mapping[int, Choice]) -> None:
        """The reason of each, with what it came from."""
        self._insert(
            model,
            [
                {column: new, "from_id": old, "why": choices[old].why, "reason": choices[old].reason}
                for old, new in placed.items()
            ],
        )

    def _insert(self, model: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            insert = sa.insert(model).execution_options(render_nulls=True)
            db.session.execute(insert, [{**self._here, **row} for row in rows])

    def _note(self, model: Any, ids: Iterable[int]) -> None:
        """As for what is added one by one; an action says itself when and by whom."""
        fields = ((key, "created") for key in ids)
        history.record_many(self._membership.coalition_id, self._membership.id, model.__tablename__, fields)
