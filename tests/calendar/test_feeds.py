"""The feeds: what is mine, a group's link that can be handed on, and when each of them ends."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from engage import clock
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.meetings.models import Meeting
from engage.meetings.rules import MeetingKind
from engage.plan.repeats import service as repeats_service
from engage.plan.repeats.rules import RepeatUnit, Rule, Series
from tests import factories
from tests.calendar.ics import Calendar, read
from tests.calendar.rows import CALENDAR, make_group, make_one_of_each
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.meetings.rows import make_meeting

SUBSCRIBE = f"{CALENDAR}subscribe"


def subscribe(client: EngageClient) -> None:
    answer = client.send("/account/calendar", coalition="riverbend")
    assert (answer.status, answer.location) == (303, SUBSCRIBE)


def links(client: EngageClient, part: str) -> list[str]:
    found = client.page(SUBSCRIBE).all(f"#calendar-{part} input[readonly]")
    return [(each.attributes["value"] or "").removeprefix("http://127.0.0.1") for each in found]


def feed(client: EngageClient, path: str) -> Calendar:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return read(answer.get_data(as_text=True))


def test_a_persons_feed_holds_what_their_calendar_shows_as_theirs(
    coordinator: EngageClient, client: EngageClient
) -> None:
    me = coordinator.membership
    make_one_of_each(me)
    group = make_group(me, "Schools", review_on=date(2027, 1, 5))
    group.lead_id = me.id
    db.session.commit()
    subscribe(coordinator)
    (own,) = links(coordinator, "own")
    found = feed(client, own)
    assert {"Print cards", "Fall meeting", "Review the group “Schools”"} <= set(found.titles())
    # No one's objectives, the decisions of no one, and agreements of no one are not mine.
    assert not {"Six beds", "Review decision 1"} & set(found.titles())
    assert {"Community assessment 2026 opens", "Community assessment 2026: last day to answer"} <= set(
        found.titles()
    )
    for secret in ("Room 2", "Bring cake", "Print in Spanish", "Ann"):
        assert not any(secret in line for event in found.events for line in event.lines.values())


def a_group(by: Membership, client: EngageClient) -> tuple[str, Membership]:
    """Makes a group with a meeting; returns the path of its feed and who made it."""
    group = make_group(by, "Housing", review_on=date(2027, 1, 5))
    make_meeting(by, title="Housing team", kind=MeetingKind.WORKGROUP, group_id=group.id, place="Room 2")
    make_meeting(by, title="Everyone")
    subscribe(client)
    (path,) = links(client, "groups")
    return path, by


def test_a_groups_feed_is_handed_on_without_giving_ones_own_away(
    member: EngageClient, client: EngageClient
) -> None:
    path, me = a_group(member.membership, member)
    factories.make_action(factories.make_plan(), title="Mine", owner_id=me.id, due_on=date(2027, 1, 1))
    found = feed(client, path)
    assert found.titles() == ["Housing team", "Review the group “Housing”"]
    assert found.head["X-WR-CALNAME"] == "Housing"
    assert "LOCATION" not in found.events[0].lines
    (own,) = links(member, "own")
    token = own.removeprefix("/calendar/").removesuffix(".ics")
    assert token not in path
    assert client.get(f"/calendar/group/{token}.ics").status_code == 404
    assert client.get(path.replace("/group", "")).status_code == 404


def test_a_groups_feed_holds_the_dates_of_what_its_goals_and_its_own_actions_repeat(
    member: EngageClient, client: EngageClient
) -> None:
    path, me = a_group(member.membership, member)
    plan = factories.make_plan()
    goal = factories.make_goal(plan, group_id=group_id())
    series = Series(Rule(RepeatUnit.MONTH_DAY, 6, 15), date(2027, 1, 15))
    for title, under, values in (
        ("Count beds", goal, {}),
        ("Call schools", None, {"group_id": group_id()}),
        ("Of everyone", None, {}),
    ):
        action = factories.make_action(plan, under, title=title, due_on=date(2027, 1, 15), **values)
        repeats_service.begin(me, action, series)
    db.session.commit()
    found = [title for title in feed(client, path).titles() if "Housing" not in title]
    assert sorted(set(found)) == ["Call schools", "Count beds"]
    # Each has the action that is there, and the dates after it within a year.
    assert found.count("Count beds") == found.count("Call schools") == 2
    page = member.page(f"{CALENDAR}?month=2027-07&group={group_id()}")
    assert sorted(page.texts(".entry-title")) == ["Call schools", "Count beds"]


def test_the_groups_entry_of_a_meeting_is_the_one_that_a_person_has(
    member: EngageClient, client: EngageClient
) -> None:
    path, _me = a_group(member.membership, member)
    meeting = db.session.scalars(db.select(Meeting).where(Meeting.title == "Housing team")).one()
    own = member.get(f"/c/riverbend/meetings/{meeting.id}/meeting.ics").get_data(as_text=True)
    assert f"UID:{feed(client, path).events[0]['UID']}\r\n" in own


@pytest.mark.parametrize(
    "how", ["renewed", "stopped", "left", "paused", "viewer", "disabled", "closed", "deleted"]
)
def test_a_groups_link_ends_with_the_link_and_the_place_of_who_handed_it_on(
    member: EngageClient, client: EngageClient, coordinator: EngageClient, how: str
) -> None:
    path, _me = a_group(member.membership, member)
    feed(client, path)
    me = db.session.get_one(Membership, member.membership.id)
    assert me.user is not None
    if how == "renewed":
        subscribe(member)
    elif how == "stopped":
        member.send("/account/calendar/stop")
    elif how == "deleted":
        group = group_id()
        db.session.execute(db.delete(Meeting))
        db.session.commit()
        assert coordinator.send(f"/c/riverbend/people/groups/{group}/delete").status == 303
    elif how == "left":
        me.left_on = date(2026, 1, 1)
    elif how == "paused":
        me.disabled_at = clock.now()
    elif how == "viewer":
        me.role = Role.VIEWER
    elif how == "disabled":
        me.user.disabled_at = clock.now()
    else:
        me.coalition.closed_at = clock.now()
    db.session.commit()
    assert client.get(path).status_code == 404


def group_id() -> int:
    return db.session.scalars(db.select(Meeting.group_id).where(Meeting.title == "Housing team")).one() or 0


@pytest.mark.parametrize("token", ["", "x", "A" * 48, "é" * 10, "A" * 3000])
def test_a_guessed_group_link_opens_nothing_and_asks_the_database_nothing(
    client: EngageClient, token: str
) -> None:
    with counted_queries() as statements:
        assert client.get(f"/calendar/group/{token}.ics").status_code == 404
    assert not statements


def test_whoever_has_no_link_yet_is_offered_one_and_nothing_of_groups(member: EngageClient) -> None:
    make_group(member.membership, "Housing")
    page = member.page(SUBSCRIBE)
    assert not page.all("input[readonly]")
    assert page.text("#calendar-own button") == "Make a calendar link"
    assert page.has("With a link of your own you can also share")
    assert not page.all("#calendar-public")


def test_a_viewer_subscribes_to_their_own_alone(viewer: EngageClient) -> None:
    make_group(factories.make_membership(), "Housing")
    subscribe(viewer)
    assert len(links(viewer, "own")) == 1
    assert not viewer.page(SUBSCRIBE).all("#calendar-groups")


def test_a_form_of_a_coalition_that_is_not_mine_leads_to_my_account(member: EngageClient) -> None:
    factories.make_coalition(slug="bexar")
    for slug in ("bexar", "", "//evil.example"):
        answer = member.send("/account/calendar", coalition=slug)
        assert answer.location == "/account/messages#messages-calendar"


def test_a_coordinator_finds_the_public_feed_once_the_page_is_published(
    coordinator: EngageClient, client: EngageClient
) -> None:
    assert "not published" in coordinator.page(SUBSCRIBE).text("#calendar-public")
    make_meeting(coordinator.membership, title="Town hall", is_open=True, public_place="Library")
    make_meeting(coordinator.membership, title="Core team")
    coordinator.send("/c/riverbend/reports/public/publish")
    (path,) = links(coordinator, "public")
    assert feed(client, path).titles() == ["Town hall"]


def test_a_link_of_an_earlier_key_is_said_and_can_be_made_anew(
    member: EngageClient, client_of: Callable[[Membership], EngageClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(member)
    monkeypatch.setitem(
        member.application.config, "SECRET_KEY", "another-key-another-key-another-key-another"
    )
    page = client_of(member.membership).page(SUBSCRIBE)
    assert page.has("was made with an earlier key") and page.all("#calendar-own button")


def test_a_groups_feed_takes_as_many_queries_however_many_meetings(
    member: EngageClient, client: EngageClient
) -> None:
    path, me = a_group(member.membership, member)
    group, counts = group_id(), []
    for number in range(2):
        for day in range(5):
            starts_at = datetime(2094, 1, 1, tzinfo=UTC) + timedelta(days=number * 7 + day)
            make_meeting(me, kind=MeetingKind.WORKGROUP, group_id=group, starts_at=starts_at)
        with counted_queries() as statements:
            client.get(path)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8
