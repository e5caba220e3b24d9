"""The month, its list and a day: what stands in them for whom, and how one finds through them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from engage import clock
from engage.calendar.pages import ICONS
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.meetings.rules import MeetingKind
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityKind, ActivityState
from engage.plan.repeats import service as repeats_service
from engage.plan.repeats.rules import RepeatUnit, Rule, Series
from engage.plan.rules import ActionStatus, PlanStatus
from engage.web import static_files
from tests import factories
from tests.calendar.rows import CALENDAR, DAY, EVENING, make_event, make_group, make_one_of_each
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.html import Page
from tests.meetings.rows import make_meeting

ON = f"{CALENDAR}{DAY.isoformat()}"


def titles(page: Page) -> list[str]:
    return page.texts(".entry-title")


def test_a_day_holds_everything_that_has_it_and_each_leads_to_its_page(member: EngageClient) -> None:
    make_one_of_each(factories.make_membership(role=Role.COORDINATOR, name="Ann Lee"))
    page = member.page(ON)
    assert page.text("h1") == "Tuesday, November 17, 2026"
    found = titles(page)
    assert found[:4] == ["Fall meeting", "Training of nurses", "Print cards", "Six beds"]
    assert len(found) == 11
    assert {"Our report", "Review decision 1", "Review the group “Housing”"} <= set(found)
    assert {"Our bed promise (Grace Church) ends", "Review: Our bed promise (Grace Church)"} <= set(found)
    assert "Community assessment 2026 opens" in found
    assert page.has("Print in Spanish") and page.has("6:00 PM to 7:30 PM") and page.has("Room 2")
    for link in page.all(".entry-link"):
        assert member.get(link.attributes["href"]).status_code == 200
    assert titles(member.page(f"{CALENDAR}2026-11-24")) == ["Community assessment 2026: last day to answer"]


def test_a_viewer_finds_what_their_pages_show_and_nothing_of_members(
    viewer: EngageClient,
) -> None:
    by = factories.make_membership(role=Role.COORDINATOR, name="Ann Lee")
    make_one_of_each(by)
    place = {"place": "Room behind the kitchen", "public_place": "Public library"}
    make_meeting(by, title="Town hall", starts_at=EVENING, is_open=True, **place)
    page = viewer.page(ON)
    assert sorted(titles(page)) == [
        "Community assessment 2026 opens",
        "MOU with Grace Church ends",
        "Print cards",
        "Six beds",
        "Town hall",
    ]
    assert page.has("Public library")
    for hidden in ("Ann Lee", "kitchen", "Our bed promise", "Print in Spanish", "Housing"):
        assert hidden not in page.html, hidden
    for link in page.all(".entry-link"):
        assert viewer.get(link.attributes["href"]).status_code == 200
    month = viewer.page(f"{CALENDAR}?mine=1&group=1")
    assert "Mine" not in month.texts(".pill") and "Reviews" not in month.texts("#calendar-kind option")
    assert not month.all("#calendar-group")
    assert "Town hall" in titles(month)


def test_an_event_has_its_time_and_place_and_one_called_off_says_so(member: EngageClient) -> None:
    by = factories.make_membership(role=Role.COORDINATOR)
    make_event(
        by, "Training", starts_at=EVENING, minutes=60, place="Clinic, room 4", link="https://meet.example.org"
    )
    make_event(by, "Street fair", state=ActivityState.CALLED_OFF)
    page = member.page(ON)
    assert page.texts(".entry") == [
        "6:00 PM Training Event 6:00 PM to 7:00 PM Clinic, room 4",
        "Street fair Event Canceled",
    ]
    assert "meet.example.org" not in page.html


def test_a_viewer_finds_an_open_event_without_a_page_of_members(viewer: EngageClient) -> None:
    by = factories.make_membership(role=Role.COORDINATOR)
    make_event(by, "Street fair", is_open=True, place="Main Street")
    make_event(by, "Training of judges")
    page = viewer.page(ON)
    assert titles(page) == ["Street fair"] and page.has("Main Street")
    assert not page.all("a.entry-link")


def test_another_coalitions_days_are_not_here(member: EngageClient) -> None:
    make_one_of_each(factories.make_membership(coalition=factories.make_coalition()))
    assert titles(member.page(ON)) == []
    assert member.page(ON).has("Nothing on this day.")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=meeting", ["Fall meeting"]),
        ("kind=event", ["Training of nurses"]),
        ("kind=plan", ["Print cards", "Six beds"]),
        ("kind=agreement", ["Our bed promise (Grace Church) ends"]),
        ("kind=round", ["Community assessment 2026 opens"]),
        ("kind=plan&mine=1", ["Print cards"]),
        ("kind=agreement&mine=1", []),
        ("kind=spiral&group=x&mine=perhaps&view=moon&kind=meeting", None),
    ],
)
def test_filters_leave_what_fits(coordinator: EngageClient, query: str, found: list[str] | None) -> None:
    make_one_of_each(coordinator.membership)
    shown = titles(coordinator.page(f"{ON}?{query}"))
    assert shown == found if found is not None else len(shown) == 11
    if found == []:
        assert coordinator.page(f"{ON}?{query}").has("Nothing matches on this day.")


def test_a_groups_days_are_its_meetings_its_review_and_what_is_due_of_it(member: EngageClient) -> None:
    by = factories.make_membership(role=Role.COORDINATOR)
    make_one_of_each(by)
    schools = make_group(by, "Schools", review_on=DAY)
    make_meeting(by, title="School team", kind=MeetingKind.WORKGROUP, group_id=schools.id, starts_at=EVENING)
    plan = factories.make_plan(status=PlanStatus.DRAFT)
    goal = factories.make_goal(plan, group_id=schools.id)
    factories.make_objective(goal, title="Six schools", due_on=DAY)
    factories.make_action(plan, goal, title="Ask the board", due_on=DAY)
    factories.make_action(plan, title="Call the nurse", due_on=DAY, group_id=schools.id)
    page = member.page(f"{CALENDAR}{DAY}?group={schools.id}")
    found = ["School team", "Ask the board", "Call the nurse", "Six schools", "Review the group “Schools”"]
    assert titles(page) == found
    page = member.page(f"{CALENDAR}?group={schools.id}")
    assert page.value("group") == str(schools.id)
    assert page.has("Only: Schools")
    theirs = make_group(
        factories.make_membership(coalition=factories.make_coalition()), "Theirs", review_on=DAY
    )
    assert titles(member.page(f"{CALENDAR}?group={theirs.id}")) == []


def test_mine_are_everyones_meetings_and_those_of_my_groups(member: EngageClient) -> None:
    by = factories.make_membership(role=Role.COORDINATOR)
    for name, people in (("Ours", [member.membership]), ("Theirs", [by])):
        group = make_group(by, name, *people)
        make_meeting(by, title=name, kind=MeetingKind.WORKGROUP, group_id=group.id, starts_at=EVENING)
    make_meeting(by, title="Everyone", starts_at=EVENING)
    assert titles(member.page(f"{ON}?mine=1")) == ["Everyone", "Ours"]
    assert titles(member.page(ON)) == ["Everyone", "Ours", "Theirs"]


def test_a_month_opens_today_and_leads_to_those_beside_it(member: EngageClient) -> None:
    page = member.page(f"{CALENDAR}?kind=meeting")
    assert page.text("#calendar-month-title") == "November 2026"
    assert [
        (each.attributes["rel"], each.attributes["href"]) for each in page.all("[rel=prev], [rel=next]")
    ] == [
        ("prev", f"{CALENDAR}?kind=meeting&month=2026-10"),
        ("next", f"{CALENDAR}?kind=meeting&month=2026-12"),
    ]
    assert page.has("Nothing matches in this month.")
    assert page.text("#calendar-today") == "27 Friday, November 27 (today): nothing"
    january = member.page(f"{CALENDAR}?month=2027-01")
    assert january.texts(".calendar-turn a") == ["‹ December 2026", "Today", "February ›"]
    assert not january.all("#calendar-today")
    for wrong in ("2026-13", "0001-01", "never"):
        assert member.page(f"{CALENDAR}?month={wrong}").text("#calendar-month-title") == "November 2026"


@pytest.mark.parametrize("edge", ["2000-01", "2199-12"])
def test_the_calendar_ends_where_no_one_looks(member: EngageClient, edge: str) -> None:
    assert len(member.page(f"{CALENDAR}?month={edge}").all("[rel=prev], [rel=next]")) == 1
    day = {"2000-01": "2000-01-01", "2199-12": "2199-12-31"}[edge]
    assert len(member.page(f"{CALENDAR}{day}").all("nav.button-row a")) == 1


@pytest.mark.parametrize("path", ["2026-11-31", "1999-12-31", "tomorrow", "2026-11"])
def test_a_day_that_there_is_not_is_not_found(member: EngageClient, path: str) -> None:
    assert member.get(f"{CALENDAR}{path}").status_code == 404


def test_a_day_of_ninety_shows_a_few_and_leads_to_all_of_them(member: EngageClient) -> None:
    plan = factories.make_plan()
    for number in range(90):
        factories.make_action(plan, title=f"Call {number:02}", due_on=DAY)
    make_meeting(member.membership, title="Fall meeting", starts_at=EVENING)
    month = member.page(f"{CALENDAR}?kind=plan")
    assert len(titles(month)) == 3
    more = month.one(".month-more")
    assert month.text(".month-more") == "87 more : Tuesday, November 17"
    assert more.attributes["href"] == f"{ON}?kind=plan"
    assert titles(member.page(CALENDAR))[0] == "Fall meeting"
    assert len(titles(member.page(f"{CALENDAR}?view=list"))) == 12
    assert len(titles(member.page(ON))) == 91
    for number in range(10):
        factories.make_action(plan, title=f"Mail {number:02}", due_on=DAY)
    page = member.page(f"{ON}?kind=plan&page=1")
    assert len(titles(page)) == 100
    with_meeting = member.page(f"{ON}?page=2")
    assert len(titles(with_meeting)) == 1


def test_five_thousand_events_leave_a_month_as_it_was(member: EngageClient) -> None:
    make_event(member.membership, "Training of nurses")
    before = member.page(CALENDAR)
    with counted_queries() as few:
        member.get(CALENDAR)
    of = {"coalition_id": member.membership.coalition_id, "created_at": clock.now(), "version": 1}
    usual = {**of, "kind": ActivityKind.TRAINING, "state": ActivityState.PLANNED}
    days = [date(2027, 1, 1) + timedelta(days=number % 1000) for number in range(5000)]
    db.session.execute(
        sa.insert(Activity),
        [{**usual, "title": f"Training {number}", "happened_on": day} for number, day in enumerate(days)],
    )
    db.session.commit()
    with counted_queries() as many:
        assert member.page(CALENDAR).text("main") == before.text("main")
    assert len(many) == len(few)
    # Five of them are on each day, and each of these shows all.
    assert len(titles(member.page(f"{CALENDAR}2027-01-01"))) == 5


def test_the_list_names_only_days_on_which_something_is(member: EngageClient) -> None:
    make_meeting(member.membership, title="Fall meeting", starts_at=EVENING)
    page = member.page(f"{CALENDAR}?view=list")
    assert page.texts(".month-name .month-words") == ["Tuesday, November 17"]
    assert not page.all("#calendar-today")
    make_meeting(member.membership, title="Next", starts_at=EVENING + timedelta(days=12))
    assert "Next" in member.page(f"{CALENDAR}?view=list").text("#calendar-today")


def test_what_is_done_is_marked_and_what_is_late_too(member: EngageClient) -> None:
    plan = factories.make_plan()
    factories.make_action(plan, title="Done", due_on=DAY, status=ActionStatus.DONE)
    factories.make_action(plan, title="Late", due_on=DAY)
    factories.make_action(plan, title="Dropped", due_on=DAY, status=ActionStatus.NO_LONGER_NEEDED)
    closed = factories.make_plan(status=PlanStatus.CLOSED)
    factories.make_action(closed, title="Of the old plan", due_on=DAY)
    page = member.page(ON)
    assert titles(page) == ["Done", "Late"]
    assert page.texts(".entry-rest") == ["Due Done", "Due Late"]


def test_dates_of_what_repeats_stand_there_before_their_action_is_made(viewer: EngageClient) -> None:
    by = factories.make_membership(role=Role.COORDINATOR)
    action = factories.make_action(factories.make_plan(), title="Count", due_on=date(2026, 11, 30))
    repeats_service.begin(by, action, Series(Rule(RepeatUnit.MONTH_DAY, 1, 30), date(2026, 11, 30)))
    assert titles(viewer.page(f"{CALENDAR}?month=2026-12")) == ["Count"]
    assert titles(viewer.page(CALENDAR)) == ["Count"]
    # Beyond a year no one counts on them.
    assert titles(viewer.page(f"{CALENDAR}?month=2030-01")) == []


def test_a_date_that_passed_without_its_action_is_not_there(viewer: EngageClient) -> None:
    by = factories.make_membership(role=Role.COORDINATOR)
    action = factories.make_action(factories.make_plan(), title="Count", due_on=date(2026, 11, 30))
    repeats_service.begin(by, action, Series(Rule(RepeatUnit.MONTH_DAY, 1, 30), date(2026, 11, 30)))
    with time_machine.travel(datetime(2027, 3, 15, 18, tzinfo=UTC), tick=False):
        client = factories.signed_in_client(viewer.application, viewer.membership)
        assert titles(client.page(f"{CALENDAR}?month=2027-01")) == []
        assert titles(client.page(f"{CALENDAR}?month=2027-03")) == ["Count"]


def test_the_hour_that_repeats_names_its_zone_and_keeps_its_order(member: EngageClient) -> None:
    for title, hour in (("Late shift", 7), ("Early shift", 6)):
        starts_at = datetime(2026, 11, 1, hour, 30, tzinfo=UTC)
        make_meeting(member.membership, title=title, starts_at=starts_at, minutes=15)
    page = member.page(f"{CALENDAR}2026-11-01")
    assert titles(page) == ["Early shift", "Late shift"]
    assert page.texts(".entry-time") == ["1:30 AM CDT", "1:30 AM CST"]


def test_the_calendar_is_the_plans_fourth_view(member: EngageClient) -> None:
    factories.make_action(factories.make_plan(), title="Print cards", due_on=DAY)
    tabs = member.page("/c/riverbend/plan/?view=board&mine=1").all(".sections a")
    assert tabs[3].attributes["href"] == f"{CALENDAR}?kind=plan&mine=1"
    page = member.page(f"{CALENDAR}?kind=plan")
    assert page.texts(".sections a") == ["List", "Board", "Timeline", "Calendar"]
    assert page.texts(".sections [aria-current]") == ["Calendar"]
    assert page.all(".sections a")[1].attributes["href"] == "/c/riverbend/plan/?view=board"
    assert titles(page) == ["Print cards"]
    assert not member.page(CALENDAR).all(".sections")
    closed = factories.make_plan(status=PlanStatus.CLOSED)
    assert len(member.page(f"/c/riverbend/plan/?plan={closed.id}").all(".sections a")) == 3


def test_long_names_and_markup_stay_text(member: EngageClient) -> None:
    make_meeting(member.membership, title="<b>&" + "x" * 115, starts_at=EVENING)
    assert titles(member.page(CALENDAR)) == ["<b>&" + "x" * 115]


def test_the_number_of_queries_does_not_grow(
    client_of: Callable[[Membership], EngageClient],
) -> None:
    by = factories.make_membership(role=Role.COORDINATOR)
    client, plan = client_of(by), make_one_of_each(by)
    counts = []
    for number in range(2):
        for row in range(6):
            factories.make_action(plan, due_on=DAY, owner_id=by.id)
            make_meeting(by, starts_at=EVENING)
            make_group(by, f"Group {number} {row}", review_on=DAY)
        with counted_queries() as statements:
            client.get(CALENDAR)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 17
    with counted_queries() as few:
        client.get(f"{CALENDAR}?kind=meeting")
    assert len(few) <= 8


def test_each_kind_of_entry_has_an_icon_that_is_there() -> None:
    sprite = Path(static_files.__file__).parents[2].joinpath("static", static_files.ICONS).read_text()
    assert [name for name in ICONS.values() if f'id="{name}"' not in sprite] == []
