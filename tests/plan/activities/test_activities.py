"""Activities: logging them, the list with its totals and filters, the file, and where else they show."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engage import clock
from engage.coalitions.models import Membership
from engage.extensions import db
from engage.history import HistoryEntry
from engage.plan.activities import queries as activities_queries
from engage.plan.activities.models import Activity
from engage.plan.activities.queries import ActivityFilters
from engage.plan.activities.rules import ActivityKind, Totals, together
from engage.plan.models import Goal, Plan
from tests import databases
from tests.client import EngageClient
from tests.factories import (
    make_action,
    make_activity,
    make_coalition,
    make_goal,
    make_measure,
    make_membership,
    make_objective,
    make_plan,
)
from tests.html import Page

PLAN = "/c/riverbend/plan/"
LIST = f"{PLAN}activities/"
NEW: dict[str, Any] = {
    "title": "Training for night clerks",
    "kind": "training",
    "happened_on": "2026-05-03",
    "reached": "23",
    "hours": "9.5",
    "audience_1": "hospitality_lodging",
}


def test_each_audience_has_a_name_of_its_own(member: EngageClient) -> None:
    named = member.page(f"{LIST}new").texts(".form-line label")
    assert named[:4] == ["Audience", "People", "Audience 2", "People in audience 2"]
    assert len({*named}) == len(named)


def log(client: EngageClient, query: str = "", **fields: Any) -> Page:
    return client.send(f"{LIST}new{query}", **{**NEW, **fields})


def the_activity() -> Activity:
    db.session.expire_all()
    return db.session.scalars(sa.select(Activity)).one()


def titles(client: EngageClient, query: str) -> list[str]:
    return sorted(client.page(f"{LIST}{query}").texts(".activity-title"))


def _plan(goal: Goal) -> Plan:
    return db.session.get_one(Plan, goal.plan_id)


# -- totals


def test_totals_add_up_to_the_hundredth_of_an_hour() -> None:
    assert together([Totals(1, 23, 0.1), Totals(2, 7, 0.2)]) == Totals(3, 30, 0.3)
    assert together([]) == Totals()


# -- logging


def test_an_activity_is_logged_with_its_counts(member: EngageClient) -> None:
    assert member.page(LIST).has("No activities yet")
    form = member.page(f"{LIST}new")
    assert form.value("happened_on") == clock.today("America/Chicago").isoformat()

    assert log(member).location == LIST

    activity = the_activity()
    assert (activity.kind, activity.reached, activity.hours) == (ActivityKind.TRAINING, 23, 9.5)
    assert activity.created_by_id == member.membership.id
    page = member.page(LIST)
    assert page.text("#plan-activity-totals") == "1 activity, 23 people reached, 9.5 hours"
    assert page.texts(".activity-table tbody tr") == [
        "May 3, 2026 Training for night clerks Training · Hotels, motels, and restaurants 23 reached 9.5 hours "
        "Edit : Training for night clerks"
    ]


def test_what_when_and_kind_are_enough(member: EngageClient) -> None:
    assert log(member, reached="", hours="", audience_1="").status == 303
    activity = the_activity()
    assert (activity.reached, activity.hours) == (None, None)
    assert activities_queries.audiences_of(activity) == ()


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ({"title": ""}, "Say what was done."),
        ({"kind": ""}, "Choose the kind of event."),
        ({"happened_on": ""}, "Choose the date."),
        ({"happened_on": "2099-01-01"}, "This day is in the future. Log the activity after it took place."),
        ({"reached": "-1"}, "This cannot be below zero."),
        ({"reached": "2.5"}, "Enter a whole number."),
        ({"reached": "2000000"}, "That number is too large."),
        ({"hours": "many"}, "Enter a number, such as 12 or 12.5."),
        ({"hours": "-1"}, "This cannot be below zero."),
        ({"audience_1": "wizards"}, "Not a valid choice."),
        ({"goal_id": "987654"}, "Not a valid choice."),
        ({"action_number": "987654"}, "There is no action with this number."),
    ],
)
def test_a_refused_activity_says_why_and_keeps_what_was_typed(
    member: EngageClient, field: dict[str, str], message: str
) -> None:
    make_goal(make_plan())
    page = log(member, **field)
    assert page.status == 422
    assert page.errors == [message]
    assert page.value("title") == field.get("title", NEW["title"])
    assert db.session.scalar(sa.select(Activity.id)) is None


def test_what_looks_like_personal_details_is_asked_about(member: EngageClient) -> None:
    page = log(member, title="Talk with 555-201-3344")
    assert page.status == 422
    assert page.has("This looks like it contains a phone number.")


def test_from_an_actions_page_it_is_logged_for_the_action_and_counts_for_its_goal(
    member: EngageClient,
) -> None:
    goal = make_goal(make_plan(), title="People are noticed")
    action = make_action(_plan(goal), goal)
    address = f"{PLAN}actions/{action.number}"
    (link,) = member.page(address).all("#plan-activities .btn")
    form = member.page(link.attributes["href"] or "")
    assert form.value("action_number") == str(action.number)

    page = log(member, f"?action={action.number}", action_number=action.number, goal_id=goal.id)

    assert page.location == f"{address}#plan-activities"
    activity = the_activity()
    assert (activity.action_id, activity.goal_id) == (action.id, None)
    for place in (address, f"{PLAN}goals/{goal.id}"):
        panel = member.page(place)
        assert panel.text("#plan-activities .panel-head p") == "1 activity, 23 people reached, 9.5 hours"
        assert panel.has("Training for night clerks")
    assert titles(member, f"?goal={goal.id}") == ["Training for night clerks"]


def test_from_a_goals_page_it_is_logged_for_the_goal(member: EngageClient) -> None:
    goal = make_goal(make_plan())
    other = make_goal(_plan(goal))
    (link,) = member.page(f"{PLAN}goals/{goal.id}").all("#plan-activities .btn")
    assert member.page(link.attributes["href"] or "").value("goal_id") == str(goal.id)
    page = log(member, f"?goal={goal.id}", goal_id=goal.id)
    assert page.location == f"{PLAN}goals/{goal.id}#plan-activities"
    assert the_activity().goal_id == goal.id
    assert titles(member, f"?goal={other.id}") == []


def test_another_coalitions_goals_and_actions_are_unknown(member: EngageClient) -> None:
    theirs = make_plan(coalition=make_coalition())
    goal = make_goal(theirs)
    make_goal(make_plan())
    assert log(member, goal_id=goal.id).errors == ["Not a valid choice."]
    action = make_action(theirs, goal)
    assert log(member, action_number=action.number).errors == ["There is no action with this number."]
    for query in (f"?goal={goal.id}", f"?action={action.number}"):
        assert member.get(f"{LIST}new{query}").status_code == 404


# -- the list


def test_the_list_is_filtered_by_its_address_and_the_totals_follow(coordinator: EngageClient) -> None:
    goal = make_goal(make_plan())
    make_activity(title="Spring", happened_on=date(2026, 3, 1), reached=10, hours=2, goal_id=goal.id)
    make_activity(title="Summer", happened_on=date(2026, 6, 30), reached=20, hours=3.5, discipline="nurses")
    make_activity(
        title="Fair", happened_on=date(2026, 7, 1), kind=ActivityKind.OUTREACH, reached=200, hours=None
    )
    make_activity(title="Theirs", coalition=make_coalition())

    assert titles(coordinator, "") == ["Fair", "Spring", "Summer"]
    assert titles(coordinator, "?since=2026-03-01&until=2026-06-30") == ["Spring", "Summer"]
    assert titles(coordinator, "?since=2026-03-02") == ["Fair", "Summer"]
    assert titles(coordinator, "?kind=outreach") == ["Fair"]
    assert titles(coordinator, "?discipline=nurses") == ["Summer"]
    assert titles(coordinator, f"?goal={goal.id}") == ["Spring"]
    assert titles(coordinator, "?kind=unheard&since=2026-02-31&discipline=x&goal=y") == [
        "Fair",
        "Spring",
        "Summer",
    ]

    page = coordinator.page(f"{LIST}?since=2026-03-01&until=2026-06-30")
    assert page.text("#plan-activity-totals") == (
        "2 activities, 30 people reached, 5.5 hours March 1, 2026 to June 30, 2026"
    )
    whole = coordinator.page(LIST)
    assert whole.texts(".activity-kinds tbody tr") == [
        "Training 2 activities 30 reached 5.5 hours",
        "Outreach 1 activity 200 reached 0 hours",
    ]
    assert coordinator.page(f"{LIST}?kind=policy").has("Nothing matches.")


def test_the_totals_are_there_for_reports_over_any_dates(coordinator: EngageClient) -> None:
    make_activity(happened_on=date(2026, 3, 1), reached=10, hours=2)
    make_activity(happened_on=date(2026, 9, 1), kind=ActivityKind.POLICY, reached=None, hours=1.5)
    found = activities_queries.totals_of(coordinator.membership, ActivityFilters(until=date(2026, 12, 31)))
    assert found == {ActivityKind.TRAINING: Totals(1, 10, 2, 10), ActivityKind.POLICY: Totals(1, 0, 1.5)}


def test_the_file_holds_what_the_filters_leave_and_is_for_coordinators(
    coordinator: EngageClient, member: EngageClient
) -> None:
    goal = make_goal(make_plan(), title="People are noticed")
    action = make_action(_plan(goal), goal, title="Train clerks")
    make_activity(
        title="=cmd", reached=23, hours=9.5, action_id=action.id, created_by_id=member.membership.id
    )
    make_activity(title="Old", happened_on=date(2025, 1, 1))
    answer = coordinator.get(f"{PLAN}activities.csv?since=2026-01-01")
    head, row = csv.reader(io.StringIO(answer.text.lstrip("\ufeff")))
    assert head[:6] == [
        "Date",
        "Kind",
        "What was done",
        "Audience",
        "People reached",
        "Volunteer and staff hours",
    ]
    assert row == [
        "2026-05-03",
        "Training",
        "'=cmd",
        "",
        "23",
        "9.5",
        "People are noticed",
        f"{action.number}. Train clerks",
        "Dan Reyes",
        *("", ""),  # no one gave feedback
    ]
    assert member.get(f"{PLAN}activities.csv").status_code == 403


def test_the_list_pages_and_asks_the_same_however_much_there_is(coordinator: EngageClient) -> None:
    coordinator.page(LIST)
    counts = []
    for more in (1, 120):
        for number in range(more):
            make_activity(title=f"Talk {number}")
        with databases.counted_queries() as queries:
            page = coordinator.page(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert page.has("Page 1 of 2")
    assert len(titles(coordinator, "?page=2")) == 21
    assert page.text("#plan-activity-totals").startswith("121 activities")


# -- changing


def test_ones_own_is_edited_and_history_keeps_the_numbers(member: EngageClient) -> None:
    log(member)
    address = f"{LIST}{the_activity().id}/edit"
    assert member.page(address).value("hours") == "9.5"

    assert member.send(address, version=1, **{**NEW, "reached": "25"}).status == 303

    assert the_activity().reached == 25
    rows = sa.select(HistoryEntry.old, HistoryEntry.new).where(HistoryEntry.field == "reached")
    assert [tuple(row) for row in db.session.execute(rows)] == [("23", "25")]


def test_the_second_of_two_who_edit_an_activity_sees_both(
    coordinator: EngageClient, member: EngageClient
) -> None:
    log(member)
    address = f"{LIST}{the_activity().id}/edit"
    coordinator.send(address, version=1, **{**NEW, "reached": "25"})
    page = member.send(address, version=1, **{**NEW, "reached": "30"})
    assert page.status == 409
    assert page.texts(".conflict-text") == ["25", "30"]


def test_a_member_changes_their_own_and_a_coordinator_all(
    coordinator: EngageClient, member: EngageClient
) -> None:
    activity = make_activity(created_by_id=coordinator.membership.id)
    for verb in ("edit", "delete"):
        assert member.get(f"{LIST}{activity.id}/{verb}").status_code == 404
    assert not member.page(LIST).all(".activity-table .row-link")
    own = make_activity(title="Mine", created_by_id=member.membership.id)
    asked = coordinator.page(f"{LIST}{own.id}/delete")
    assert asked.has("Mine, May 3, 2026")
    assert asked.has("You can restore it from there for 30 days.")
    assert coordinator.send(f"{LIST}{own.id}/delete").location == LIST
    assert the_activity().id == activity.id


def test_what_was_done_stays_when_its_action_or_goal_goes(coordinator: EngageClient) -> None:
    goal = make_goal(make_plan())
    action = make_action(_plan(goal), goal)
    activity = make_activity(action_id=action.id)
    coordinator.send(f"{PLAN}actions/{action.number}/delete")
    assert (the_activity().action_id, the_activity().goal_id) == (None, goal.id)
    assert coordinator.send(f"{PLAN}goals/{goal.id}/delete").status == 303
    assert (the_activity().id, the_activity().goal_id) == (activity.id, None)


# -- who may


def test_a_viewer_sees_no_activities(viewer: EngageClient) -> None:
    goal = make_goal(make_plan())
    make_activity(goal_id=goal.id)
    assert viewer.get(LIST).status_code == 403
    assert not viewer.page(f"{PLAN}goals/{goal.id}").all("#plan-activities")


def test_another_coalitions_activity_does_not_exist(
    client_of: Callable[[Membership], EngageClient],
) -> None:
    activity = make_activity()
    client = client_of(make_membership(coalition=make_coalition(slug="elsewhere")))
    assert client.get(f"/c/elsewhere/plan/activities/{activity.id}/edit").status_code == 404


def test_an_objectives_page_has_measures_and_no_activities(member: EngageClient) -> None:
    goal = make_goal(make_plan())
    make_activity(goal_id=goal.id)
    assert member.page(f"{PLAN}goals/{goal.id}").all("#plan-activities")
    measure = make_measure(make_objective(goal))
    page = member.page(f"{PLAN}objectives/{measure.objective_id}")
    assert page.all(f"#plan-measure-{measure.id}") and not page.all("#plan-activities")


def test_the_periods_lead_to_their_days(member: EngageClient) -> None:
    make_activity(happened_on=clock.today("America/Chicago") - timedelta(days=800))
    links = {node.text().strip(): node.attributes["href"] for node in member.page(LIST).all(".pills a")}
    year = clock.today("America/Chicago").year
    assert links["This year"] == f"{LIST}?since={year}-01-01"
    assert links["Last year"] == f"{LIST}?since={year - 1}-01-01&until={year - 1}-12-31"
    for url in links.values():
        member.page(url or "")
