"""The pages of letters: to whom, the check, by hand, the list; who may see them and what they cost."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage.assessment.channels import service as channels_service
from engage.assessment.models import Slip
from engage.assessment.rules import ChannelKind
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.invitations.pasted import Addressee
from engage.coalitions.models import Group, GroupMember
from engage.coalitions.rules import GroupKind, Role
from engage.extensions import db
from engage.meetings.replies import links as replies_links
from engage.meetings.rules import MeetingKind
from engage.messages.letters.models import Letter, LetterTo
from engage.messages.letters.rules import LetterState, Way
from tests import factories
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.meetings.rows import make_meeting
from tests.messages.letters.posted import TEXT, WRITE, checked, mailing, make_people, run, states, written
from tests.messages.smtp import Taken
from tests.messages.subscribers import NOW, make_late


@pytest.fixture(autouse=True)
def time(app: object) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travel:
        yield travel


@pytest.fixture
def post(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Taken]:
    with mailing(app, monkeypatch) as taken:
        yield taken


def make_group(*people: object) -> Group:
    coalition = factories.the_coalition()
    group = factories.saved(
        Group(coalition_id=coalition.id, kind=GroupKind.WORKGROUP, name="Outreach", sort_key="outreach")
    )
    for person in people:
        factories.saved(GroupMember(coalition_id=coalition.id, group_id=group.id, membership_id=person.id))  # type: ignore[attr-defined]
    return group


def names_of(post: Taken) -> list[str]:
    return sorted(each.removesuffix("@example.org") for each in post.recipients)


def test_a_group_those_invited_owners_of_late_actions_and_people_chosen_get_letters(
    coordinator: EngageClient, post: Taken
) -> None:
    ana, ben, cyd = make_people()
    # A viewer is not invited, and who has an action that is not late yet gets no letter about late ones.
    factories.make_membership(name="Vera Viewer", role=Role.VIEWER, shows_email=True)
    group = make_group(ana, ben)
    meeting = make_meeting(
        coordinator.membership, kind=MeetingKind.WORKGROUP, group_id=group.id, title="Outreach meets"
    )
    general = make_meeting(coordinator.membership)
    factories.make_plan()
    make_late(cyd, "Late thing")
    make_late(ben, "Due tomorrow", due_on=NOW.date() + timedelta(days=1))
    make_late(ana, "Not late", due_on=date(2026, 12, 24))
    assert coordinator.membership.user is not None
    own = coordinator.membership.user.email.removesuffix("@example.org")
    everyone = sorted(["one", "two", "three", own])
    for given, expected in (
        ({"to": f"group:{group.id}"}, ["one", "two"]),
        ({"to": f"meeting:{meeting.id}", "about": f"agenda:{meeting.id}"}, ["one", "two"]),
        ({"to": f"meeting:{general.id}", "about": f"agenda:{general.id}"}, everyone),
        ({"to": "late"}, ["three"]),
        ({"to": "chosen", "people": [ben.id, cyd.id]}, ["three", "two"]),
    ):
        post.recipients.clear()
        written(coordinator, subject=f"To {given['to']}", **given)
        run(post.port)
        assert names_of(post) == expected, given


def test_those_who_have_not_answered_a_round_get_letters(coordinator: EngageClient, post: Taken) -> None:
    answered = factories.make_membership(name="Ana Answered", shows_email=True)
    waits = factories.make_membership(name="Wes Waits", shows_email=True)
    round_ = factories.make_round()
    factories.make_response(round_, answered, {})
    page = coordinator.page(f"{WRITE}?to=round:{round_.id}&about=round:{round_.id}")
    assert page.value("to") == f"round:{round_.id}"
    assert "[link]" in page.value("text")
    written(coordinator, to=f"round:{round_.id}", about=f"round:{round_.id}")
    run(post.port)
    assert waits.user is not None
    assert answered.user is not None
    assert waits.user.email in post.recipients
    assert answered.user.email not in post.recipients


def test_people_who_are_invited_get_their_own_link_to_join(coordinator: EngageClient, post: Taken) -> None:
    invited = invitations_service.invite_people(
        coordinator.membership, [Addressee("new@example.org", "Nora New")], Role.MEMBER, 14
    )
    db.session.commit()
    token = invitations_service.token_of(invited.invitations[0])
    check, _fields = checked(coordinator, to="invitations", about="invitations")
    assert "/join/…" in check.text("main")
    assert str(token) not in check.html
    written(coordinator, to="invitations", about="invitations")
    run(post.port)
    assert post.recipients == ["new@example.org"]
    text = post.mails[0].get_body(("plain",))
    assert text is not None
    assert f"http://127.0.0.1/join/{token}" in text.get_content()
    assert "Hello Nora," in text.get_content()


def test_an_invitation_to_a_meeting_carries_ones_own_link_to_answer_and_the_calendars_file(
    coordinator: EngageClient, post: Taken
) -> None:
    ana, ben = make_people(2)
    meeting = make_meeting(coordinator.membership)
    about = f"meeting:{meeting.id}"
    check, _fields = checked(coordinator, to="chosen", people=[ana.id, ben.id], about=about)
    assert "http://127.0.0.1/rsvp/…" in check.text("main")
    assert f"Attached: meeting-{meeting.id}.ics" in check.text("main")
    written(coordinator, to="chosen", people=[ana.id, ben.id], about=about)
    run(post.port)
    for mail, person in zip(post.mails, (ana, ben), strict=True):
        text = mail.get_body(("plain",))
        assert text is not None
        token = replies_links.token_of(person.id, meeting)
        assert f"http://127.0.0.1/rsvp/{token}" in text.get_content()
        (file,) = mail.iter_attachments()
        assert (file.get_filename(), file.get_content_type()) == (
            f"meeting-{meeting.id}.ics",
            "text/calendar",
        )
        assert "BEGIN:VEVENT" in file.get_content()


def test_codes_of_a_round_are_drawn_as_mails_go_out_and_a_reminder_goes_to_all_who_got_one(
    coordinator: EngageClient, post: Taken
) -> None:
    people = make_people(2)
    round_ = factories.make_round()
    chosen = {"to": "chosen", "people": [each.id for each in people]}
    page, _fields = checked(coordinator, **chosen, about=f"slips:{round_.id}")
    assert "was deleted" in page.text("main")  # no slips yet
    channel = channels_service.open_channel(coordinator.membership, round_, ChannelKind.SLIPS)
    db.session.commit()
    page, _fields = checked(coordinator, **chosen, about=f"slips:{round_.id}")
    assert "http://127.0.0.1/answer/…/…" in page.text("main")
    assert not re.search(r"/answer/\w", page.text("main"))
    written(coordinator, **chosen, about=f"slips:{round_.id}", subject="Codes")
    slips = sa.select(sa.func.count(Slip.id)).where(Slip.door_id == channel.id)
    assert db.session.scalar(slips) == 0
    run(post.port)
    assert db.session.scalar(slips) == 2
    texts = [str(mail.get_body(("plain",)).get_content()) for mail in post.mails]  # type: ignore[union-attr]
    found = [re.findall(r"/answer/(\S+)/(\S+)", text) for text in texts]
    assert len({code for each in found for _token, code in each}) == 2
    # Of one the server did not say whether it took the code. Whoever may have it is reminded, too.
    first = db.session.scalars(sa.select(LetterTo).order_by(LetterTo.id)).first()
    assert first is not None
    first.state = LetterState.UNKNOWN
    db.session.commit()
    written(coordinator, to=f"slips:{round_.id}", about=f"slips_reminder:{round_.id}", subject="Again")
    run(post.port)
    assert names_of(post) == ["one", "one", "two", "two"]
    assert db.session.scalar(slips) == 2
    assert not re.search(r"/answer/\S+/\S+", str(post.mails[-1].get_body(("plain",)).get_content()))  # type: ignore[union-attr]


def test_an_address_fills_the_page_and_keeps_nothing(coordinator: EngageClient) -> None:
    meeting = make_meeting(coordinator.membership, title="Planning <day>")
    page = coordinator.page(f"{WRITE}?to=meeting:{meeting.id}&about=agenda:{meeting.id}")
    assert page.value("subject") == "Agenda: Planning <day>"
    assert page.value("text").startswith("Hello [name],\n\nHere is the agenda")
    assert page.value("to") == f"meeting:{meeting.id}"
    assert "/rsvp/…" in page.text("main")
    assert coordinator.page(f"{WRITE}?to=group:77&about=agenda:77").value("subject") == ""
    assert db.session.scalar(sa.select(sa.func.count(Letter.id))) == 0


def test_three_see_the_letter_as_they_will_get_it_and_who_is_not_reached_is_named(
    coordinator: EngageClient, post: Taken
) -> None:
    make_people(5)
    factories.make_membership(name="Nan Nothing", user=None)
    check, _fields = checked(coordinator, to="everybody")
    assert check.texts(".letter-caption") == [
        "As Ana One will see it",
        "As Ben Two will see it",
        "As Cyd Three will see it",
    ]
    assert "Hello Ben, we meet on Friday. http://127.0.0.1/c/riverbend/" in check.texts(".letter-text")[1]
    assert "Nan Nothing No e-mail address" in check.text("main")
    # Its writer gets it, too.
    assert check.one(".btn-primary").text().strip() == "Send to 6 people"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"to": "chosen", "people": []}, "Check at least one person."),
        ({"to": "everybody", "people": [1]}, "You checked people below"),
        ({"subject": "Hello [name]"}, "work only in the text"),
        ({"subject": ""}, "Write a subject."),
        ({"text": ""}, "Write the text."),
        ({"to": "group:999"}, "Not a valid choice"),
        ({"about": "meeting:999"}, "was deleted"),
        ({"text": "Call 915-555-0142 about Jane"}, "phone number"),
    ],
)
def test_what_cannot_go_out_is_refused_at_its_field_and_nothing_typed_is_lost(
    coordinator: EngageClient, post: Taken, given: dict[str, object], error: str
) -> None:
    ana = make_people(1)[0]
    if given.get("people"):
        given = {**given, "people": [ana.id]}
    page, _fields = checked(coordinator, **given)
    assert page.status == 422
    assert error in page.text("main")
    assert page.value("subject") == given.get("subject", "Friday")
    assert page.value("text") == given.get("text", TEXT)


def test_no_one_reached_is_refused(coordinator: EngageClient, post: Taken) -> None:
    factories.make_membership(name="Nan Nothing", user=None)
    page, _fields = checked(coordinator)
    assert page.status == 422
    assert "None of these people can be reached" in page.text("main")


def test_a_list_that_changed_since_the_check_is_shown_again(coordinator: EngageClient, post: Taken) -> None:
    make_people(2)
    _check, fields = checked(coordinator, to="everybody")
    factories.make_membership(name="New Person", user=None, email="new@example.org")
    page = coordinator.send(WRITE, do="send", **fields)
    assert page.status == 409
    assert "The people it goes to have changed since you looked" in page.text("main")
    assert states() == []


def test_who_goes_back_after_sending_writes_another_letter(coordinator: EngageClient, post: Taken) -> None:
    make_people(1)
    _check, fields = checked(coordinator)
    coordinator.send(WRITE, do="send", **fields)
    again = {**fields, "subject": "Saturday"}
    check = coordinator.send(WRITE, do="check", **again)
    press = check.one("input[name=press]").attributes["value"]
    assert press != fields["press"]
    coordinator.send(WRITE, do="send", **{**again, "press": press})
    assert run(post.port).sent == 2


def test_changing_the_letter_brings_everything_back(coordinator: EngageClient, post: Taken) -> None:
    make_people(1)
    _check, fields = checked(coordinator, subject="Fri & day")
    page = coordinator.send(WRITE, do="change", **fields)
    assert page.value("subject") == "Fri & day"
    assert page.value("text") == TEXT


# -- without a mail server


def test_without_a_mail_server_everyone_is_reached_by_portions_of_forty_and_by_phone(
    coordinator: EngageClient,
) -> None:
    make_people(41)
    factories.make_membership(name="Pia Phone", user=None, phone="(915) 555-0142")
    check, fields = checked(coordinator)
    assert "41 people by e-mail, from your own program. 1 person by text message" in check.text("main")
    assert "Ana" not in check.text(".letter-text")
    assert "Hello everyone, we meet" in check.text(".letter-text")
    coordinator.send(WRITE, do="send", **fields)
    letter = db.session.scalars(sa.select(Letter)).one()
    address = f"/c/riverbend/people/letters/{letter.id}"
    page = coordinator.page(address)
    links = [str(node.attributes["href"]) for node in page.all("a[href^='mailto:']")]
    assert [len(parse_qs(urlsplit(link).query)["bcc"][0].split(",")) for link in links] == [40, 1]
    assert urlsplit(links[0]).path == ""
    second = parse_qs(urlsplit(links[1]).query)
    assert second["subject"] == ["Friday"]
    assert second["body"] == [
        "Hello everyone,\r\n\r\nwe meet on Friday.\r\n\r\nhttp://127.0.0.1/c/riverbend/\r\n\r\nMaria"
    ]
    sms = urlsplit(str(page.one("#messages-letter-phone a[href^='sms:']").attributes["href"]))
    assert sms.path == "9155550142"
    assert parse_qs(sms.query)["body"][0].startswith("Hello Pia,")
    ids = [
        node.attributes["value"]
        for node in page.all("#messages-letter-program li:nth-of-type(2) input[name=line]")
    ]
    assert coordinator.send(f"{address}/sent", line=ids).status == 303
    assert states().count(LetterState.SENT) == 1
    assert "1 of 42" in coordinator.page("/c/riverbend/people/letters/").text("main")
    coordinator.send(f"{address}/sent", line=ids, undo="1")
    assert states().count(LetterState.SENT) == 0


def test_by_hand_everyone_gets_the_link_that_is_the_same_for_all_and_no_code(
    coordinator: EngageClient,
) -> None:
    make_people(2)
    meeting, round_ = make_meeting(coordinator.membership), factories.make_round()
    channels_service.open_channel(coordinator.membership, round_, ChannelKind.SLIPS)
    db.session.commit()
    invited = written(coordinator, about=f"meeting:{meeting.id}")
    page = coordinator.page(f"/c/riverbend/people/letters/{invited.id}")
    mail = str(page.one("a[href^='mailto:']").attributes["href"])
    assert f"http://127.0.0.1/c/riverbend/meetings/{meeting.id}/" in parse_qs(urlsplit(mail).query)["body"][0]
    assert "/rsvp/" not in page.html
    page, _fields = checked(coordinator, about=f"slips:{round_.id}", subject="Codes")
    assert page.status == 422
    assert "This site sends no e-mail, so no one can get a link of their own" in page.text("main")
    assert db.session.scalar(sa.select(sa.func.count(Slip.id))) == 0


def test_what_one_coordinator_ticks_is_only_what_is_sent_by_hand_and_of_that_letter(
    coordinator: EngageClient, post: Taken
) -> None:
    make_people(1)
    letter = written(coordinator)
    row = db.session.scalars(sa.select(LetterTo).where(LetterTo.way == Way.MAIL)).one()
    coordinator.send(f"/c/riverbend/people/letters/{letter.id}/sent", line=[row.id])
    assert states() == [LetterState.WAITING]


# -- who sees it, and what it costs


def test_tests_of_others_and_letters_of_other_coalitions_do_not_exist(
    app: Flask, coordinator: EngageClient, post: Taken
) -> None:
    make_people(1)
    _check, fields = checked(coordinator)
    coordinator.send(WRITE, do="test", **fields)
    letter = db.session.scalars(sa.select(Letter)).one()
    other = factories.signed_in_client(app, factories.make_membership(role=Role.COORDINATOR))
    assert coordinator.get(f"/c/riverbend/people/letters/{letter.id}").status_code == 200
    assert other.get(f"/c/riverbend/people/letters/{letter.id}").status_code == 404


def test_every_page_asks_as_often_for_many_people_as_for_few(
    coordinator: EngageClient, post: Taken, time: time_machine.Traveller
) -> None:
    numbers = count(1)

    def cost() -> list[int]:
        found = []
        _check, fields = checked(coordinator)
        letter = written(coordinator, subject=f"Letter {next(numbers)}")
        for look in (
            lambda: coordinator.get(WRITE),
            lambda: coordinator.send(WRITE, do="check", **fields),
            lambda: coordinator.get(f"/c/riverbend/people/letters/{letter.id}"),
            lambda: coordinator.get("/c/riverbend/people/letters/"),
        ):
            with counted_queries() as sent:
                look()
            found.append(len(sent))
        return found

    make_people(2)
    make_group()
    few = cost()
    time.shift(timedelta(hours=2))
    make_people(20)
    for number in range(5):
        make_meeting(coordinator.membership, title=f"Meeting {number}")
    assert cost() == few


def test_a_page_of_people_leads_here(coordinator: EngageClient) -> None:
    group = make_group(*make_people(1))
    assert coordinator.page("/c/riverbend/people/").one(f"a[href='{WRITE}']")
    assert coordinator.page(f"/c/riverbend/people/groups/{group.id}").one(
        f"a[href='{WRITE}?to=group:{group.id}']"
    )
