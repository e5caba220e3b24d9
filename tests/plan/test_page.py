"""The plan's page: what it shows, filtered, to whom, and with how many queries."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine

from engage import clock
from engage.assessment.models import Round
from engage.checklist.models import Item
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.plan.models import Action
from engage.plan.rules import ActionStatus, PlanStatus
from tests import databases
from tests.client import EngageClient
from tests.factories import (
    make_action,
    make_affiliation,
    make_coalition,
    make_goal,
    make_membership,
    make_objective,
    make_organization,
    make_plan,
    saved,
)

PLAN = "/c/riverbend/plan/"
TODAY = date(2026, 11, 24)
NOT_STARTED, UNDER_WAY, STUCK, DONE, NO_LONGER_NEEDED = ActionStatus


@pytest.fixture(autouse=True)
def _a_day_in_november() -> object:
    with time_machine.travel("2026-11-24T18:00:00Z", tick=False):
        yield


def titles(client: EngageClient, query: str = "") -> list[str]:
    return client.page(PLAN + query).texts(".plan-table .row-link")


def test_without_a_plan_the_page_says_what_will_be_here(
    coordinator: EngageClient, viewer: EngageClient
) -> None:
    page = coordinator.page(PLAN)
    assert page.text(".empty h2") == "There is no plan yet"
    assert page.one(".btn-primary").attributes["href"] == f"{PLAN}new"
    assert viewer.page(PLAN).all(".btn-primary") == []
    # Trainings are logged before there is a plan, and found again.
    assert len(page.all(f"main a[href='{PLAN}activities/']")) == 1
    assert viewer.page(PLAN).all(f"main a[href='{PLAN}activities/']") == []


def test_a_member_can_add_an_action_before_there_is_a_plan(member: EngageClient) -> None:
    assert member.page(PLAN).one(".btn-primary").attributes["href"] == f"{PLAN}actions/new"


def test_the_counts_leave_out_what_is_no_longer_needed(member: EngageClient) -> None:
    plan = make_plan()
    for status in (DONE, UNDER_WAY, STUCK, NO_LONGER_NEEDED, NO_LONGER_NEEDED):
        make_action(plan, status=status)

    assert member.page(PLAN).text("#plan-counts .lead") == "1 of 3 actions done, 2 no longer needed."


def test_progress_stands_at_the_goal_and_at_the_objective(member: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan, area="prevention")
    objective = make_objective(goal, measure="0 to 6 places", due_on=date(2027, 9, 1))
    make_action(plan, None, objective, status=DONE)
    make_action(plan, goal)

    page = member.page(PLAN)

    assert page.text(f"#plan-goal-{goal.id}-progress p") == "Prevention · 1 of 2 done"
    assert (
        page.text(f"#plan-objective-{objective.id}-progress p")
        == "0 to 6 places · by Sep 1, 2027 · 1 of 1 done"
    )


def test_a_row_says_who_by_when_where_it_stands_and_where_it_came_from(member: EngageClient) -> None:
    plan = make_plan()
    item = saved(Item(coalition_id=plan.coalition_id, key="starting-structure", changed_at=clock.now()))
    action = make_action(
        plan,
        title="Print cards",
        owner_id=make_membership(name="Ann Lee", user=None).id,
        organization_id=make_organization(name="Grace Church").id,
        due_on=TODAY - timedelta(days=3),
        status=UNDER_WAY,
        item_id=item.id,
    )

    row = f"#plan-row-{action.number}"
    page = member.page(PLAN)

    assert page.text(f"{row} .plan-number") == str(action.number)
    assert page.text(f"{row} .what .plan-detail") == "From Tips for Success: Structure"
    assert page.text(f"{row} .quiet-line") == "Ann Lee with Grace Church"
    assert page.text(f"{row} .plan-late") == "Nov 21, 3 days late"
    assert page.text(f"{row} .tag") == "Under way"


def test_a_row_from_the_assessment_names_the_round_and_the_indicator(member: EngageClient) -> None:
    plan = make_plan()
    round_ = saved(Round(coalition_id=plan.coalition_id, title="2026", questions={}, opened_at=clock.now()))
    make_action(plan, round_id=round_.id, indicator="public-understanding")

    assert member.page(PLAN).text(".what .plan-detail") == "From 2026: Public understanding"


@pytest.mark.parametrize(
    ("days", "words"),
    [(-1, "Nov 23, 1 day late"), (0, "Today"), (5, "Nov 29, in 5 days"), (40, "Jan 3, 2027"), (20, "Dec 14")],
)
def test_by_when_is_said_in_words(member: EngageClient, days: int, words: str) -> None:
    action = make_action(make_plan(), due_on=TODAY + timedelta(days=days))

    assert member.page(PLAN).texts(f"#plan-row-{action.number} td")[1] == words


def test_a_stuck_row_shows_what_help_is_needed(member: EngageClient) -> None:
    make_action(make_plan(), status=STUCK, reason="a licensed trainer")

    assert member.page(PLAN).text(".what .plan-detail") == "Needs: a licensed trainer"


def test_goals_stand_in_their_order_and_loose_ends_last(member: EngageClient) -> None:
    plan = make_plan()
    second, first = make_goal(plan, position=2, title="B"), make_goal(plan, position=1, title="A")
    make_action(plan, title="Loose")
    make_action(plan, second, title="In B")
    make_action(plan, first, title="In A")
    late = make_action(plan, first, title="In A, sooner", due_on=TODAY)

    assert titles(member) == ["In A, sooner", "In A", "In B", "Loose"]
    assert late.title in titles(member)
    assert member.page(PLAN).text("#plan-loose-title") == "Not yet under a goal"


# -- filters


def _a_plan_of_all_kinds(me: Membership) -> None:
    plan, ann = make_plan(), make_membership(name="Ann Lee", user=None)
    goal = make_goal(plan, area="prevention", position=1)
    make_action(plan, goal, title="Mine and late", owner_id=me.id, due_on=TODAY - timedelta(days=1))
    make_action(plan, goal, title="Ann's and late", owner_id=ann.id, due_on=TODAY - timedelta(days=1))
    make_action(plan, goal, title="Mine and done", owner_id=me.id, status=DONE, due_on=date(2026, 1, 1))
    make_action(plan, title="Mine and stuck", owner_id=me.id, status=STUCK, details="Ask the LIBRARY")
    make_action(plan, title="100% dropped", status=NO_LONGER_NEEDED)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?mine=1", ["Mine and done", "Mine and late", "Mine and stuck"]),
        ("?late=1", ["Mine and late", "Ann's and late"]),
        ("?stuck=1", ["Mine and stuck"]),
        ("?mine=1&late=1", ["Mine and late"]),
        ("?state=open", ["Mine and late", "Ann's and late", "Mine and stuck"]),
        ("?state=done", ["Mine and done"]),
        ("?state=no_longer_needed", ["100% dropped"]),
        ("?goal=0", ["Mine and stuck", "100% dropped"]),
        ("?area=prevention&state=open", ["Mine and late", "Ann's and late"]),
        ("?text=library", ["Mine and stuck"]),
        ("?text=100%25", ["100% dropped"]),
        ("?text=nothing+of+it", []),
        ("?area=nowhere", []),
        ("?goal=987654", []),
    ],
)
def test_filters_combine_in_the_address(member: EngageClient, query: str, expected: list[str]) -> None:
    _a_plan_of_all_kinds(member.membership)

    assert titles(member, query) == expected


@pytest.mark.parametrize(
    "query", ["?state=x&goal=x&owner=-1&page=0", "?page=99999999&owner=" + "9" * 400, "?mine=2"]
)
def test_what_a_filter_says_wrongly_is_left_out(member: EngageClient, query: str) -> None:
    _a_plan_of_all_kinds(member.membership)

    assert len(titles(member, query)) == 5


def test_a_filter_on_a_person_and_on_a_number(member: EngageClient) -> None:
    _a_plan_of_all_kinds(member.membership)
    action = db.session.query(Action).filter_by(title="Ann's and late").one()

    assert titles(member, f"?owner={action.owner_id}") == ["Ann's and late"]
    assert "Ann's and late" in titles(member, f"?text=%23{action.number}")


def test_pills_count_and_can_be_taken_back(member: EngageClient) -> None:
    _a_plan_of_all_kinds(member.membership)

    page = member.page(f"{PLAN}?late=1")

    assert page.texts("#plan-pills .pill") == ["All 5", "Mine 3", "Open 3", "Late 2", "Stuck 1", "Done 1"]
    (late,) = page.all("#plan-pills [aria-current]")
    assert late.attributes["href"] == PLAN
    assert page.has("2 actions fit.")


def test_a_plan_without_an_action_offers_nothing_to_choose_from(member: EngageClient) -> None:
    make_goal(make_plan())
    assert member.page(PLAN).all("#plan-pills .pill") == []


# -- plans beside each other


def test_the_draft_and_closed_plans_are_one_step_away(member: EngageClient) -> None:
    make_plan(title="Now")
    draft = make_plan(title="Next", status=PlanStatus.DRAFT)
    closed = make_plan(title="Before", status=PlanStatus.CLOSED, closed_on=date(2026, 1, 31))
    make_action(closed, title="Long ago")

    page = member.page(PLAN)
    assert page.texts("nav[aria-label=Plans] .pill") == ["Current plan: Now", "Draft: Next", "Closed: Before"]
    assert (
        member.page(f"{PLAN}?plan={draft.id}").text("#plan-counts")
        == "No actions yet. A draft, not adopted yet."
    )

    page = member.page(f"{PLAN}?plan={closed.id}")
    assert page.has("This plan is closed.")
    assert page.texts(".row-link") == ["Long ago"]
    assert page.all(".main form[method=post]") == []
    assert page.all(".plan-change") == []


@pytest.mark.parametrize("value", ["987654", "x", "9" * 400])
def test_a_plan_that_is_not_there_is_not_found(member: EngageClient, value: str) -> None:
    make_plan()
    other = make_plan(coalition=make_coalition())

    assert member.get(f"{PLAN}?plan={value}").status_code == 404
    assert member.get(f"{PLAN}?plan={other.id}").status_code == 404


# -- viewers


def test_a_viewer_sees_organizations_instead_of_people_and_no_reasons(viewer: EngageClient) -> None:
    plan, ann = make_plan(), make_membership(name="Ann Lee")
    make_affiliation(ann, make_organization(name="Grace Church"))
    make_action(plan, owner_id=ann.id, status=STUCK, reason="a licensed trainer", details="secret words")

    page = viewer.page(PLAN)

    assert page.text("td.quiet-line") == "Grace Church"
    assert page.text(".plan-table .tag") == "Stuck"
    assert not page.has("Ann Lee")
    assert not page.has("trainer")
    assert page.all(".plan-change") == []
    assert titles(viewer, "?text=secret") == []
    assert titles(viewer, f"?owner={ann.id}") == titles(viewer)


# -- many


def test_more_than_200_actions_stand_on_pages(member: EngageClient) -> None:
    plan = make_plan()
    goal, other = make_goal(plan), make_goal(plan, title="Without any")
    _many(plan.id, plan.coalition_id, goal.id, 205)

    first, second = member.page(PLAN), member.page(f"{PLAN}?page=2")

    assert len(first.all("tr[id]")) == 200
    assert len(second.all("tr[id]")) == 5
    assert first.has("Page 1 of 2")
    assert f"Goal 2. {other.title}" not in first.texts("h2")
    assert f"Goal 2. {other.title}" in second.texts("h2")


@pytest.mark.parametrize("role", Role)
def test_the_number_of_queries_does_not_grow_with_the_actions(
    client_of: Callable[[Membership], EngageClient], role: Role
) -> None:
    client = client_of(make_membership(role=role))
    plan = make_plan()
    goal = make_goal(plan)
    client.page(PLAN)
    counts = []
    for more in (0, 5, 195):
        _many(plan.id, plan.coalition_id, goal.id, more)
        with databases.counted_queries() as queries:
            client.page(PLAN)
        counts.append(len(queries))

    assert counts == [counts[0]] * 3
    assert counts[0] <= 11


def _many(plan_id: int, coalition_id: int, goal_id: int, count: int) -> None:
    start = db.session.query(Action).count()
    person = make_membership(user=None)
    now = clock.now()
    db.session.add_all(
        Action(
            coalition_id=coalition_id,
            plan_id=plan_id,
            goal_id=goal_id,
            number=10_000 + start + n,
            title=f"Action {n}",
            owner_id=person.id,
            due_on=TODAY + timedelta(days=n % 90 - 30),
            created_at=now,
            moved_at=now,
        )
        for n in range(count)
    )
    db.session.commit()
