"""Home names the next meeting, to those who see meetings."""

from datetime import timedelta

from engage import clock
from engage.extensions import db
from tests.client import EngageClient
from tests.meetings.rows import COMING, MEETINGS, PAST, make_meeting

HOME = "/c/riverbend/"


def test_home_names_the_next_meeting_with_place_and_link(member: EngageClient, viewer: EngageClient) -> None:
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
    assert not viewer.page(HOME).all("#home-meeting")


def test_a_closed_meeting_is_not_next(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, starts_at=clock.now())
    assert member.page(HOME).all("#home-meeting")
    meeting.closed_at = clock.now()
    db.session.commit()
    assert not member.page(HOME).all("#home-meeting")
