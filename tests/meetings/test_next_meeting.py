"""Home names the next meeting; to viewers its agenda, and the minutes that stand."""

from datetime import timedelta

from engage import clock
from engage.extensions import db
from tests.client import EngageClient
from tests.factories import make_coalition, make_membership
from tests.meetings.rows import COMING, MEETINGS, PAST, make_meeting

HOME = "/c/riverbend/"


def test_home_names_the_next_meeting_with_place_and_link(member: EngageClient) -> None:
    who = member.membership
    make_meeting(who, title="Past", starts_at=PAST)
    make_meeting(who, title="Later", starts_at=COMING + timedelta(days=1))
    assert member.page(HOME).text("#home-meeting .row-link") == "Later"
    coming = make_meeting(who, title="Next one", place="Library", link="https://meet.example.org/room")
    page = member.page(HOME)
    assert page.one("#home-meeting .row-link").attributes["href"] == f"{MEETINGS}{coming.id}/"
    text = page.text("#home-meeting")
    assert "Next one" in text and "March 2, 2094" in text and "Library" in text
    assert page.all("#home-meeting a[href='https://meet.example.org/room']")


def test_home_leads_a_viewer_to_the_agenda_and_the_latest_minutes(viewer: EngageClient) -> None:
    assert not viewer.page(HOME).all("#home-meeting, #home-minutes")
    who = make_membership()
    coming = make_meeting(who, title="Next one", place="Library", link="https://meet.example.org/room")
    make_meeting(who, title="Still open", starts_at=PAST)
    for day in range(4):
        make_meeting(who, title=f"Past {day}", starts_at=PAST + timedelta(days=day), closed_at=clock.now())
    elsewhere = make_membership(coalition=make_coalition())
    make_meeting(elsewhere, title="Elsewhere", starts_at=PAST + timedelta(days=9), closed_at=clock.now())
    page = viewer.page(HOME)
    assert "Next one" in page.text("#home-meeting") and "Library" in page.text("#home-meeting")
    agenda = f"{MEETINGS}{coming.id}/agenda/"
    assert [each.attributes["href"] for each in page.all("#home-meeting a")] == [agenda]
    minutes = page.all("#home-minutes a")[0].attributes["href"] or ""
    assert page.texts("#home-minutes a") == [
        "Past 3, Mar 6, 2026",
        "Past 2, Mar 5, 2026",
        "Past 1, Mar 4, 2026",
    ]
    for path in (agenda, minutes):
        assert viewer.get(path).status_code == 200


def test_members_find_minutes_in_the_list_of_meetings(member: EngageClient) -> None:
    past = make_meeting(member.membership, title="In March", starts_at=PAST, closed_at=clock.now())
    assert not member.page(HOME).all("#home-minutes")
    link = member.page(f"{MEETINGS}?show=past").one(f".meeting-table a[href='{MEETINGS}{past.id}/minutes']")
    assert member.page(link.attributes["href"] or "").has("In March")


def test_a_closed_meeting_is_not_next(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, starts_at=clock.now())
    assert member.page(HOME).all("#home-meeting")
    meeting.closed_at = clock.now()
    db.session.commit()
    assert not member.page(HOME).all("#home-meeting")
