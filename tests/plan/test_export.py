"""The plan taken out as files: what stands where, and what a spreadsheet must not run."""

import csv
from datetime import date
from io import StringIO

from engage.plan.models import ActionHelper, GoalNeed, Plan
from engage.plan.rules import ActionStatus
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_action,
    make_goal,
    make_membership,
    make_objective,
    make_organization,
    make_plan,
    saved,
)
from tests.strengths.rows import make_need

PLAN = "/c/riverbend/plan/"


def csv_rows(client: EngageClient, plan: Plan) -> list[dict[str, str]]:
    text = client.get(f"{PLAN}{plan.id}/plan.csv").get_data(as_text=True).removeprefix("\ufeff")
    return list(csv.DictReader(StringIO(text, newline="")))


def said(row: dict[str, str]) -> dict[str, str]:
    """Only the cells that hold something."""
    return {name: cell for name, cell in row.items() if cell}


def test_a_row_an_action_in_the_order_of_the_page_with_every_field(coordinator: EngageClient) -> None:
    plan = make_plan()
    need = make_need(coordinator.membership)
    beds, law = (
        make_goal(plan, title="Beds", why="Nobody has one.", area="response"),
        make_goal(plan, title="Law"),
    )
    saved(GoalNeed(coalition_id=plan.coalition_id, goal_id=beds.id, need_id=need.id))
    six = make_objective(beds, title="Six places", measure="0 to 6", due_on=date(2027, 6, 30))
    maria, dan = make_membership(name="Maria; Ann"), make_membership(name="Dan Reyes", user=None)
    loose = make_action(plan, title="Print", number=1)
    full = make_action(
        plan,
        objective=six,
        number=9,
        title="=Ask",
        status=ActionStatus.STUCK,
        reason="A key",
        owner_id=maria.id,
        organization_id=make_organization(name="Grace Church").id,
        start_on=date(2026, 12, 1),
        due_on=date(2027, 1, 31),
        details="Two\nlines",
        resources_had="Van",
        resources_needed="Keys",
        barriers="'Rules",
        inform="Board",
        need_id=need.id,
    )
    for person in (dan, maria):
        saved(ActionHelper(coalition_id=plan.coalition_id, action_id=full.id, membership_id=person.id))
    make_action(plan, goal=beds, number=3, title="Call", status=ActionStatus.DONE, done_on=date(2026, 11, 2))
    make_action(plan, objective=six, number=10, title="Visit")
    assert loose.goal_id is None and law.id

    rows = [said(row) for row in csv_rows(coordinator, plan)]

    assert rows == [
        {
            "ref": "9",
            "goal": "Beds",
            "objective": "Six places",
            "action": "'=Ask",
            "status": "Stuck",
            "owner": '"Maria; Ann"',
            "partner": "Grace Church",
            "start": "2026-12-01",
            "due": "2027-01-31",
            "note": "Two\nlines",
            "reason": "A key",
            "helpers": 'Dan Reyes; "Maria; Ann"',
            "resources_had": "Van",
            "resources_needed": "Keys",
            "barriers": "'Rules",
            "inform": "Board",
            "need": "1. No bed for boys",
            "focus_area": "Leaving and immediate response",
            "goal_why": "Nobody has one.",
            "goal_needs": "1. No bed for boys",
            "objective_measure": "0 to 6",
            "objective_due": "2027-06-30",
        },
        {"ref": "10", "goal": "Beds", "objective": "Six places", "action": "Visit", "status": "Not started"},
        {"ref": "3", "goal": "Beds", "action": "Call", "status": "Done", "done": "2026-11-02"},
        {"goal": "Law"},
        {"ref": "1", "action": "Print", "status": "Not started"},
    ]


def test_the_first_columns_are_called_as_published_plans_call_them(coordinator: EngageClient) -> None:
    plan = make_plan()
    answer = coordinator.get(f"{PLAN}{plan.id}/plan.csv")
    head = answer.get_data(as_text=True).splitlines()[0].removeprefix("\ufeff").replace('"', "").split(",")
    assert head[:10] == [
        "ref",
        "goal",
        "objective",
        "action",
        "status",
        "owner",
        "partner",
        "start",
        "due",
        "note",
    ]
    assert answer.headers["Content-Disposition"] == "attachment; filename=plan-of-action-2026-27.csv"


def test_the_number_of_queries_does_not_grow_with_the_plan(coordinator: EngageClient) -> None:
    plan = make_plan()

    def asked() -> int:
        with counted_queries() as statements:
            coordinator.get(f"{PLAN}{plan.id}/plan.csv")
        return len(statements)

    before = asked()
    for _each in range(3):
        goal = make_goal(plan)
        make_action(plan, objective=make_objective(goal), owner_id=make_membership().id)
    assert asked() == before


def test_files_with_people_in_them_are_for_coordinators(member: EngageClient) -> None:
    assert member.get(f"{PLAN}{make_plan().id}/plan.csv").status_code == 403
