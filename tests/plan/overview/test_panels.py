"""Tests what the plan's views draw once and cache: no one sees there what is another's, or outdated."""

from datetime import date

from engage.extensions import db
from engage.plan.rules import PlanStatus
from tests.client import EngageClient
from tests.factories import make_action, make_goal, make_plan
from tests.html import words

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


def test_each_browser_finds_its_own_token_in_a_kept_panel(
    coordinator: EngageClient, member: EngageClient
) -> None:
    _two_goals()
    tokens = set()
    for _turn in range(2):
        page = coordinator.page(PLAN)
        here = {node.attributes["value"] for node in page.all("input[name=csrf_token]")}
        assert len(here) == 1  # the panels' and the quick line's are the sign-out form's
        tokens |= here
        theirs = member.page(PLAN).all("form[action='/sign-out'] input[name=csrf_token]")[0]
        assert theirs.attributes["value"] not in tokens


def test_a_kept_panel_still_moves_its_goal(coordinator: EngageClient) -> None:
    _two_goals()
    coordinator.page(PLAN)
    form = coordinator.page(PLAN).all("form.plan-shift")[0]
    token = form.css_first("input[name=csrf_token]").attributes["value"]
    answer = coordinator.post(form.attributes["action"], data={"csrf_token": token, "to": "down"})
    assert answer.status_code == 303
    titles = [words(node) for node in coordinator.page(PLAN).all(".plan-goal .panel-title")]
    assert titles[:2] == ["Goal 1. Safe rides", "Goal 2. Safe beds"]


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
