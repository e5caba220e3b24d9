"""Tests that every page about a plan runs the same queries, however much it holds.

Pages with a test of their own for it are left out.
"""

from datetime import date

import pytest

from engage.extensions import db
from engage.plan.activities.rules import ActivityKind
from engage.plan.models import Goal, Objective, Plan
from engage.plan.rules import ActionStatus
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_action,
    make_activity,
    make_goal,
    make_measure,
    make_membership,
    make_objective,
    make_organization,
    make_plan,
    make_reading,
)
from tests.plan.copying.test_carry import carried_pair

PLAN = "/c/riverbend/plan/"
PAGES = [
    "goals/{goal}",
    "goals/{goal}/edit",
    "goals/{goal}/delete",
    "goals/{goal}/copy",
    "goals/{goal}/objectives/new",
    "objectives/{objective}/edit",
    "objectives/{objective}/delete",
    "objectives/{objective}/measures/new",
    "{plan}/next",
    "{plan}/edit",
    "{plan}/close",
    "{plan}/goals/new",
    "activities/new",
    "actions/new",
    "reviews/new",
    "import/",
]


def fill(plan: Plan, goal: Goal, objective: Objective) -> None:
    """Adds more of everything that such a page may show, spread over the plan, one goal and one objective."""
    more = make_goal(plan)
    for status in ActionStatus:
        person = make_membership()
        organization = make_organization()
        for where in (objective, make_objective(goal), make_objective(more)):
            make_reading(make_measure(where), 5, date(2026, 5, 1))
            make_action(
                plan,
                objective=where,
                status=status,
                owner_id=person.id,
                organization_id=organization.id,
            )
        make_activity(kind=ActivityKind.TRAINING, goal_id=goal.id)


def test_a_page_asks_the_same_however_much_is_in_the_plan(coordinator: EngageClient) -> None:
    """All in one plan: filling it takes far longer than asking for the pages."""
    plan = make_plan(starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    goal = make_goal(plan)
    objective = make_objective(goal)
    paths = [path.format(plan=plan.id, goal=goal.id, objective=objective.id) for path in PAGES]
    counts: list[dict[str, int]] = []
    for _time in range(3):
        fill(plan, goal, objective)
        counts.append({})
        for path in paths:
            with counted_queries() as statements:
                coordinator.page(PLAN + path)
            counts[-1][path] = len(statements)
    assert counts[1] == counts[2]


@pytest.mark.parametrize("path", ["carried", "adopt"])
def test_so_do_the_pages_of_the_next_plan(coordinator: EngageClient, path: str) -> None:
    old, _action, draft, _copy = carried_pair(coordinator)
    counts = []
    for _time in range(3):
        goal = make_goal(db.session.merge(old))
        fill(old, goal, make_objective(goal))
        with counted_queries() as statements:
            assert coordinator.page(f"{PLAN}{draft.id}/{path}").status == 200
        counts.append(len(statements))
    assert counts[1] == counts[2]


def test_a_change_of_status_reads_three_times_and_writes_once_each_what_it_changes(
    coordinator: EngageClient,
) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    fill(plan, goal, make_objective(goal))
    action = make_action(plan)
    fields = {"version": str(action.version), "owner_id": "0", "status": "under_way"}
    with counted_queries() as statements:
        answer = coordinator.send(f"{PLAN}actions/{action.number}/change", **fields)
    assert answer.status == 303
    on_postgresql = (
        db.engine.dialect.name != "sqlite"
    )  # it also locks the plan, so that no one closes it meanwhile
    assert [statement.lstrip()[:6] for statement in statements] == [
        "SELECT",  # the session and its person
        "SELECT",  # their coalitions
        "SELECT",  # the action and its plan
        *(["SELECT"] if on_postgresql else []),
        "INSERT",  # history
        "UPDATE",  # the action, where it is still the version that was opened
        "INSERT",  # the copy for *Undo*
    ]
