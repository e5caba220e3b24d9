"""Saying whether one is coming: inside, by the link in a mail, what pages tell, and the reminder."""

import re
import string
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock, tokens
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.coalitions.trash import service as trash_service
from engage.extensions import db
from engage.meetings.attendance.service import person_key
from engage.meetings.models import Meeting, Reply
from engage.meetings.replies.links import token_of
from engage.meetings.rules import Coming
from engage.messages.mail.meeting_reminders import MeetingReminders
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_coalition, make_membership, saved, the_coalition
from tests.meetings.rows import MEETINGS, make_meeting
from tests.messages.smtp import scripted, server_at, taking

SECRET = "https://meet.example.org/secret-room"


def soon(by: Membership, **values: Any) -> Meeting:
    """Makes a meeting in five days at half past eleven in the morning in Chicago, or with these values."""
    given = {
        "title": "Town hall",
        "place": "Library",
        "link": SECRET,
        "starts_at": clock.now() + timedelta(days=5),
    }
    return make_meeting(by, **{**given, **values})


def link(app: Flask, person: Membership, meeting: Meeting) -> str:
    with app.test_request_context():
        return f"/rsvp/{token_of(person.id, meeting)}"


def replies() -> list[tuple[int, Coming, bool]]:
    db.session.expire_all()
    rows = sa.select(Reply.membership_id, Reply.answer, Reply.wants_reminder).order_by(Reply.id)
    return [tuple(row) for row in db.session.execute(rows)]


def press(person: EngageClient, url: str, words: str) -> None:
    """Sends the form with a button of these words, as a browser does."""
    form = next(each for each in person.page(url).all("#meetings-replies form") if words in each.text())
    button = next(each for each in form.css("button") if words in each.text())
    hidden = {each.attributes["name"]: each.attributes["value"] for each in form.css("input[type=hidden]")}
    person.send(f"{url}reply", token=False, **hidden, answer=button.attributes["value"])


# -- inside


def test_a_member_answers_on_the_meetings_page_changes_it_and_everyone_sees_how_many_and_who(
    member: EngageClient, coordinator: EngageClient
) -> None:
    meeting = soon(coordinator.membership)
    url = f"{MEETINGS}{meeting.id}/"
    assert member.page(url).texts("#meetings-replies button") == ["Yes", "Online", "Maybe", "No"]
    member.send(f"{url}reply", answer="perhaps")
    page = member.send(f"{url}reply", answer="yes", wants_reminder="y")
    assert (page.status, page.location) == (303, f"{url}#meetings-replies")
    assert replies() == [(member.membership.id, Coming.YES, True)]
    page = member.page(url)
    assert page.one("#meetings-replies [aria-pressed=true]").attributes["value"] == "yes"
    page = coordinator.page(url)
    assert page.has("1 yes") and page.has("1 has not answered.")
    assert member.membership.name in page.text("#meetings-replies details")


def test_from_home_one_press_answers_and_leads_back_there(member: EngageClient) -> None:
    meeting = soon(member.membership)
    page = member.send(f"{MEETINGS}{meeting.id}/reply", answer="online", back="home")
    assert page.location == "/c/riverbend/#home-meeting"
    assert "You said that you will join online." in member.page("/c/riverbend/").text("#home-meeting")


def test_from_home_an_answer_in_place_is_said_and_the_focus_goes_to_changing_it(member: EngageClient) -> None:
    soon(member.membership)
    form = member.page("/c/riverbend/").one("#home-meeting .reply-form")
    piece = member.send(form.attributes["data-hx-post"] or "", htmx=True, answer="yes", back="home")
    assert piece.text("#status") == "You said yes."
    assert piece.texts("#home-meeting .reply-form button") == []
    assert piece.text("#home-meeting [data-focus]") == "Change your answer"
    assert replies() == [(member.membership.id, Coming.YES, False)]


def test_a_viewer_sees_counts_on_home_and_neither_names_nor_buttons(
    member: EngageClient, client_of: Callable[[Membership], EngageClient]
) -> None:
    meeting = soon(member.membership)
    member.send(f"{MEETINGS}{meeting.id}/reply", answer="yes")
    viewer = client_of(make_membership(role=Role.VIEWER))
    page = viewer.page("/c/riverbend/")
    assert page.has("Coming: 1 yes") and not page.all(".reply-form")
    assert not page.has(member.membership.name)
    assert viewer.send(f"{MEETINGS}{meeting.id}/reply", answer="yes").status == 403


def test_without_a_way_to_join_online_it_is_neither_offered_nor_taken(member: EngageClient) -> None:
    meeting = soon(member.membership, link="")
    assert member.send(f"{MEETINGS}{meeting.id}/reply", answer="online").status == 409
    assert replies() == []


def test_a_meeting_that_was_moved_asks_again_and_one_that_is_over_does_not(
    member: EngageClient, coordinator: EngageClient
) -> None:
    meeting = soon(member.membership)
    member.send(f"{MEETINGS}{meeting.id}/reply", answer="yes")
    meeting.starts_at += timedelta(days=1)
    db.session.commit()
    assert member.page(f"{MEETINGS}{meeting.id}/").has("The time has changed since you answered.")
    assert coordinator.page(f"{MEETINGS}{meeting.id}/").has("1 answered before the time changed.")
    assert member.page("/c/riverbend/messages/").has("say again whether you are coming")
    meeting.starts_at = clock.now() - timedelta(hours=3)
    db.session.commit()
    assert not member.page(f"{MEETINGS}{meeting.id}/").all(".reply-form")
    assert member.send(f"{MEETINGS}{meeting.id}/reply", answer="no").status == 409


def test_my_tasks_says_what_one_said_and_reminds_the_day_before_also_without_mail(
    member: EngageClient,
) -> None:
    meeting = soon(member.membership, starts_at=clock.now() + timedelta(days=2))
    assert member.page("/c/riverbend/messages/").has("You have not said whether you are coming.")
    member.send(f"{MEETINGS}{meeting.id}/reply", answer="yes", wants_reminder="y")
    assert "Reminder" not in member.page("/c/riverbend/messages/").texts(".tag")
    with time_machine.travel(clock.now() + timedelta(days=1)):
        page = member.page("/c/riverbend/messages/")
    assert "Reminder" in page.texts(".tag") and page.has("You said yes.")


def test_attendance_may_start_from_the_answers(
    member: EngageClient, client_of: Callable[[Membership], EngageClient]
) -> None:
    meeting = soon(member.membership)
    others = [client_of(make_membership(name=f"Person {n}")) for n in range(2)]
    for who, answer in zip((member, *others), ("yes", "online", "no"), strict=True):
        who.send(f"{MEETINGS}{meeting.id}/reply", answer=answer)
    url = f"{MEETINGS}{meeting.id}/attendance"
    assert member.page(url).has("Start from 2 answers")
    page = member.page(f"{url}?from=answers")
    checked = {
        (node.attributes["name"], node.attributes["value"])
        for node in page.all("#meetings-people input[type=radio][checked]")
    }
    assert (f"now-{person_key(member.membership.id)}", "here") in checked
    assert sorted(value or "" for _name, value in checked) == ["", "here", "online"]


def test_the_meetings_page_asks_as_often_for_many_answers_as_for_few(member: EngageClient) -> None:
    meeting = soon(member.membership)
    url = f"{MEETINGS}{meeting.id}/"

    def count() -> int:
        with counted_queries() as found:
            member.page(url)
        return len(found)

    member.send(f"{url}reply", answer="yes")
    few = count()
    for n in range(20):
        person = make_membership(name=f"Person {n}")
        values = {"meeting_id": meeting.id, "membership_id": person.id, "answer": Coming.YES}
        moments = {"answered_for": meeting.starts_at, "answered_at": clock.now()}
        db.session.add(Reply(coalition_id=meeting.coalition_id, **values, **moments))
    db.session.commit()
    assert count() == few


def test_a_reminder_is_asked_for_after_the_answer_and_stays_with_another_answer(member: EngageClient) -> None:
    url = f"{MEETINGS}{soon(member.membership).id}/"
    assert not member.page(url).has("Remind me the day before")
    member.send(f"{url}reply", answer="no")
    assert not member.page(url).has("Remind me the day before")
    for words, wants in (
        ("Yes", False),
        ("Remind me the day before", True),
        ("Maybe", True),
        ("Do not remind me", False),
    ):
        press(member, url, words)
        assert replies()[0][2] is wants, words


# -- by the link


def test_following_the_link_answers_nothing_and_one_button_does(
    app: Flask, client: EngageClient, member: EngageClient
) -> None:
    person, meeting = make_membership(name="Pastor Dan", user=None), soon(member.membership)
    url = link(app, person, meeting)
    member.send(f"{MEETINGS}{meeting.id}/reply", answer="yes")
    for method in ("GET", "HEAD"):
        assert client.open(url, method=method).status_code == 200
    assert len(replies()) == 1
    assert client.send(url, answer="perhaps", wants_reminder="y").status == 303
    assert replies()[1] == (person.id, Coming.PERHAPS, True)
    assert client.page(url).has("You said maybe.")


def test_the_page_behind_the_link_shows_no_one_else_and_the_way_to_join_only_to_who_joins_online(
    app: Flask, client: EngageClient, member: EngageClient
) -> None:
    person, meeting = make_membership(name="Pastor Dan"), soon(member.membership)
    url = link(app, person, meeting)
    member.send(f"{MEETINGS}{meeting.id}/reply", answer="yes")
    for answer, shown in (("", False), ("yes", False), ("online", True), ("no", False)):
        if answer:
            client.send(url, answer=answer)
        page, file = client.page(url), client.get(f"{url}/meeting.ics").text
        assert (SECRET in page.html) is shown
        assert (SECRET in re.sub(r"\r\n ", "", file)) is shown
        for secret in (member.membership.name, "1 yes", f"/meetings/{meeting.id}"):
            assert secret not in page.html and secret not in file
        assert not page.all("nav")


@pytest.mark.parametrize("how", ["left", "disabled", "closed", "account"])
def test_leaving_ends_the_link_at_once(
    app: Flask, client: EngageClient, member: EngageClient, how: str
) -> None:
    person, meeting = make_membership(name="Pastor Dan"), soon(member.membership)
    url = link(app, person, meeting)
    assert client.get(url).status_code == 200
    match how:
        case "left":
            person.left_on = clock.today("UTC")
        case "disabled":
            person.disabled_at = clock.now()
        case "account":
            person.user.disabled_at = clock.now()
        case _:
            the_coalition().closed_at = clock.now()
    db.session.commit()
    assert client.send(url, answer="yes").status == 404
    assert client.get(f"{url}/meeting.ics").status_code == 404
    answer = client.get(url)
    said = answer.text.replace(url.rsplit("/", 1)[1], "never-was")
    assert (answer.status_code, said) == (404, client.get("/rsvp/never-was").text)
    assert replies() == []


def test_a_canceled_meeting_and_one_that_is_over_say_so_to_who_was_invited(
    app: Flask, client: EngageClient, coordinator: EngageClient
) -> None:
    person, meeting = make_membership(name="Pastor Dan"), soon(coordinator.membership)
    url = link(app, person, meeting)
    client.send(url, answer="yes")
    meeting.starts_at = clock.now() - timedelta(days=1)
    db.session.commit()
    page = client.page(url)
    assert page.has("This meeting has ended") and not page.all("form")
    assert client.send(url, answer="no").status == 303
    assert replies()[0][1] is Coming.YES
    coordinator.send(f"{MEETINGS}{meeting.id}/delete")
    answer = client.get(url)
    assert answer.status_code == 410 and "This meeting is canceled" in answer.text
    # Its number may be given again: the old link is not for the new meeting.
    again = soon(coordinator.membership, title="Another one")
    db.session.execute(
        sa.update(Meeting).where(Meeting.id == again.id).values(created_at=clock.now() + timedelta(1))
    )
    db.session.commit()
    assert "Another one" not in client.get(url).text


def test_a_guessed_link_opens_nothing_and_asks_the_database_nothing(
    app: Flask, client: EngageClient, member: EngageClient
) -> None:
    meeting = soon(member.membership)
    url = link(app, member.membership, meeting)
    forged = tokens.signed("another key", "rsvp", (member.membership.id, meeting.id, 1))
    other_purpose = tokens.signed(app.config["SECRET_KEY"], "calendar", (member.membership.id, meeting.id, 1))
    letters = set(string.ascii_letters + string.digits + "-_") - {url[-1]}
    turned = [url[:-1] + letter for letter in sorted(letters)]
    for path in (
        f"/rsvp/{forged}",
        f"/rsvp/{other_purpose}",
        *turned,
        url[:-4],
        "/rsvp/A",
        "/rsvp/%00",
        "/rsvp/é",
    ):
        with counted_queries() as found:
            assert client.get(path).status_code == 404, path
        assert not found


def test_a_link_is_for_its_own_coalition(app: Flask, client: EngageClient, member: EngageClient) -> None:
    theirs = make_membership(coalition=make_coalition(slug="elsewhere"))
    meeting = soon(member.membership)
    answer = client.get(link(app, theirs, meeting))
    assert answer.status_code == 410 and "Town hall" not in answer.text


def test_the_trash_keeps_answers_with_their_meeting(member: EngageClient, coordinator: EngageClient) -> None:
    meeting = soon(coordinator.membership)
    member.send(f"{MEETINGS}{meeting.id}/reply", answer="yes")
    copy_id = trash_service.put(coordinator.membership, meeting).id
    db.session.commit()
    assert replies() == []
    assert coordinator.send(f"/c/riverbend/settings/trash/{copy_id}/restore").status == 303
    assert replies() == [(member.membership.id, Coming.YES, False)]


# -- the reminder


def asked_for(meeting: Meeting, answer: Coming = Coming.YES, **values: Any) -> Membership:
    """Makes a person who answered now and wants a reminder."""
    person = make_membership(**values)
    with_it = {"answer": answer, "wants_reminder": True, "answered_for": meeting.starts_at}
    row = {"coalition_id": meeting.coalition_id, "meeting_id": meeting.id, "membership_id": person.id}
    saved(Reply(**row, **with_it, answered_at=clock.now()))
    return person


def test_a_reminder_goes_once_to_who_asked_for_one_with_the_way_to_join_only_for_who_joins_online(
    app: Flask, member: EngageClient
) -> None:
    meeting = soon(member.membership)
    dan = asked_for(meeting, name="Dan Ray", user=None, email="dan@example.org")
    ann = asked_for(meeting, Coming.ONLINE, name="Ann Lee")
    asked_for(meeting, Coming.NO, name="Cy Holt")
    asked_for(meeting, name="No Address", user=None, email="")
    asked_for(meeting, name="Gone", user=None, email="gone@example.org", left_on=clock.today("UTC"))
    with taking() as mail:
        server = server_at(mail.port)
        assert MeetingReminders(server).run().sent == 0
        with time_machine.travel(meeting.starts_at - timedelta(hours=12)):
            assert MeetingReminders(server).run(dry=True).sent == 0
            assert MeetingReminders(server).run().sent == 2
            assert MeetingReminders(server).run().sent == 0
        texts = {str(each["To"]): each.get_content().replace("\r\n", "\n") for each in mail.mails}
        assert set(texts) == {"dan@example.org", ann.user.email}
        assert link(app, dan, meeting) in texts["dan@example.org"]
        assert SECRET not in texts["dan@example.org"] and SECRET in texts[ann.user.email]
        assert f"\n{meeting.place}\n\nYou said yes." in texts["dan@example.org"]
        # A meeting that is moved reminds again, for its new day.
        meeting.starts_at += timedelta(days=7)
        db.session.commit()
        with time_machine.travel(meeting.starts_at - timedelta(hours=12)):
            assert MeetingReminders(server).run().sent == 2


def test_no_one_is_reminded_of_a_closed_meeting_or_by_a_suspended_account(member: EngageClient) -> None:
    meeting = soon(member.membership)
    ann = asked_for(meeting, name="Ann Lee")
    suspended = asked_for(meeting, name="Sue Spent")
    suspended.user.disabled_at = clock.now()
    db.session.commit()
    with time_machine.travel(meeting.starts_at - timedelta(hours=12)), taking() as mail:
        meeting.closed_at = clock.now()
        db.session.commit()
        assert MeetingReminders(server_at(mail.port)).run().due == 0
        meeting.closed_at = None
        db.session.commit()
        assert MeetingReminders(server_at(mail.port)).run().sent == 1
        assert mail.recipients == [ann.user.email]


def test_a_refused_reminder_is_tried_three_times_and_holds_no_one_up(
    app: Flask, member: EngageClient
) -> None:
    meeting = soon(member.membership)
    asked_for(meeting, name="Dan Ray", user=None, email="dan@example.org")
    asked_for(meeting, name="Ann Lee", user=None, email="ann@example.org")
    with taking() as mail, time_machine.travel(meeting.starts_at - timedelta(hours=12)):
        mail.refused["dan@example.org"] = "550 no such person"
        done = [MeetingReminders(server_at(mail.port)).run() for _run in range(5)]
    assert [each.sent for each in done] == [1, 0, 0, 0, 0]
    assert [each.failed for each in done] == [1, 1, 1, 0, 0]
    assert "dan@example.org" not in "".join(done[0].words)


def test_a_server_that_vanishes_with_the_mail_in_hand_gets_it_no_second_time(member: EngageClient) -> None:
    meeting = soon(member.membership)
    asked_for(meeting, name="Dan Ray", user=None, email="dan@example.org")
    with time_machine.travel(meeting.starts_at - timedelta(hours=12)):
        with scripted({".": ""}) as port:
            assert MeetingReminders(server_at(port)).run().unknown == 1
        with taking() as mail:
            assert MeetingReminders(server_at(mail.port)).run().due == 0
