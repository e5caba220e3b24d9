"""What a closed plan still says."""

from datetime import timedelta

import pytest

from engage import clock
from engage.plan.rules import ActionStatus, PlanStatus
from tests.client import EngageClient
from tests.factories import make_action, make_goal, make_objective, make_plan


@pytest.mark.parametrize(
    "path",
    [
        "plan/?plan={plan}",
        "plan/?plan={plan}&group=owner",
        "plan/?plan={plan}&view=board",
        "plan/?plan={plan}&view=timeline",
        "plan/actions/{number}",
        "plan/goals/{goal}",
        "plan/objectives/{objective}",
    ],
)
def test_it_says_nothing_of_being_late(coordinator: EngageClient, path: str) -> None:
    today = clock.today("UTC")
    plan = make_plan(title="First plan", status=PlanStatus.CLOSED, closed_on=today - timedelta(days=1))
    make_plan(title="Second plan")
    goal = make_goal(plan)
    objective = make_objective(goal)
    action = make_action(
        plan, goal, objective, due_on=today - timedelta(days=9), status=ActionStatus.UNDER_WAY
    )
    where = path.format(plan=plan.id, number=action.number, goal=goal.id, objective=objective.id)
    page = coordinator.page(f"/c/riverbend/{where}")
    assert action.title in page.text("main")
    assert " late" not in page.text("main").lower()
