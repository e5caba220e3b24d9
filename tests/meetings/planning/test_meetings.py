"""Meetings: the list, a meeting's page, planning and changing it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engage import clock
from engage.coalitions.rules import GroupKind
from engage.directory.groups import service as groups_service
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.models import Meeting
from engage.meetings.rules import MeetingKind
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_coalition, make_membership
from tests.html import Page
from tests.meetings.rows import COMING, MEETINGS, PAST, make_decision, make_item, make_meeting

TYPED = {
    "kind": "general",
    "group_id": "0",
    "title": "Spring meeting",
    "day": "2027-03-02",
    "time": "18:00",
    "minutes": "90",
    "place": "Public library, room 2",
    "link": "https://meet.example.org/spring",
    "about": "Bring the survey sheets.",
}


def only_meeting() -> Meeting:
    db.session.expire_all()
    return db.session.scalars(sa.select(Meeting)).one()


def make_group(by: Any, name: str, kind: GroupKind = GroupKind.WORKGROUP) -> int:
    group = groups_service.create(by, groups_service.GroupContent(kind, name, "", None, frozenset(), None))
    db.session.commit()
    return group.id


def cards(page: Page) -> list[str | None]:
    """Returns which of the two comes first."""
    return [each.attributes["id"] for each in page.all("#meetings-agenda, #meetings-decisions")]


# -- the list


def test_the_next_meeting_is_first_and_the_latest_of_the_past(member: EngageClient) -> None:
    who, day = member.membership, timedelta(days=1)
    for title, at in [("Old", PAST), ("Far", COMING + day), ("Next", COMING), ("Latest", PAST + day)]:
        make_meeting(who, title=title, starts_at=at)
    page = member.page(MEETINGS)
    assert page.texts("#meetings-coming .row-link") == ["Next", "Far"]
    assert page.texts("#meetings-past .row-link") == ["Latest", "Old"]


def test_meetings_of_one_title_are_told_apart_where_links_are_heard_alone(member: EngageClient) -> None:
    for days in (0, 30):
        meeting = make_meeting(
            member.membership, title="Monthly meeting", starts_at=PAST - timedelta(days=days)
        )
        meeting.closed_at = meeting.starts_at
    db.session.commit()
    page = member.page(MEETINGS)
    named = [each.attributes["aria-label"] for each in page.all("#meetings-past .row-link")]
    assert len({*named}) == 2
    minutes = page.texts("#meetings-past td a")
    assert [each.partition(": ")[2] for each in minutes] == named


def test_the_form_names_the_time_zone_as_people_do(member: EngageClient) -> None:
    member.membership.coalition.time_zone = "America/New_York"
    db.session.commit()
    assert member.page(f"{MEETINGS}new").has("In your coalition's time zone (Eastern (New York)).")


def test_a_meeting_of_today_still_counts_as_coming_until_it_is_closed(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, starts_at=clock.now() - timedelta(minutes=1))
    assert member.page(MEETINGS).texts("#meetings-coming .tag") == ["To be recorded"]
    meeting.closed_at = clock.now()
    db.session.commit()
    assert member.page(MEETINGS).texts("#meetings-past .tag") == ["Closed"]


def test_an_empty_list_says_what_meetings_are_for(member: EngageClient) -> None:
    page = member.page(MEETINGS)
    assert page.text(".empty h2") == "No meetings yet"
    assert page.one(".empty .btn-primary").attributes["href"] == f"{MEETINGS}new"


def test_the_list_asks_as_often_for_many_meetings_as_for_few(member: EngageClient) -> None:
    make_item(make_meeting(member.membership))
    member.page(MEETINGS)
    with counted_queries() as few:
        member.page(MEETINGS)
    for n in range(30):
        meeting = make_meeting(member.membership, starts_at=PAST + timedelta(days=n))
        make_item(meeting)
    with counted_queries() as many:
        assert len(member.page(MEETINGS).all(".meeting-table tbody tr")) == 31
    assert len(many) == len(few)


def test_a_page_of_the_list_holds_two_hundred(member: EngageClient) -> None:
    for n in range(201):
        db.session.add(
            Meeting(
                coalition_id=member.membership.coalition_id,
                kind=MeetingKind.GENERAL,
                title=f"Meeting {n}",
                starts_at=PAST - timedelta(days=n),
                minutes=60,
                created_at=PAST,
            )
        )
    db.session.commit()
    page = member.page(MEETINGS)
    assert len(page.all(".meeting-table tbody tr")) == 200
    assert page.has("Page 1 of 2")
    assert member.page(f"{MEETINGS}?page=2").texts(".meeting-table .row-link") == ["Meeting 200"]
    assert member.page(f"{MEETINGS}?page=99").texts(".meeting-table .row-link") == ["Meeting 200"]


def test_viewers_do_not_see_meetings(viewer: EngageClient) -> None:
    meeting = make_meeting(make_membership())
    for path in (MEETINGS, f"{MEETINGS}{meeting.id}/"):
        assert viewer.get(path).status_code == 403
    assert "Meetings" not in viewer.page("/c/riverbend/").texts(".menu-wide nav a")


# -- planning


def test_a_member_plans_a_meeting(member: EngageClient) -> None:
    answer = member.send(f"{MEETINGS}new", **TYPED)
    meeting = only_meeting()
    assert (answer.status, answer.location) == (303, f"{MEETINGS}{meeting.id}/")
    assert meeting.starts_at == datetime(2027, 3, 3, 0, 0, tzinfo=UTC)
    page = member.page(answer.location or "")
    assert page.text("h1") == "Spring meeting"
    assert (
        page.text(".lead").replace("\u202f", " ")
        == "Tuesday, March 2, 2027, 6:00 PM to 7:30 PM CST · Public library, room 2 Planned"
    )
    for words in ("General meeting", "Public library, room 2", "Bring the survey sheets."):
        assert page.has(words)
    assert page.one("#meetings-facts dd a").attributes["href"] == TYPED["link"]


def test_what_is_missing_is_said_beside_its_field(member: EngageClient) -> None:
    page = member.send(f"{MEETINGS}new", place="Our room")
    assert page.status == 422
    assert page.errors == [
        "Choose the kind of meeting.",
        "Give the meeting a title.",
        "Choose the date.",
        "Choose when it begins.",
    ]
    group = page.one("fieldset#kind").attributes
    assert (group["role"], group["aria-invalid"]) == ("radiogroup", "true")
    assert group["aria-describedby"] == "kind-error"
    assert page.value("place") == "Our room"
    assert db.session.scalar(sa.select(Meeting)) is None


@pytest.mark.parametrize("typed", ["18:30", "6:30 PM", "06:30 pm"])
def test_a_time_may_be_typed_as_people_say_it(member: EngageClient, typed: str) -> None:
    member.send(f"{MEETINGS}new", **{**TYPED, "day": "2027-03-02", "time": typed})
    assert only_meeting().starts_at == datetime(2027, 3, 3, 0, 30, tzinfo=UTC)


def test_a_time_that_no_clock_shows_is_refused_with_an_example(member: EngageClient) -> None:
    page = member.send(f"{MEETINGS}new", **{**TYPED, "time": "after work"})
    assert (page.status, page.errors) == (
        422,
        ["Enter the time as hours and minutes, such as 6:30 PM."],
    )
    assert page.value("time") == "after work"


def test_a_time_that_the_clock_jumps_over_is_refused_in_words(member: EngageClient) -> None:
    page = member.send(f"{MEETINGS}new", **{**TYPED, "day": "2027-03-14", "time": "02:30"})
    assert page.status == 422
    (error,) = page.errors
    assert error.replace("\u202f", " ") == (
        "Clocks move forward that day and skip this time. Choose 3:00 AM or later."
    )


def test_a_time_that_comes_twice_is_the_first_and_the_pages_say_so(member: EngageClient) -> None:
    answer = member.send(f"{MEETINGS}new", **{**TYPED, "day": "2026-11-01", "time": "01:30"})
    assert only_meeting().starts_at == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    for path in (answer.location or "", f"{answer.location}edit"):
        assert member.page(path).has("show this time twice: this is the first one")
    make_meeting(member.membership)
    other = db.session.scalars(sa.select(Meeting).where(Meeting.title == "Quarterly meeting")).one()
    assert not member.page(f"{MEETINGS}{other.id}/").has("twice")


def test_a_link_that_no_browser_opens_as_a_page_is_refused(member: EngageClient) -> None:
    for link in ("javascript:alert(1)", "meet", "https://"):
        page = member.send(f"{MEETINGS}new", **{**TYPED, "link": link})
        assert page.errors == ["Enter a web address like example.org or https://example.org/help."]


def test_only_a_workgroups_meeting_has_a_group(coordinator: EngageClient) -> None:
    who = coordinator.membership
    group, core = make_group(who, "Schools"), make_group(who, "Core", GroupKind.CORE_TEAM)
    form = coordinator.page(f"{MEETINGS}new")
    assert form.texts("select[name=group_id] option") == ["None", "Schools"]
    assert coordinator.send(f"{MEETINGS}new", **{**TYPED, "group_id": str(group)}).status == 422
    assert coordinator.send(f"{MEETINGS}new", **{**TYPED, "group_id": str(core)}).status == 422
    answer = coordinator.send(f"{MEETINGS}new", **{**TYPED, "kind": "workgroup", "group_id": str(group)})
    assert coordinator.page(answer.location or "").has("Workgroup: Schools")


def test_a_title_of_two_hundred_letters_is_refused_and_kept_in_the_form(member: EngageClient) -> None:
    page = member.send(f"{MEETINGS}new", **{**TYPED, "title": "x" * 200})
    assert page.status == 422
    assert page.value("title") == "x" * 200


def test_what_looks_like_a_phone_number_asks_once(member: EngageClient) -> None:
    page = member.send(f"{MEETINGS}new", **{**TYPED, "about": "Call Ana at 312-555-0142."})
    assert page.status == 422
    assert page.has("This looks like it contains a phone number.")


# -- changing


def test_changing_a_meeting_keeps_who_moved_it(member: EngageClient) -> None:
    meeting = make_meeting(member.membership)
    form = member.page(f"{MEETINGS}{meeting.id}/edit")
    assert (form.value("day"), form.value("time")) == ("2094-03-02", "18:00")
    answer = member.send(f"{MEETINGS}{meeting.id}/edit", **TYPED, version="1")
    assert answer.location == f"{MEETINGS}{meeting.id}/"
    changed = only_meeting()
    assert (changed.title, changed.version) == ("Spring meeting", 2)
    moved = db.session.scalars(sa.select(HistoryEntry).where(HistoryEntry.field == "starts_at")).one()
    assert (moved.old, moved.new) == ("2094-03-03 00:00:00+00:00", "2027-03-03 00:00:00+00:00")


def test_two_who_change_a_meeting_see_both_texts(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, place="Town hall")
    page = member.send(f"{MEETINGS}{meeting.id}/edit", **TYPED, version="7")
    assert page.status == 409
    assert [each for each in page.texts(".conflict h2") if "Place" in each]
    assert page.has("Town hall")
    assert page.value("version") == "1"
    assert only_meeting().title == "Quarterly meeting"


def test_a_closed_meeting_begins_with_what_was_decided_and_folds_its_agenda(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, starts_at=PAST)
    make_item(meeting, "Beds at night")
    make_decision(meeting, member.membership)
    open_page = member.page(f"{MEETINGS}{meeting.id}/")
    assert cards(open_page) == ["meetings-agenda", "meetings-decisions"]
    assert open_page.all("section#meetings-agenda")
    meeting.closed_at = clock.now()
    closed = member.page(f"{MEETINGS}{meeting.id}/")
    assert cards(closed) == ["meetings-decisions", "meetings-agenda"]
    assert closed.all("details#meetings-agenda:not([open]) .agenda-line")


def test_a_meeting_that_is_still_to_come_has_no_empty_cards_of_what_came_of_it(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, starts_at=COMING)
    page = member.page(f"{MEETINGS}{meeting.id}/")
    assert not page.all("#meetings-came, #meetings-decisions")
    meeting.starts_at = PAST
    page = member.page(f"{MEETINGS}{meeting.id}/")
    assert page.one("#meetings-came") and page.one("#meetings-decisions")


def test_a_closed_meeting_is_not_changed(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, closed_at=clock.now())
    assert member.get(f"{MEETINGS}{meeting.id}/edit").status_code == 409
    assert member.send(f"{MEETINGS}{meeting.id}/edit", **TYPED, version="1").status == 409
    page = member.page(f"{MEETINGS}{meeting.id}/")
    assert page.has("This meeting is closed.")
    assert not page.all("a[href$='/edit']")


def test_a_meeting_of_another_coalition_does_not_exist(member: EngageClient) -> None:
    theirs = make_meeting(make_membership(coalition=make_coalition()))
    assert member.get(f"{MEETINGS}{theirs.id}/").status_code == 404


def test_the_page_shows_the_agenda_in_its_order(member: EngageClient) -> None:
    meeting = make_meeting(member.membership)
    assert member.page(f"{MEETINGS}{meeting.id}/").has("No agenda yet.")
    make_item(meeting, "Second", position=2)
    make_item(meeting, "First", position=1)
    page = member.page(f"{MEETINGS}{meeting.id}/")
    text = page.text("#meetings-agenda")
    assert text.index("First") < text.index("Second")
