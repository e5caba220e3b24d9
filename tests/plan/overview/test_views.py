"""The plan's three views of the same actions: list, board, timeline."""

from datetime import date, timedelta

import pytest
import time_machine

from engage.extensions import db
from engage.plan.models import Action
from engage.plan.rules import ActionStatus, PlanStatus
from tests import databases
from tests.client import EngageClient
from tests.factories import (
    make_action,
    make_coalition,
    make_goal,
    make_membership,
    make_objective,
    make_organization,
    make_plan,
)
from tests.html import Page

PLAN = "/c/riverbend/plan/"
MOVE = f"{PLAN}board/move"
TODAY = date(2026, 11, 24)
NOT_STARTED, UNDER_WAY, STUCK, DONE, NO_LONGER_NEEDED = ActionStatus


@pytest.fixture(autouse=True)
def _a_day_in_november() -> object:
    with time_machine.travel("2026-11-24T18:00:00Z", tick=False):
        yield


def headings(client: EngageClient, query: str) -> list[str]:
    return client.page(PLAN + query).texts("#plan-groups .panel-title")


def titles(client: EngageClient, query: str) -> list[str]:
    return client.page(PLAN + query).texts(".plan-table .row-link")


def move(
    client: EngageClient, action: Action, to: ActionStatus, query: str = "", *, htmx: bool = False
) -> Page:
    fields = {"card": f"{action.number}:{action.version}", f"to-{action.number}": to.value}
    return client.send(f"{MOVE}?plan={action.plan_id}{query}", htmx=htmx, **fields)


# -- the three


def test_the_views_keep_the_filters(member: EngageClient) -> None:
    make_action(make_plan(), due_on=TODAY - timedelta(days=1))
    page = member.page(f"{PLAN}?late=1&view=board")
    assert page.texts(".sections a") == ["List", "Board", "Timeline", "Calendar"]
    assert page.texts(".sections [aria-current]") == ["Board"]
    assert page.all(".sections a")[2].attributes["href"] == f"{PLAN}?late=1&view=timeline"
    assert page.all(".pill")[0].attributes["href"] == f"{PLAN}?view=board"


def test_a_view_that_is_none_is_the_list(member: EngageClient) -> None:
    make_action(make_plan())
    page = member.page(f"{PLAN}?view=spiral&group=moon&sort=luck")
    assert page.texts(".sections [aria-current]") == ["List"]
    assert len(page.all("#plan-list")) == 1


@pytest.mark.parametrize("view", ["list&group=month", "board", "timeline"])
def test_a_plan_without_actions_says_so_in_every_view(member: EngageClient, view: str) -> None:
    make_plan()
    assert member.get(f"{PLAN}?view={view}").status_code == 200


# -- put together


def test_by_owner_each_person_has_a_group_and_no_one_is_last(
    member: EngageClient, viewer: EngageClient
) -> None:
    plan = make_plan()
    zoe, ann = (make_membership(name=name, user=None) for name in ("Zoe", "Ann"))
    make_action(plan, title="Free")
    make_action(plan, title="Of Zoe", owner_id=zoe.id)
    make_action(plan, title="Of Ann", owner_id=ann.id)
    assert headings(member, "?group=owner") == ["Ann", "Zoe", "No one leads it yet"]
    assert titles(member, "?group=owner") == ["Of Ann", "Of Zoe", "Free"]
    assert headings(viewer, "?group=owner") == []
    assert viewer.page(f"{PLAN}?group=owner").texts(".quiet-line") == ["Who", "", "", ""]


def test_by_partner_and_by_month(member: EngageClient) -> None:
    plan = make_plan()
    grace = make_organization(name="Grace Church").id
    make_action(plan, due_on=date(2027, 1, 2), organization_id=grace)
    make_action(plan, due_on=date(2026, 12, 30))
    make_action(plan, due_on=date(2026, 12, 1), organization_id=grace)
    make_action(plan)
    assert headings(member, "?group=partner") == ["Grace Church", "Without a partner organization"]
    assert headings(member, "?group=month") == ["December 2026", "January 2027", "Without a date"]


def test_the_order_is_the_one_asked_for(member: EngageClient) -> None:
    goal = make_goal(plan := make_plan())
    make_action(plan, goal, title="A", due_on=TODAY, status=DONE)
    make_action(plan, goal, title="B", due_on=TODAY - timedelta(days=2), status=STUCK)
    make_action(plan, goal, title="C", status=NOT_STARTED)
    assert titles(member, "?sort=due") == ["B", "A", "C"]
    assert titles(member, "?sort=number") == ["A", "B", "C"]
    assert titles(member, "?sort=status") == ["C", "B", "A"]


# -- the board


def test_the_board_has_a_column_for_each_status_with_its_count(member: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    make_action(plan, goal, title="Open", due_on=TODAY + timedelta(days=3))
    make_action(plan, title="Stuck", status=STUCK)
    page = member.page(f"{PLAN}?view=board")
    assert page.texts(".plan-column-title .tag") == [
        "Not started", "Under way", "Stuck", "Done", "No longer needed",
    ]  # fmt: skip
    assert page.texts(".plan-column-title .count") == ["1", "0", "1", "0", "0"]
    assert page.texts(".plan-card .row-link") == ["Open", "Stuck"]
    assert page.texts(".plan-card .small-muted")[0] == "Nov 27, in 3 days · Goal 1"


def test_a_column_holds_the_first_fifty_folds_all_but_five_and_leads_to_the_others(
    member: EngageClient,
) -> None:
    plan = make_plan()
    for number in range(53):
        make_action(plan, status=UNDER_WAY, due_on=TODAY + timedelta(days=number))
    page = member.page(f"{PLAN}?view=board")
    assert len(page.all(".plan-card")) == 50
    assert page.texts(".plan-cards-rest > summary") == ["Show the other 45 : Under way"]
    (more,) = [link for link in page.all(".plan-column a") if "more in the list" in link.text()]
    assert more.text() == "3 more in the list"
    assert len(titles(member, more.attributes["href"].removeprefix(PLAN))) == 53


def test_a_column_begins_with_what_is_due_and_with_what_was_finished_last(member: EngageClient) -> None:
    plan = make_plan()
    for title, status in [("open", UNDER_WAY), ("done", DONE)]:
        for days in (2, 1, 3):
            make_action(plan, title=f"{title} {days}", status=status, due_on=TODAY + timedelta(days=days))
    assert member.page(f"{PLAN}?view=board").texts(".plan-card .row-link") == [
        "open 1", "open 2", "open 3", "done 3", "done 2", "done 1",
    ]  # fmt: skip


def test_a_card_moves_by_its_select_without_javascript(member: EngageClient) -> None:
    action = make_action(make_plan(), title="Print cards")
    answer = move(member, action, UNDER_WAY, "&view=board&late=1")
    assert answer.status == 303
    assert answer.location == f"{PLAN}?plan={action.plan_id}&late=1&view=board#plan-card-{action.number}"
    assert db.session.get(Action, action.id).status is UNDER_WAY
    assert member.page(PLAN).text(".flash p") == f"Action {action.number}: Under way."


def test_with_htmx_the_board_its_counts_and_a_word_come_back(member: EngageClient) -> None:
    action = make_action(make_plan())
    page = move(member, action, DONE, htmx=True)
    assert page.status == 200
    assert page.texts(".plan-column-title .count") == ["0", "0", "0", "1", "0"]
    assert page.text("#plan-counts .lead").startswith("1 of 1 action done")
    assert page.text("#status p") == f"Action {action.number}: Done."
    assert page.one(".plan-card-moved").attributes["id"] == f"plan-card-{action.number}"


@pytest.mark.parametrize(("from_", "to"), [(UNDER_WAY, STUCK), (STUCK, NO_LONGER_NEEDED), (DONE, UNDER_WAY)])
def test_a_move_that_asks_why_leads_to_the_question_with_what_was_chosen(
    member: EngageClient, from_: ActionStatus, to: ActionStatus
) -> None:
    action = make_action(make_plan(), status=from_)
    answer = move(member, action, to, "&view=board")
    assert answer.status == 303
    assert db.session.get(Action, action.id).status is from_
    page = member.page(answer.location)
    assert page.one("select[name=status] option[selected]").attributes["value"] == to.value
    done = member.send(
        page.one("form.plan-change-form").attributes["action"],
        version=str(action.version),
        status=to.value,
        reason="Because",
    )
    assert done.location == f"{PLAN}?plan={action.plan_id}&view=board#plan-card-{action.number}"
    assert db.session.get(Action, action.id).status is to


@pytest.mark.parametrize("htmx", [True, False])
def test_a_card_that_moved_meanwhile_stays_where_the_other_put_it(member: EngageClient, htmx: bool) -> None:
    action = make_action(make_plan())
    seen = action.version
    move(member, action, UNDER_WAY)
    stale = {"card": f"{action.number}:{seen}", f"to-{action.number}": "done"}
    answer = member.send(f"{MOVE}?plan={action.plan_id}", htmx=htmx, **stale)
    assert answer.status == 409
    assert "Someone changed action" in answer.text("body")
    assert db.session.get(Action, action.id).status is UNDER_WAY


def test_a_viewer_sees_the_board_and_moves_nothing(viewer: EngageClient) -> None:
    action = make_action(make_plan())
    assert viewer.page(f"{PLAN}?view=board").all(".plan-card select") == []
    assert move(viewer, action, DONE).status == 403


def test_a_card_of_another_coalition_does_not_exist(member: EngageClient) -> None:
    make_plan()
    other = make_coalition(slug="elsewhere")
    action = make_action(make_plan(coalition=other))
    assert move(member, action, DONE).status == 404
    assert db.session.get(Action, action.id).status is NOT_STARTED


@pytest.mark.parametrize("card", ["", "x:1", "1", "99999:1"])
def test_what_the_board_does_not_say_moves_nothing(member: EngageClient, card: str) -> None:
    action = make_action(make_plan())
    answer = member.send(f"{MOVE}?plan={action.plan_id}", **{"card": card, "to-1": "wrong"})
    assert answer.status in {400, 404}


# -- the timeline


def test_the_timeline_says_in_words_what_its_bars_show(member: EngageClient) -> None:
    plan = make_plan()
    make_action(plan, title="Both", start_on=date(2026, 11, 2), due_on=date(2026, 12, 12))
    make_action(plan, title="Due", due_on=date(2026, 11, 20))
    make_action(plan, title="None")
    page = member.page(f"{PLAN}?view=timeline")
    words = page.texts(".plan-bar-words .small-muted")
    assert words == [
        "by Nov 20, 4 days late · Not started",
        "Nov 2 to Dec 12 · Not started",
        "no date yet · Not started",
    ]
    assert len(page.all(".plan-bar rect")) == 1
    assert len(page.all(".plan-bar circle")) == 1
    assert page.text(".plan-timeline-key").startswith("Today, Nov 24.")
    assert page.texts(".plan-scale-names text") == ["Nov 2026", "Dec"]


def test_the_timeline_folds_what_is_finished_unless_someone_asked_for_it(member: EngageClient) -> None:
    plan = make_plan()
    make_action(plan, title="Open", due_on=date(2026, 12, 12))
    make_action(plan, title="Over", due_on=date(2026, 11, 20), status=DONE)
    page = member.page(f"{PLAN}?view=timeline")
    assert page.texts(".plan-timeline summary") == ["1 finished action : Not yet under a goal"]
    assert page.texts(".plan-timeline details .row-link") == ["Over"]
    page = member.page(f"{PLAN}?view=timeline&state=done")
    assert not page.all(".plan-timeline details")
    assert page.texts(".plan-timeline .row-link") == ["Over"]


def test_without_any_date_the_timeline_says_what_is_missing(member: EngageClient) -> None:
    make_action(make_plan())
    assert member.page(f"{PLAN}?view=timeline").text("#plan-timeline").startswith("None of these actions")


# -- how much it asks of the database


@pytest.mark.parametrize(
    "query", ["?view=board", "?view=timeline", "?group=owner", "?group=month&sort=moved"]
)
def test_a_view_of_many_asks_as_much_as_one_of_few(member: EngageClient, query: str) -> None:
    plan = make_plan()
    objective = make_objective(make_goal(plan))

    def fill(count: int) -> None:
        for _each in range(count):
            owner = make_membership(user=None)
            make_action(plan, None, objective, owner_id=owner.id, due_on=TODAY)

    fill(2)
    member.get(PLAN + query)
    with databases.counted_queries() as few:
        member.get(PLAN + query)
    fill(20)
    with databases.counted_queries() as many:
        member.get(PLAN + query)
    assert len(many) == len(few)


def test_a_plan_whose_time_is_over_says_so_and_leads_to_the_next(
    coordinator: EngageClient, member: EngageClient
) -> None:
    plan = make_plan(starts_on=date(2025, 11, 24), ends_on=TODAY)
    assert not coordinator.page(PLAN).all("#plan-ended")
    plan.ends_on = TODAY - timedelta(days=1)
    db.session.commit()
    said = "The time set for this plan ended on November 23, 2026."
    page = coordinator.page(PLAN)
    assert page.text("#plan-ended") == f"{said} Start the next plan"
    assert page.one("#plan-ended a").attributes["href"] == f"{PLAN}{plan.id}/next"
    assert member.page(PLAN).text("#plan-ended") == said
    make_plan(status=PlanStatus.DRAFT)
    assert coordinator.page(f"{PLAN}?plan={plan.id}").text("#plan-ended") == said
