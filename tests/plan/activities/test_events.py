"""Events before they happen: planning, changing, calling off and counting them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engage import clock
from engage.extensions import db
from engage.plan.activities import queries
from engage.plan.activities.models import Activity, ActivityPartner
from engage.plan.activities.rules import ActivityState, Audience, is_over
from tests.client import EngageClient
from tests.factories import (
    make_activity,
    make_goal,
    make_objective,
    make_organization,
    make_plan,
    saved,
)
from tests.html import Page

LIST = "/c/riverbend/plan/activities/"
EVENT: dict[str, Any] = {
    "title": "Training for school nurses",
    "kind": "training",
    "happened_on": "2026-12-08",
    "time": "18:30",
    "minutes": "90",
    "place": "Public library, Room 2",
    "audience_1": "nurses",
    "audience_2": "school_counselors",
    "county": "River County",
    "language": "Spanish",
}


def plan(client: EngageClient, **fields: Any) -> Page:
    return client.send(f"{LIST}plan", **{**EVENT, **fields})


def the_event() -> Activity:
    db.session.expire_all()
    return db.session.scalars(sa.select(Activity)).one()


def page_of(event: Activity) -> str:
    return f"{LIST}{event.id}/"


# -- rules


@pytest.mark.parametrize(("hour", "minutes", "over"), [(17, 60, False), (18, 60, True), (19, None, False)])
def test_an_event_is_over_after_its_planned_end_else_after_its_day(
    hour: int, minutes: int | None, over: bool
) -> None:
    begins, now = datetime(2026, 5, 3, 17, tzinfo=UTC), datetime(2026, 5, 3, hour, tzinfo=UTC)
    assert is_over(begins.date(), begins, minutes, date(2026, 5, 3), now) is over
    assert is_over(begins.date(), begins, None, date(2026, 5, 4), now)


# -- planning


def test_an_event_is_planned_with_its_time_and_shown_above_the_list(coordinator: EngageClient) -> None:
    partner = make_organization(name="River Clinic")
    objective = make_objective(make_goal(make_plan()), title="All nurses know the signs")
    answer = plan(coordinator, partners=str(partner.id), objective_id=str(objective.id), is_open="y")

    event = the_event()
    assert answer.location == page_of(event)
    assert event.state is ActivityState.PLANNED
    assert event.starts_at == datetime(2026, 12, 9, 0, 30, tzinfo=UTC)
    assert event.is_open
    page = coordinator.page(page_of(event))
    for words in (
        "December 8, 2026, 6:30 PM to 8:00 PM",
        "Public library, Room 2",
        "River Clinic",
        "All nurses know the signs",
        "Spanish",
    ):
        assert page.has(words)
    assert coordinator.page(LIST).text("#plan-coming .activity-title") == EVENT["title"]


def test_past_events_that_no_one_counted_do_not_hide_what_is_coming_up(coordinator: EngageClient) -> None:
    planned: dict[str, Any] = {"state": ActivityState.PLANNED, "reached": None, "hours": None}
    for n in range(12):
        make_activity(title=f"Old event {n}", happened_on=date(2026, 3, 1 + n), **planned)
    plan(coordinator)
    page = coordinator.page(LIST)
    assert page.texts("#plan-coming .activity-title") == [EVENT["title"]]
    assert page.texts("#plan-uncounted .activity-title")[0] == "Old event 0"


def test_a_goals_page_counts_nothing_while_its_events_are_only_planned(coordinator: EngageClient) -> None:
    goal = make_goal(make_plan())
    make_activity(state=ActivityState.PLANNED, goal_id=goal.id)
    page = coordinator.page(f"/c/riverbend/plan/goals/{goal.id}")
    assert len(page.all("#plan-activities .activity-table tbody tr")) == 1
    assert not page.all("#plan-activities .panel-head p")


def test_what_is_planned_or_called_off_counts_nowhere(coordinator: EngageClient) -> None:
    make_activity(reached=7)
    plan(coordinator)
    assert coordinator.page(LIST).text("#plan-activity-totals").startswith("1 activity, 7 people reached")
    totals = queries.totals_of(coordinator.membership, queries.ActivityFilters())
    assert sum(each.activities for each in totals.values()) == 1


def test_only_a_coordinator_opens_an_event_to_the_public(member: EngageClient) -> None:
    assert not member.page(f"{LIST}plan").all("[name=is_open]")
    plan(member, is_open="y")
    assert not the_event().is_open


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": ""}, "Give it a title."),
        (
            {"link": "javascript:alert(1)"},
            "Enter a web address like example.org or https://example.org/help.",
        ),
        (
            {"happened_on": "2026-03-08", "time": "02:30"},
            "Clocks move forward that day and skip this time. Choose 3:00 AM or later.",
        ),
        ({"audience_2": "nurses"}, "This audience is chosen twice."),
        ({"minutes": "-5"}, "This cannot be below zero."),
        ({"partners": "987654"}, "'987654' is not a valid choice for this field."),
    ],
)
def test_a_refused_event_says_why_and_keeps_what_was_typed(
    coordinator: EngageClient, fields: dict[str, str], message: str
) -> None:
    make_organization()
    page = plan(coordinator, **fields)
    assert page.status == 422
    assert page.errors == [message]
    assert page.value("place") == EVENT["place"]
    assert db.session.scalar(sa.select(Activity.id)) is None


def test_a_time_that_comes_twice_is_the_first_one_and_the_page_says_so(coordinator: EngageClient) -> None:
    plan(coordinator, happened_on="2026-11-01", time="01:30", minutes="")
    event = the_event()
    assert event.starts_at == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert coordinator.page(page_of(event)).has("show this time twice: this is the first one")


# -- afterwards


def test_once_it_is_over_the_page_asks_who_came_and_one_form_counts_it(member: EngageClient) -> None:
    today = clock.today("America/Chicago")
    plan(member, happened_on=(today - timedelta(days=1)).isoformat(), time="")
    event = the_event()
    assert member.page(page_of(event)).has("This event has ended.")
    form = member.page(f"{page_of(event)}count")
    assert (form.value("audience_1"), form.value("county")) == ("nurses", "River County")

    typed = {name: form.value(name) for name in ("version", "title", "kind", "happened_on", "audience_1")}
    counts = {"reached": "30", "hours": "8", "materials": "120", "people_1": "20"}
    answer = member.send(f"{page_of(event)}count", **typed, **counts)

    assert answer.location == page_of(event)
    event = the_event()
    assert (event.state, event.reached, event.materials) == (ActivityState.HELD, 30, 120)
    assert queries.audiences_of(event) == (Audience("nurses", 20),)
    assert member.page(LIST).has("1 activity, 30 people reached, 8 hours")


def test_audiences_cannot_add_up_to_more_people_than_were_reached(member: EngageClient) -> None:
    fields = {**EVENT, "happened_on": "2026-05-03", "reached": "10", "people_1": "8", "people_2": "3"}
    page = member.send(f"{LIST}new", **fields)
    assert page.status == 422
    assert page.errors == ["The audiences add up to 11 people, more than were reached."]


def test_an_event_is_called_off_and_planned_again(member: EngageClient) -> None:
    plan(member)
    event = the_event()
    assert member.page(f"{page_of(event)}call-off").has("Cancel this event?")
    assert member.send(f"{page_of(event)}call-off").location == page_of(event)
    assert member.page(page_of(event)).has("This event is canceled and is not counted anywhere.")
    assert not member.page(LIST).all("#plan-coming")
    assert member.page(f"{LIST}?state=called_off").texts(".activity-table .activity-title") == [
        EVENT["title"]
    ]
    member.send(f"{page_of(event)}plan-again")
    assert the_event().state is ActivityState.PLANNED


def test_what_was_called_off_meanwhile_is_not_called_off_again(member: EngageClient) -> None:
    event = make_activity(state=ActivityState.HELD, created_by_id=member.membership.id)
    assert member.send(f"{page_of(event)}call-off").status == 409


def test_members_write_down_their_own_hours_and_the_sum_is_offered_as_the_count(
    member: EngageClient, coordinator: EngageClient
) -> None:
    plan(coordinator)
    event = the_event()
    for client, hours in ((member, "2"), (member, "2.5"), (coordinator, "4")):
        assert client.send(f"{page_of(event)}hours", mine=hours).status == 303
    assert member.page(page_of(event)).has("6.5 hours")
    assert member.page(page_of(event)).value("mine") == "2.5"
    assert coordinator.page(f"{page_of(event)}count").value("hours") == "6.5"
    assert member.send(f"{page_of(event)}hours", mine="-1").errors == ["This cannot be below zero."]
    member.send(f"{page_of(event)}hours", mine="")
    assert coordinator.page(f"{page_of(event)}count").value("hours") == "4"


def test_a_deleted_event_comes_back_with_its_audiences_and_partners(coordinator: EngageClient) -> None:
    plan(coordinator, partners=str(make_organization().id))
    event = the_event()
    page = coordinator.page(coordinator.send(f"{page_of(event)}delete").location or "")
    assert db.session.scalar(sa.select(Activity.id)) is None
    coordinator.send(page.one("form.undo").attributes["action"] or "")
    event = the_event()
    assert [each.discipline for each in queries.audiences_of(event)] == ["nurses", "school_counselors"]
    assert len(queries.partners_of(event)) == 1


def test_partners_that_are_merged_are_named_once(coordinator: EngageClient) -> None:
    partner, event = make_organization(name="River Clinic"), make_activity()
    for _row in range(2):
        saved(
            ActivityPartner(coalition_id=event.coalition_id, activity_id=event.id, organization_id=partner.id)
        )
    assert queries.partners_of(event) == [(partner.id, "River Clinic")]
