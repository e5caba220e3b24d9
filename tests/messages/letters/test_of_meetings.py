"""Letters about a meeting: its invitation, agenda and minutes go out from its page."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from engage import clock
from engage.extensions import db
from engage.meetings.replies.links import token_of
from tests.client import EngageClient
from tests.meetings.rows import make_decision, make_item, make_meeting
from tests.messages.letters.posted import mailing, make_people, run, written
from tests.messages.smtp import Taken


@pytest.fixture
def post(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Taken]:
    with mailing(app, monkeypatch) as taken:
        yield taken


def test_from_a_meetings_page_its_invitation_agenda_and_minutes_go_out_prefilled(
    app: Flask, coordinator: EngageClient, member: EngageClient, post: Taken
) -> None:
    meeting = make_meeting(
        coordinator.membership, title="Town hall", place="Library", link="https://meet.example.org/room"
    )
    make_item(meeting, "Beds for boys")
    (ana,) = make_people(1)
    url = f"/c/riverbend/meetings/{meeting.id}/"
    assert not member.page(url).all("a[href*='people/write']")
    for label, begins, holds in (
        (
            "Invite by e-mail",
            "Riverbend County Coalition invites you to “Town hall”",
            "Please say here whether you are coming:",
        ),
        ("Send the agenda", "Here is the agenda for “Town hall”", "Beds for boys"),
    ):
        (link,) = [a for a in coordinator.page(url).all("a") if a.text().strip() == label]
        page = coordinator.page(link.attributes["href"] or "")
        assert begins in page.value("text") and holds in page.value("text")
        assert page.value("to") == f"meeting:{meeting.id}"
        post.mails.clear()
        written(coordinator, to=page.value("to"), about=page.value("about"), text=page.value("text"))
        run(post.port)
        mails = {str(mail["To"]): mail for mail in post.mails}
        text = mails[ana.email].get_body(("plain",))
        assert text is not None
        with app.test_request_context():
            assert f"/rsvp/{token_of(ana.id, meeting)}" in text.get_content()
        (file,) = mails[ana.email].iter_attachments()
        assert file.get_content_type() == "text/calendar"
        # The way to join is on the page where one says that one joins online.
        assert "meet.example.org" not in file.get_content() + text.get_content()
    meeting.starts_at = clock.now() - timedelta(hours=3)
    db.session.commit()
    make_decision(meeting, coordinator.membership, "We print cards in Spanish")
    (link,) = [a for a in coordinator.page(url).all("a") if a.text().strip() == "Send the minutes"]
    assert "- We print cards in Spanish" in coordinator.page(link.attributes["href"] or "").value("text")
