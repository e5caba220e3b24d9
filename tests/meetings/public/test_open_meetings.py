"""Meetings that are open to the public: who marks them, what of them is public, and what never is."""

from collections.abc import Callable
from datetime import date, timedelta

import icalendar
import sqlalchemy as sa

from engage import clock, tokens
from engage.clock import local_day
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.meetings.models import Meeting
from engage.plan.signups import queries as signups_queries
from engage.plan.signups import service as signups_service
from tests.calendar.rows import make_event
from tests.client import EngageClient
from tests.factories import make_membership, the_coalition
from tests.meetings.planning.test_meetings import TYPED, only_meeting
from tests.meetings.rows import COMING, MEETINGS, PAST, make_item, make_meeting

EDIT = "/c/riverbend/reports/public"
OPEN = {"is_open": "y", "public_place": "Public library, front door"}
INSIDE = {
    "place": "Room behind the kitchen",
    "link": "https://meet.example.org/secret",
    "about": "Bring the case list",
}


def an_open_meeting(by: Membership, **values: object) -> Meeting:
    given = {"title": "Town hall", "is_open": True, "public_place": "Public library, front door", **INSIDE}
    return make_meeting(by, **{**given, **values})


def published(coordinator: EngageClient) -> str:
    """Publishes the page; returns its address."""
    assert coordinator.send(f"{EDIT}/publish").status == 303
    link = coordinator.page(EDIT).one("#reports-link").attributes["value"] or ""
    return link[link.index("/public/") :]


def test_a_coordinator_marks_a_meeting_and_a_new_coalition_can_publish_it_alone(
    client: EngageClient, coordinator: EngageClient
) -> None:
    assert coordinator.send(f"{EDIT}/publish").status == 409
    assert coordinator.send(f"{MEETINGS}new", **TYPED, **OPEN).status == 303
    assert coordinator.page(f"{MEETINGS}{only_meeting().id}/").has("Public library, front door")
    page = client.page(published(coordinator))
    assert page.text("h1") == the_coalition().name
    assert "Spring meeting Tuesday, March 2, 2027" in page.text(".public-meetings")
    assert not page.has("no plan of action")
    assert coordinator.page("/c/riverbend/about/").has("Public library, front door")


def test_an_open_meeting_needs_a_place_for_the_public(coordinator: EngageClient) -> None:
    page = coordinator.send(f"{MEETINGS}new", **{**TYPED, **OPEN, "public_place": " "})
    assert page.errors == ["Write where the public can come, or uncheck “Open to the public”."]


def test_a_member_who_plans_or_edits_a_meeting_can_neither_open_nor_close_it_to_the_public(
    member: EngageClient,
) -> None:
    member.send(f"{MEETINGS}new", **TYPED, **OPEN)
    assert not only_meeting().is_open
    assert not member.page(f"{MEETINGS}new").all("[name=is_open]")
    meeting = only_meeting()
    meeting.is_open, meeting.public_place = True, "Public library, front door"
    db.session.commit()
    member.send(f"{MEETINGS}{meeting.id}/edit", version=str(meeting.version), **{**TYPED, "title": "Fall"})
    assert (only_meeting().title, only_meeting().is_open) == ("Fall", True)
    assert only_meeting().public_place == "Public library, front door"


def test_the_copy_of_an_open_meeting_is_open_only_if_who_copies_it_may_publish(
    coordinator: EngageClient, member: EngageClient
) -> None:
    meeting = make_meeting(coordinator.membership, is_open=True, public_place="Public library, front door")
    copies = []
    for client in (member, coordinator):
        told = client.page(f"{MEETINGS}{meeting.id}/copy").has("The copy will be open to the public, too.")
        client.send(f"{MEETINGS}{meeting.id}/copy", day="2094-04-03", time="18:00")
        copy = db.session.scalars(sa.select(Meeting).order_by(Meeting.id.desc())).first()
        assert copy is not None
        copies.append((told, copy.is_open, copy.public_place))
    assert copies == [(False, False, ""), (True, True, "Public library, front door")]


def test_page_and_feed_hold_title_time_and_public_place_of_open_meetings_and_nothing_else(
    client: EngageClient, coordinator: EngageClient
) -> None:
    by = coordinator.membership
    meeting = an_open_meeting(by)
    make_item(meeting, "What we do about Main Street")
    make_meeting(by, title="Core team", starts_at=COMING)
    an_open_meeting(by, title="Long ago", starts_at=PAST)
    url = published(coordinator)
    page, answer = client.page(url), client.get(f"{url}/meetings.ics")
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert page.has("Town hall") and page.has("Public library, front door")
    for secret in (*INSIDE.values(), "Main Street", "Core team", "Long ago", "/meetings/", "Maria"):
        assert secret not in page.html, secret
        assert secret not in answer.text, secret
    (event,) = icalendar.Calendar.from_ical(answer.text).walk("VEVENT")
    assert (event["SUMMARY"], event["LOCATION"]) == ("Town hall", "Public library, front door")
    assert event["DTSTART"].dt == meeting.starts_at
    assert event["URL"].endswith(url)
    assert f"-{meeting.id}-" not in event["UID"]
    first = event["UID"]
    meeting.starts_at += timedelta(days=7)
    db.session.commit()
    (event,) = icalendar.Calendar.from_ical(client.get(f"{url}/meetings.ics").text).walk("VEVENT")
    assert (event["UID"], event["DTSTART"].dt) == (first, meeting.starts_at)


def test_open_events_stand_among_them_until_they_are_called_off(
    client: EngageClient, coordinator: EngageClient
) -> None:
    by = coordinator.membership
    meeting = an_open_meeting(by)
    evening = meeting.starts_at - timedelta(days=3)
    day = local_day(evening, "America/Chicago")
    of = {"link": INSIDE["link"], "about": INSIDE["about"], "presenters": "Maria Santos"}
    fair = make_event(by, "Street fair", happened_on=day, is_open=True, place="Main Street", **of)
    talk = make_event(by, "Library talk", happened_on=day, starts_at=evening, minutes=60, is_open=True)
    make_event(by, "Training of judges", happened_on=day)
    make_event(by, "Last spring", happened_on=date(2026, 4, 1), is_open=True)
    url = published(coordinator)
    page, answer = client.page(url), client.get(f"{url}/meetings.ics")
    assert [each.split()[0] for each in page.texts(".public-meetings li")] == ["Street", "Library", "Town"]
    for secret in (*INSIDE.values(), "Maria", "judges", "spring", "/plan/"):
        assert secret not in page.html and secret not in answer.text, secret
    events = icalendar.Calendar.from_ical(answer.text).walk("VEVENT")
    found = {str(each["SUMMARY"]): each for each in events}
    assert found["Street fair"]["DTSTART"].dt == day and found["Street fair"]["LOCATION"] == "Main Street"
    assert found["Library talk"]["DTEND"].dt == evening + timedelta(hours=1)
    assert len({each["UID"] for each in events}) == 3
    coordinator.send(f"/c/riverbend/plan/activities/{fair.id}/call-off")
    assert "Street fair" not in client.get(f"{url}/meetings.ics").text
    assert not client.page(url).has("Street fair")
    assert coordinator.page("/c/riverbend/about/").one(f"a[href$='/activities/{talk.id}/']")


def test_an_open_event_says_where_to_sign_up_while_it_takes_sign_ups(
    client: EngageClient, coordinator: EngageClient
) -> None:
    by, day = coordinator.membership, clock.today() + timedelta(days=7)
    fair = make_event(by, "Street fair", happened_on=day, is_open=True)
    make_event(by, "Library talk", happened_on=day, is_open=True)
    inside = make_event(by, "Training of judges", happened_on=day)
    for event in (fair, inside):
        signups_service.open_page(by, event, None)
    db.session.commit()
    url = published(coordinator)
    link = client.page(url).one(".public-meetings a")
    assert link.text() == "Sign up: Street fair"
    assert client.page(link.attributes["href"]).has("Street fair")
    page = signups_queries.page_of(fair)
    assert page is not None
    page.nonce = tokens.new_token()  # made with an earlier key
    db.session.commit()
    assert not client.page(url).all(".public-meetings a")
    signups_service.open_page(by, fair, None)
    db.session.commit()
    assert client.page(url).all(".public-meetings a")
    coordinator.send(f"/c/riverbend/plan/activities/{fair.id}/signups/close")
    assert not client.page(url).all(".public-meetings a")


def test_an_open_event_alone_is_enough_to_publish(coordinator: EngageClient) -> None:
    make_event(coordinator.membership, "Street fair", happened_on=clock.today(), is_open=True)
    assert coordinator.send(f"{EDIT}/publish").status == 303


def test_the_feed_ends_with_the_link_and_a_canceled_meeting_leaves_it(
    client: EngageClient, coordinator: EngageClient
) -> None:
    meeting = an_open_meeting(coordinator.membership)
    an_open_meeting(coordinator.membership, title="Stays")
    url = published(coordinator)
    coordinator.send(f"{MEETINGS}{meeting.id}/delete")
    assert "Town hall" not in client.get(f"{url}/meetings.ics").text
    assert "Stays" in client.get(f"{url}/meetings.ics").text
    coordinator.send(f"{EDIT}/revoke")
    assert client.get(f"{url}/meetings.ics").status_code == 404
    assert client.get("/public/never-was/meetings.ics").status_code == 404


def test_viewers_read_of_open_meetings_in_about_us_what_everyone_may(
    client_of: Callable[[Membership], EngageClient],
) -> None:
    meeting = an_open_meeting(make_membership(), starts_at=clock.now() + timedelta(days=3))
    page = client_of(make_membership(role=Role.VIEWER)).page("/c/riverbend/about/")
    assert "Town hall" in page.text("#about-joining")
    assert not page.has("Room behind the kitchen") and f"/meetings/{meeting.id}/" not in page.html
