"""Tests that no one sees in the plan's views what is another's, or outdated: the board's columns are kept."""

from datetime import date

from engage.extensions import db
from engage.plan.rules import PlanStatus
from tests.client import EngageClient
from tests.factories import make_action, make_goal, make_plan

PLAN = "/c/riverbend/plan/"


def _two_goals() -> int:
    """Makes two goals; returns their first action's number."""
    plan = make_plan(status=PlanStatus.ADOPTED)
    numbers = []
    for position, title in enumerate(("Safe beds", "Safe rides"), 1):
        action = make_action(
            plan,
            goal=make_goal(plan, title=title, position=position),
            title=f"Ask about {title}",
            due_on=date(2027, 3, 1),
        )
        numbers.append(action.number)
    db.session.commit()
    return numbers[0]


def test_a_member_does_not_find_the_coordinators_tools(
    coordinator: EngageClient, member: EngageClient
) -> None:
    _two_goals()
    assert coordinator.page(PLAN).all("form.plan-shift")
    assert not member.page(PLAN).all("form.plan-shift")


def test_what_changed_is_drawn_anew_in_each_view(coordinator: EngageClient) -> None:
    number = _two_goals()
    for view in ("", "?view=board", "?view=timeline"):
        assert coordinator.page(PLAN + view).has("Ask about Safe beds")
    fields = {"version": "1", "status": "stuck", "reason": "A van", "owner_id": "0", "due_on": "2027-04-05"}
    coordinator.send(f"{PLAN}actions/{number}/change", **fields)
    assert coordinator.page(PLAN).has("A van")
    assert coordinator.page(PLAN + "?view=timeline").has("Apr 5")
    assert "Ask about Safe beds" in coordinator.page(PLAN + "?view=board").text(
        "section[aria-labelledby=plan-column-stuck]"
    )
