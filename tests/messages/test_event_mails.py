"""Mail about events: one confirmation to an address that signed up, and letters to those who confirmed it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.accounts.rules import PER_COALITION_MAIL, PER_EVENT_MAIL, PER_MAILED_LINK, LetterState
from engage.extensions import db
from engage.messages.letters import audiences, links, queries
from engage.messages.letters.outbox import Letters
from engage.messages.letters.rules import Way
from engage.messages.mail import queue
from engage.messages.mail.event_confirmations import EventConfirmations
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityState
from engage.plan.signups.models import Signup
from tests.client import EngageClient
from tests.messages.smtp import Taken, server_at, taking
from tests.plan.signups.test_signups import make_event, sign_up


@pytest.fixture
def post() -> Iterator[Taken]:
    with taking() as taken:
        yield taken


@pytest.fixture
def mailing(app: Flask, post: Taken, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Returns the installation with a mail server, whose mails a test sends itself."""
    monkeypatch.setitem(app.config, "MAIL", server_at(post.port))
    monkeypatch.setattr(queue, "begin", lambda *_all: None)
    return app


def sent(mailing: Flask) -> tuple[int, int]:
    done = EventConfirmations(mailing.config["MAIL"]).run()
    db.session.rollback()
    return done.sent, done.failed


def link_in(post: Taken) -> str:
    text = str(post.mails[-1].get_content())
    return "/events/" + next(word for word in text.split() if "/events/" in word).partition("/events/")[2]


def signups() -> list[Signup]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Signup).order_by(Signup.id)))


def test_an_address_gets_one_mail_whose_link_confirms_it_by_a_button(
    mailing: Flask, client: EngageClient, post: Taken
) -> None:
    event = make_event(place="Library, room 2")
    own = sign_up(client, event, email="dan@example.org").location or ""
    assert client.page(own).has("One e-mail goes to dan@example.org")
    assert sent(mailing) == (1, 0)
    assert str(post.mails[0]["To"]) == "dan@example.org"
    assert "\nLibrary, room 2\n\nIf it was you" in str(post.mails[0].get_content()).replace("\r\n", "\n")

    link = link_in(post)
    assert client.page(link).has("Is dan@example.org your address")
    assert signups()[0].confirmed_at is None
    client.send(link)

    assert signups()[0].confirmed_at is not None
    assert client.page(own).has("dan@example.org is confirmed.")
    assert sent(mailing) == (0, 0)


def test_the_same_address_for_one_event_gets_one_mail_however_often_it_is_typed(
    mailing: Flask, client: EngageClient, post: Taken
) -> None:
    event = make_event()
    for name in ("Dan Ito", "Ana Cruz"):
        sign_up(client, event, name=name, email="dan@example.org")
    assert sent(mailing) == (1, 0)
    client.send(link_in(post))
    assert all(each.confirmed_at for each in signups())


def test_no_one_floods_an_address_over_many_events(
    mailing: Flask, client: EngageClient, post: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(mailing.config, "LIMITS", True)
    for _event in range(int(PER_MAILED_LINK.capacity) + 2):
        sign_up(client, make_event(), email="dan@example.org")
    assert sent(mailing) == (PER_MAILED_LINK.capacity, 0)


def flood(client: EngageClient, event: Activity, number: int) -> str:
    """Signs so many people up, each with an address of their own; returns the last one's own page."""
    for place in range(number):
        last = sign_up(client, event, name=f"Person {place}", email=f"p{event.id}.{place}@example.org")
    return last.location or ""


def test_no_one_floods_many_addresses_through_one_event_and_whoever_got_no_mail_is_told_and_may_ask(
    mailing: Flask, client: EngageClient, coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(mailing.config, "LIMITS", True)
    event, most = make_event(), int(PER_EVENT_MAIL.capacity)
    assert not coordinator.page(f"/c/riverbend/plan/activities/{event.id}/").has("was not asked by e-mail")
    last = flood(client, event, most + 2)
    assert sent(mailing) == (most, 0)
    page = client.page(last)
    assert page.has(f"Person {most + 1}, you are signed up.")
    assert page.has("Your sign-up is kept. Many people are signing up, so no e-mail has gone to")
    for path in ("", "signups/"):
        shown = coordinator.page(f"/c/riverbend/plan/activities/{event.id}/{path}")
        assert shown.has(
            "2 people were not asked by e-mail to confirm their address: at most 30 such e-mails"
        )
    spanish = {"Accept-Language": "es"}
    assert client.page(last, headers=spanish).has("Su inscripción se conserva. Muchas personas se están")
    shown = coordinator.page(f"/c/riverbend/plan/activities/{event.id}/", headers=spanish)
    assert shown.has("A 2 personas no se les pidió por correo que confirmaran su dirección")
    refused = client.send(f"{last}/ask")
    assert refused.status == 429
    assert refused.has("Your sign-up is kept.")
    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False):
        assert client.send(f"{last}/ask").status == 303
        assert client.send(f"{last}/ask").status == 303  # once more asks for nothing more
        assert sent(mailing) == (1, 0)
        page = client.page(last)
        assert page.has("One e-mail goes to") and not page.has("Your sign-up is kept.")
        shown = coordinator.page(f"/c/riverbend/plan/activities/{event.id}/")
        assert shown.has("1 person was not asked by e-mail to confirm their address")


def test_no_one_floods_many_addresses_through_all_events_of_a_coalition(
    mailing: Flask, client: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(mailing.config, "LIMITS", True)
    for _event in range(3):
        flood(client, make_event(), 25)
    assert sent(mailing) == (PER_COALITION_MAIL.capacity, 0)
    own = sign_up(client, make_event(), email="", phone="555-0100").location or ""
    assert client.send(f"{own}/ask").status == 303
    assert sent(mailing) == (0, 0)


def test_canceling_and_signing_up_again_and_again_sends_no_more(
    mailing: Flask, client: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(mailing.config, "LIMITS", True)
    event, mails = make_event(), 0
    for place in range(int(PER_EVENT_MAIL.capacity) + 3):
        own = sign_up(client, event, email=f"p{place}@example.org").location
        mails += sent(mailing)[0]
        client.send(f"{own}/cancel")
    assert mails == PER_EVENT_MAIL.capacity


def test_a_page_does_not_tell_that_someone_else_signed_up_with_the_same_address(
    mailing: Flask, client: EngageClient
) -> None:
    event = make_event()
    pages = [client.page(sign_up(client, event, email="dan@example.org").location or "") for _n in range(2)]
    assert pages[0].text("#plan-own-signup") == pages[1].text("#plan-own-signup")


def test_without_a_mail_server_nothing_waits(client: EngageClient) -> None:
    sign_up(client, make_event(), email="dan@example.org")
    assert signups()[0].mail is LetterState.NONE


def test_a_canceled_sign_up_and_an_event_called_off_get_no_mail(
    mailing: Flask, client: EngageClient, post: Taken
) -> None:
    client.send(f"{sign_up(client, make_event(), email='dan@example.org').location}/cancel")
    event = make_event()
    sign_up(client, event, email="ana@example.org")
    event.state = ActivityState.CALLED_OFF
    db.session.commit()
    assert sent(mailing) == (0, 0)
    assert post.mails == []


def test_what_the_server_refused_is_tried_three_times(
    mailing: Flask, client: EngageClient, post: Taken
) -> None:
    sign_up(client, make_event(), email="dan@example.org")
    post.refused["dan@example.org"] = "550 no"
    assert [sent(mailing) for _try in range(4)] == [(0, 1), (0, 1), (0, 1), (0, 0)]


def test_a_letter_to_those_signed_up_goes_to_confirmed_addresses_and_by_phone_alone(
    mailing: Flask, client: EngageClient, coordinator: EngageClient, post: Taken
) -> None:
    event = make_event(seats=3)
    for name, address, phone in (
        ("Dan Ito", "dan@example.org", ""),
        ("Ana Cruz", "ana@example.org", ""),
        ("Lee Park", "", "555-0100"),
        ("Kim Roe", "kim@example.org", ""),
    ):
        sign_up(client, event, name=name, email=address, phone=phone)
    dan = signups()[0]
    dan.confirmed_at = dan.made_at
    db.session.commit()
    audience = audiences.audience(coordinator.membership, f"event:{event.id}")
    assert audience is not None
    people = queries.recipients(coordinator.membership, audience, by_mail=True)
    assert [(each.name, each.address, each.way) for each in people] == [
        ("Dan Ito", "dan@example.org", Way.MAIL),
        ("Ana Cruz", "", Way.NONE),
        ("Lee Park", "", Way.PHONE),
    ]
    button = coordinator.page(f"/c/riverbend/plan/activities/{event.id}/signups/").one(
        "[href*=event_waiting]"
    )
    page = coordinator.page(button.attributes["href"] or "")
    about = links.about(coordinator.membership.coalition, page.value("about") or "")
    assert about is not None
    assert about.files(coordinator.membership.coalition) == []
    waiting = audiences.audience(coordinator.membership, f"event_waiting:{event.id}")
    assert waiting is not None
    assert [each.name for each in waiting.signups] == ["Kim Roe"]


def test_the_link_of_a_letter_about_an_event_is_ones_own_page(
    client: EngageClient, coordinator: EngageClient
) -> None:
    event = make_event()
    own = sign_up(client, event).location or ""
    about = links.about(coordinator.membership.coalition, f"event:{event.id}")
    assert about is not None
    reader = links.Reader(coordinator.membership.coalition, None, None, signups()[0].id)
    with client.application.test_request_context():
        assert about.for_reader(reader).endswith(own)
        assert not about.shown(reader.coalition).endswith(own)


def test_a_letter_goes_out_to_someone_who_signed_up(
    mailing: Flask,
    client: EngageClient,
    coordinator: EngageClient,
    post: Taken,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event = make_event()
    own = sign_up(client, event, email="dan@example.org").location or ""
    dan = signups()[0]
    dan.confirmed_at = dan.made_at
    db.session.commit()
    key = f"event:{event.id}"
    page = coordinator.page(f"/c/riverbend/people/write?to={key}&about={key}")
    assert "Reminder" in (page.value("subject") or "")
    typed = {name: page.value(name) for name in ("subject", "text", "press", "about")}
    check = coordinator.send("/c/riverbend/people/write", **typed, to=key, do="check")
    typed["seen"] = check.one("[name=seen]").attributes["value"]
    answer = coordinator.send("/c/riverbend/people/write", **typed, to=key, do="send")
    Letters(mailing.config["MAIL"]).run()
    db.session.rollback()
    assert [str(mail["To"]) for mail in post.mails] == ["dan@example.org"]
    body = post.mails[0].get_body(("plain",))
    assert body is not None
    assert own in body.get_content()
    (file,) = post.mails[0].iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == (f"event-{event.id}.ics", "text/calendar")
    assert "SUMMARY:Training for nurses" in file.get_content()
    assert coordinator.page(answer.location or "").has("Dan Ito")
