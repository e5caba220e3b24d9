"""Starts the next plan from an existing one: what continues in it and why, in a small number of statements."""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from msgspec import Struct

from engage import clock
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.database import Selection, along
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.plan import queries
from engage.plan.carryover.models import ActionCarryover, GoalCarryover, ObjectiveCarryover
from engage.plan.copying.next_plan.rules import CarryChoice, Chosen, PlanSpan, target_day
from engage.plan.copying.rules import Baseline, Start
from engage.plan.copying.service import Copier, Placed
from engage.plan.measures.models import Measure
from engage.plan.models import Action, ActionAgreement, Goal, GoalNeed, Objective, Plan
from engage.plan.plans import service as plans_service
from engage.plan.repeats.models import Repeat
from engage.plan.repeats.service import CARRIED
from engage.plan.rules import OPEN, ActionStatus, PlanStatus


class OpenAction(Struct, frozen=True):
    """An open action that could continue in the next plan."""

    number: int
    title: str
    status: ActionStatus
    due_on: date | None
    goal_id: int | None
    objective_id: int | None
    owner: str


class PlanInventory(Struct, frozen=True):
    """The parts of a plan that could continue in the next one. `repeating` actions do so anyway, as (number, title)."""

    goals: Sequence[Goal]
    objectives: Sequence[Objective]
    actions: Sequence[OpenAction]
    repeating: Sequence[tuple[int, str]]


# A series continues by itself, so a copy of its action would double it.
_REPEATS = sa.exists().where(Repeat.id == Action.repeat_id, Repeat.next_on.is_not(None))


def _open_in(plan: Plan) -> tuple[sa.ColumnElement[bool], ...]:
    return Action.coalition_id == plan.coalition_id, Action.plan_id == plan.id, Action.status.in_(OPEN)


def inventory(membership: Membership, plan: Plan) -> PlanInventory:
    """Reads the parts that could continue, in three queries."""
    rows = (
        sa.select(
            Action.number,
            Action.title,
            Action.status,
            Action.due_on,
            Action.goal_id,
            Action.objective_id,
            sa.func.coalesce(Membership.name, "").label("owner"),
            _REPEATS.label("repeats"),
        )
        .outerjoin(Membership, along(Action.owner_id, Membership))
        .where(*_open_in(plan))
        .order_by(Action.number)
    )
    actions: list[OpenAction] = []
    repeating: list[tuple[int, str]] = []
    for row in db.session.execute(rows):
        values = dict(row._mapping)
        if values.pop("repeats"):
            repeating.append((row.number, row.title))
        else:
            actions.append(OpenAction(**values))
    return PlanInventory(
        queries.goals_of(membership, plan.id), queries.objectives_of(membership, plan.id), actions, repeating
    )


def check_start(membership: Membership, plan: Plan) -> None:
    """Raises WrongState if no plan can be started from this one now."""
    if plan.status is PlanStatus.DRAFT:
        raise WrongState(
            _("This plan is still a draft. Adopt it first; then you can start the next one from it.")
        )
    draft = next((each for each in queries.plans_of(membership) if each.status is PlanStatus.DRAFT), None)
    if draft is not None:
        raise WrongState(
            _(
                "There is already a draft: %(title)s. Adopt it or close it before you start another.",
                title=draft.title,
            )
        )


def start_next(
    membership: Membership, old: Plan, title: str, span: PlanSpan, chosen: Chosen, baseline: Baseline
) -> Plan:
    """Starts a draft with the chosen parts of the old plan, which stays as it is.

    An objective stays behind with its goal; its chosen actions then arrive under the goal, or under none. It
    writes everything or nothing, in a fixed number of statements. Raises WrongState.
    """
    lock(membership.coalition_id)
    check_start(membership, old)
    plan = plans_service.start_draft(membership, title=title, starts_on=span.starts_on, ends_on=span.ends_on)
    _Carrying(membership, old, plan, span, chosen, baseline).carry()
    return plan


class _Carrying:
    def __init__(
        self,
        membership: Membership,
        old: Plan,
        plan: Plan,
        span: PlanSpan,
        chosen: Chosen,
        baseline: Baseline,
    ) -> None:
        self._membership = membership
        self._old = old
        self._plan = plan
        self._span = span
        self._chosen = chosen
        self._baseline = baseline
        today = clock.today(membership.coalition.time_zone)
        self._copier = Copier(membership, plan, lambda day: span.keeps(day, today))

    def carry(self) -> None:
        goals = self._carry_goals()
        objectives = self._carry_objectives(goals)
        self._copier.measures(objectives, self._baseline, self._target_day)
        self._carry_actions(goals, objectives)

    def _carry_goals(self) -> Placed:
        """Returns the new goals' ids by the old ones."""
        goals = queries.goals_of(self._membership, self._old.id)
        placed = self._copier.in_order(
            Goal,
            [each for each in goals if each.id in self._chosen.goals],
            lambda each: {
                "plan_id": self._plan.id,
                "title": each.title,
                "why": each.why,
                "area": each.area,
                "group_id": each.group_id,
            },
        )
        self._link(GoalCarryover, "goal_id", placed, self._chosen.goals)
        self._carry_needs(placed)
        return placed

    def _carry_needs(self, placed: Placed) -> None:
        links = sa.select(GoalNeed.goal_id, GoalNeed.need_id).where(GoalNeed.goal_id.in_(placed))
        self._copier.insert(
            GoalNeed,
            [
                {"goal_id": placed[goal_id], "need_id": need_id}
                for goal_id, need_id in db.session.execute(links.order_by(GoalNeed.id))
            ],
        )

    def _carry_objectives(self, goals: Placed) -> Placed:
        old = [
            each
            for each in queries.objectives_of(self._membership, self._old.id)
            if each.id in self._chosen.objectives and each.goal_id in goals
        ]
        placed = self._copier.objectives(old, goals)
        self._link(ObjectiveCarryover, "objective_id", placed, self._chosen.objectives)
        return placed

    def _target_day(self, measure: Measure, start: Start) -> date | None:
        return target_day(measure.target_value, measure.target_on, start, self._span)

    def _carry_actions(self, goals: Placed, objectives: Placed) -> None:
        rows = sa.select(Action).where(*_open_in(self._old), sa.not_(_REPEATS)).order_by(Action.number)
        old = [each for each in db.session.scalars(rows) if each.number in self._chosen.actions]
        if not old:
            return
        people = self._copier.people()
        kept = (*CARRIED, "status", "reason")
        placed = self._copier.actions(
            old, goals, objectives, people, lambda action: {name: getattr(action, name) for name in kept}
        )
        self._link(
            ActionCarryover, "action_id", placed, {each.id: self._chosen.actions[each.number] for each in old}
        )
        # The query selects by plan, because a list of ids might be a thousand long.
        of_plan = sa.select(Action.id).where(*_open_in(self._old))
        self._copier.helpers(placed, of_plan, people)
        self._carry_agreements(placed, of_plan)

    def _carry_agreements(self, placed: Placed, of_plan: Selection) -> None:
        """Links the agreements that ask for an action to its copy."""
        agreements = sa.select(
            ActionAgreement.action_id, ActionAgreement.agreement_id, ActionAgreement.renews_end_on
        ).where(ActionAgreement.action_id.in_(of_plan))
        self._copier.insert(
            ActionAgreement,
            [
                {"action_id": placed[key], "agreement_id": agreement, "renews_end_on": day}
                for key, agreement, day in db.session.execute(agreements.order_by(ActionAgreement.id))
                if key in placed
            ],
        )

    def _link(self, model: object, column: str, placed: Placed, choices: Mapping[int, CarryChoice]) -> None:
        """Writes the links from the copies to what they continue, each with its reason."""
        self._copier.insert(
            model,
            [
                {column: new, "from_id": old, "why": choices[old].why, "reason": choices[old].reason}
                for old, new in placed.items()
            ],
        )
