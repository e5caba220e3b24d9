"""Finds where a new row of the plan is added: to the plan, a goal or an objective, as the request says."""

from datetime import date

from flask import abort, g, request
from msgspec import Struct

from engage import clock
from engage.coalitions.queries import people_choices
from engage.i18n import gettext as _
from engage.numbers import whole_number
from engage.plan import queries
from engage.plan.actions.forms.action import ActionLineForm
from engage.plan.labels import goal_heading
from engage.plan.models import Action, Goal, Objective, Plan


class LineTarget(Struct, frozen=True):
    """The place to which a quick line is added: the plan, a goal or an objective."""

    plan: Plan | None = None
    goal: Goal | None = None
    objective: Objective | None = None

    @property
    def key(self) -> str:
        """Returns the prefix of the form's ids."""
        if self.objective is not None:
            return f"plan-add-objective-{self.objective.id}"
        return f"plan-add-goal-{self.goal.id}" if self.goal is not None else "plan-add"

    @property
    def values(self) -> dict[str, int]:
        """Returns the place in the form of an address."""
        if self.objective is not None:
            return {"objective": self.objective.id}
        if self.goal is not None:
            return {"goal": self.goal.id}
        return {"plan": self.plan.id} if self.plan is not None else {}


def today() -> date:
    return clock.today(g.coalition.time_zone)


def asked_id(text: str | None) -> int | None:
    """Returns an id from the address or a hidden field; answers "not found" if it is not a number."""
    if not text:
        return None
    number = whole_number(text)
    return abort(404) if number is None else number


def place_asked() -> LineTarget:
    """Returns the place from the address or the form; answers "not found" outside the coalition."""
    membership = g.membership
    if (key := asked_id(request.values.get("objective"))) is not None:
        objective = queries.objective_of(membership, key) or abort(404)
        goal = queries.goal_of(membership, objective.goal_id)
        return LineTarget(None, goal, objective)
    if (key := asked_id(request.values.get("goal"))) is not None:
        return LineTarget(None, queries.goal_of(membership, key) or abort(404))
    if (key := asked_id(request.values.get("plan"))) is not None:
        return LineTarget(queries.plan_of(membership, key) or abort(404))
    return LineTarget()


def choices(plan: Plan | None) -> list[tuple[str, str]]:
    """Returns the goals, and under each its objectives, as one list to choose from."""
    if plan is None:
        return []
    objectives = queries.objectives_of(g.membership, plan.id)
    found = []
    for n, goal in enumerate(queries.goals_of(g.membership, plan.id), 1):
        found.append((f"goal-{goal.id}", goal_heading(n, goal.title)))
        own = [each for each in objectives if each.goal_id == goal.id]
        found += [
            (f"objective-{each.id}", _("Objective %(n)s.%(m)s. %(title)s", n=n, m=m, title=each.title))
            for m, each in enumerate(own, 1)
        ]
    return found


def chosen(value: str | None) -> tuple[Goal | None, Objective | None]:
    """Returns the goal and objective that a value of `choices` names; the form has checked that it is one of them."""
    kind, _dash, key = (value or "").partition("-")
    if kind == "objective":
        objective = queries.objective_of(g.membership, int(key)) or abort(404)
        return queries.goal_of(g.membership, objective.goal_id), objective
    return (queries.goal_of(g.membership, int(key)) if kind == "goal" else None), None


def value_of(action: Action) -> str:
    """Returns the value of `choices` for the action's current place; "" if it is under no goal."""
    if action.objective_id is not None:
        return f"objective-{action.objective_id}"
    return f"goal-{action.goal_id}" if action.goal_id is not None else ""


def line_form(place: LineTarget, *, fresh: bool = False) -> ActionLineForm:
    """Returns the quick-add form for a place; `fresh` ignores posted values."""
    form = ActionLineForm(formdata=None) if fresh else ActionLineForm()
    form.owner_id.offer(people_choices(g.membership))
    form.place_at(place.key, place.values)
    form.offer_places(choices(place.plan))
    return form


def put(form: ActionLineForm, place: LineTarget) -> tuple[Goal | None, Objective | None]:
    """Returns the goal and objective of a new line: its place, or, at the plan, the chosen one."""
    return chosen(form.place.data) if form.place is not None else (place.goal, place.objective)
