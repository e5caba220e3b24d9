"""Finds the plan's rows that an address or a form names; for one in the trash, the error page says so."""

from typing import NoReturn

from flask import g

from engage.coalitions.trash.lookups import gone
from engage.i18n import gettext as _
from engage.plan import queries
from engage.plan.measures import queries as measures_queries
from engage.plan.measures.models import Measure
from engage.plan.models import Action, Goal, Objective, Plan
from engage.plan.undo.service import trash


def action_or_404(number: int) -> Action:
    return queries.action_of(g.membership, number) or _gone(trash.NUMBERS, number)


def action_and_plan_or_404(number: int) -> tuple[Action, Plan]:
    return queries.action_and_plan_of(g.membership, number) or _gone(trash.NUMBERS, number)


def goal_or_404(goal_id: int) -> Goal:
    return queries.goal_of(g.membership, goal_id) or _gone(trash.GOALS, goal_id)


def objective_or_404(objective_id: int) -> Objective:
    return queries.objective_of(g.membership, objective_id) or _gone(trash.OBJECTIVES, objective_id)


def measure_or_404(measure_id: int) -> Measure:
    return measures_queries.measure_of(g.membership, measure_id) or _gone(trash.MEASURES, measure_id)


def _gone(name: str, key: int) -> NoReturn:
    gone(name, key, _("Action %(number)s", number=key) if name == trash.NUMBERS else None)
