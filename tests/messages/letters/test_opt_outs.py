"""Stopping letters: by a mail program or a page, for one coalition, for good; and what time empties."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.coalitions.audit.models import AuditEntry
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.people import service as people_service
from engage.extensions import db
from engage.messages.letters import opt_outs
from engage.messages.letters.models import Letter, LetterOptOut, LetterTo
from engage.messages.letters.rules import LetterState, Way
from engage.operations.coalition_file.queries.export import document_of, text_of
from engage.operations.coalition_file.service import importing
from engage.operations.daily import tick
from engage.operations.redaction import service as redaction_service
from engage.operations.redaction.service import RedactionTarget
from tests import factories
from tests.client import EngageClient
from tests.messages.letters.posted import checked, mailing, make_people, run, states, written
from tests.messages.smtp import Taken
from tests.messages.subscribers import NOW


@pytest.fixture(autouse=True)
def time(app: object) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travel:
        yield travel


@pytest.fixture
def post(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Taken]:
    with mailing(app, monkeypatch) as taken:
        yield taken


def link_to(post: Taken, address: str) -> str:
    """Returns the path by which this person stops letters."""
    mail = post.mails[post.recipients.index(address)]
    return str(mail["List-Unsubscribe"]).strip("<>").removeprefix("http://127.0.0.1")


def test_looking_stops_nothing_and_one_click_of_a_mail_program_does(
    coordinator: EngageClient, client: EngageClient, post: Taken
) -> None:
    make_people(2)
    written(coordinator)
    run(post.port)
    path = link_to(post, "one@example.org")
    page = client.page(path)
    assert page.text("h1") == "Stop letters from Riverbend County Coalition?"
    assert "example.org" not in page.text("main")
    assert opt_outs.stopped(coordinator.membership.coalition_id).hashes == set()
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.data) == (200, b"")
    assert client.page(path).text("h1") == "You will get no more letters from Riverbend County Coalition"
    check, _fields = checked(coordinator, subject="Another")
    assert "Ana One Opted out of letters" in check.text("main")
    written(coordinator, subject="Another")
    assert run(post.port).sent == 1


def test_the_pages_button_stops_them_and_lets_them_come_again(
    coordinator: EngageClient, client: EngageClient, post: Taken
) -> None:
    make_people(1)
    written(coordinator)
    run(post.port)
    path = link_to(post, "one@example.org")
    assert client.post(path).status_code == 400  # another site has no token
    client.send(path)
    assert opt_outs.stopped(coordinator.membership.coalition_id).hashes
    client.send(path, again="1")
    assert not opt_outs.stopped(coordinator.membership.coalition_id).hashes


def test_who_stopped_gets_nothing_that_was_queued_before(
    coordinator: EngageClient, client: EngageClient, post: Taken
) -> None:
    make_people(1)
    written(coordinator)
    run(post.port)
    written(coordinator, subject="Another")
    client.post(link_to(post, "one@example.org"), data={"List-Unsubscribe": "One-Click"})
    assert run(post.port).sent == 0
    assert states() == [LetterState.SENT, LetterState.STOPPED]


def test_it_holds_when_the_person_is_removed_and_added_again_and_in_one_coalition_alone(
    coordinator: EngageClient, client: EngageClient, post: Taken
) -> None:
    (ana,) = make_people(1)
    elsewhere = factories.make_membership(
        name="Ana One", user=None, email="one@example.org", coalition=factories.make_coalition()
    )
    written(coordinator)
    run(post.port)
    client.post(link_to(post, "one@example.org"), data={"List-Unsubscribe": "One-Click"})
    people_service.remove(ana, coordinator.membership)
    people_service.add_person(coordinator.membership, "Ana Again", " ONE@example.org")
    db.session.commit()
    again = db.session.scalars(sa.select(Membership).where(Membership.name == "Ana Again")).one()
    stopped = opt_outs.stopped(again.coalition_id)
    assert stopped.holds("one@example.org", again.id)
    assert not opt_outs.stopped(elsewhere.coalition_id).holds("one@example.org", elsewhere.id)
    page, _fields = checked(coordinator, to="chosen", people=[again.id])
    assert "None of these people can be reached" in page.text("main")


def test_it_holds_when_the_coalition_goes_elsewhere_by_its_file(
    coordinator: EngageClient, client: EngageClient, post: Taken
) -> None:
    make_people(2)
    written(coordinator)
    run(post.port)
    client.post(link_to(post, "one@example.org"), data={"List-Unsubscribe": "One-Click"})
    text = text_of(document_of(coordinator.membership.coalition, single_answers=True))
    db.session.rollback()
    importing.write(importing.read(text.encode(), "lakeside"), None)
    db.session.commit()
    there = db.session.scalars(sa.select(Coalition).where(Coalition.slug == "lakeside")).one()
    people = db.session.scalars(sa.select(Membership).where(Membership.coalition_id == there.id))
    holds = {
        each.email: opt_outs.stopped(there.id).holds(each.email, each.id) for each in people if each.email
    }
    assert holds == {"one@example.org": True, "two@example.org": False}


def test_it_holds_for_an_account_whose_address_changes(
    app: Flask, coordinator: EngageClient, client: EngageClient, post: Taken
) -> None:
    dan = factories.make_membership(name="Dan Reyes")
    assert dan.user is not None
    written(coordinator)
    run(post.port)
    client.post(link_to(post, dan.user.email), data={"List-Unsubscribe": "One-Click"})
    dan.user.email = "other@example.org"
    db.session.commit()
    assert opt_outs.stopped(dan.coalition_id).holds("other@example.org", dan.id)
    own = factories.signed_in_client(app, dan)
    assert "Riverbend County Coalition: stopped" in own.page("/account/messages").text("#messages-letters")
    own.send(f"/account/letters/{dan.id}", again="1")
    assert not opt_outs.stopped(dan.coalition_id).holds("other@example.org", dan.id)


def test_ones_own_page_stops_letters_of_ones_own_places_alone(member: EngageClient) -> None:
    other = factories.make_membership(name="Other Person")
    assert member.send(f"/account/letters/{other.id}").status == 404
    assert member.send(f"/account/letters/{member.membership.id}").status == 303
    assert opt_outs.stopped(member.membership.coalition_id).people == {member.membership.id}


def test_a_guessed_link_tells_nothing(client: EngageClient) -> None:
    assert client.get("/unsubscribe/guessed").status_code == 404
    assert client.post("/unsubscribe/guessed", data={"List-Unsubscribe": "One-Click"}).status_code == 404


def test_no_address_stands_in_what_is_kept_of_a_letter(coordinator: EngageClient, post: Taken) -> None:
    make_people(1)
    post.refused["one@example.org"] = "550 <one@example.org> unknown"
    written(coordinator)
    run(post.port)
    rows = {
        table: [str(row) for row in db.session.execute(sa.select(*table.__table__.c))]
        for table in (Letter, LetterTo, LetterOptOut)
    }
    assert rows[Letter] and rows[LetterTo]
    assert "one@example.org" not in str(rows)


# -- time, and texts that should not be there


def test_texts_go_after_thirty_days_and_the_letter_after_a_year(
    coordinator: EngageClient, post: Taken, time: time_machine.Traveller
) -> None:
    make_people(1)
    letter = written(coordinator)
    run(post.port)
    address = f"/c/riverbend/people/letters/{letter.id}"
    time.shift(timedelta(days=30) - timedelta(minutes=1))
    assert tick.run().erased["letters"] == 0
    time.shift(timedelta(minutes=2))
    assert tick.run().erased["letters"] == 1
    db.session.expire_all()
    assert (letter.subject, letter.text) == ("", "")
    client = factories.signed_in_client(coordinator.application, coordinator.membership)
    page = client.page(address)
    assert "The text was deleted after 30 days." in page.text("main")
    assert "Ana One" in page.text("main")
    time.shift(timedelta(days=336))
    assert tick.run().erased["letters"] == 1
    assert db.session.scalar(sa.select(sa.func.count(LetterTo.id))) == 0
    # Old letters can still be stopped.
    assert db.session.scalar(sa.select(sa.func.count(LetterOptOut.id))) == 1


def test_a_test_goes_after_a_day(
    coordinator: EngageClient, post: Taken, time: time_machine.Traveller
) -> None:
    make_people(1)
    _check, fields = checked(coordinator)
    coordinator.send("/c/riverbend/people/write", do="test", **fields)
    time.shift(timedelta(days=1, minutes=1))
    assert tick.run().erased["letters"] == 1


def test_a_text_that_is_removed_for_good_does_not_go_out_to_the_rest(
    coordinator: EngageClient, post: Taken
) -> None:
    make_people(2)
    letter = written(coordinator)
    redaction_service.redact(coordinator.membership, [RedactionTarget("messages_letter", letter.id, "text")])
    db.session.commit()
    assert run(post.port).sent == 0
    assert set(states()) == {LetterState.CANCELED}


def test_writing_is_in_the_audit_log_with_a_number_and_no_text(
    coordinator: EngageClient, post: Taken
) -> None:
    make_people(3)
    written(coordinator)
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.event == AuditEvent.LETTER_WRITTEN)
    ).one()
    assert (entry.actor_id, entry.number) == (coordinator.membership.id, 3)
    assert "Wrote to people" in coordinator.page("/c/riverbend/settings/audit/").text("main")


def test_who_writes_too_many_tests_waits(coordinator: EngageClient, post: Taken) -> None:
    make_people(1)
    _check, fields = checked(coordinator)
    for _test in range(10):
        assert coordinator.send("/c/riverbend/people/write", do="test", **fields).status == 200
    assert coordinator.send("/c/riverbend/people/write", do="test", **fields).status == 409
    rows = sa.select(sa.func.count(LetterTo.id)).where(LetterTo.way == Way.MAIL)
    assert db.session.scalar(rows) == 10
    assert clock.now() == NOW
