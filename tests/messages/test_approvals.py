"""Tests how a person hears that they were approved: by mail where there is mail, else from the coordinator."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage.accounts.rules import LetterState
from engage.coalitions.models import Membership
from engage.extensions import db
from engage.messages.account.approvals import ApprovalMails
from engage.messages.letters import queries
from engage.messages.mail.queue import Sent
from engage.messages.models import ApprovalMail
from tests import factories
from tests.client import EngageClient
from tests.messages.letters.posted import mailing
from tests.messages.smtp import Taken, closed_port, server_at
from tests.messages.subscribers import NOW, user_of

PEOPLE = "/c/riverbend/people/"


@pytest.fixture(autouse=True)
def time(app: object) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travel:
        yield travel


@pytest.fixture
def post(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Taken]:
    with mailing(app, monkeypatch) as taken:
        yield taken


def run(port: int) -> Sent:
    db.session.commit()
    try:
        return ApprovalMails(server_at(port)).run()
    finally:
        db.session.expire_all()


def states() -> list[LetterState]:
    return list(db.session.scalars(sa.select(ApprovalMail.state).order_by(ApprovalMail.id)))


def waiting(name: str = "Rosa Núñez", **more: object) -> Membership:
    return factories.make_membership(name=name, approved_at=None, **more)


def test_who_is_approved_gets_one_mail_that_names_no_coalition(
    coordinator: EngageClient, post: Taken
) -> None:
    rosa = waiting()
    assert coordinator.send(f"{PEOPLE}{rosa.id}/approve").location == PEOPLE
    assert coordinator.page(PEOPLE).has("Rosa Núñez is approved. An e-mail is on its way to them.")
    assert (run(post.port).sent, run(post.port).sent) == (1, 0)
    (mail,) = post.mails
    assert post.recipients == [user_of(rosa).email]
    assert (mail["Subject"], mail["From"]) == ("Engage: you can sign in now", "Engage <engage@example.org>")
    text = str(mail.get_content())
    assert text.startswith("Hello Rosa,")
    assert "http://127.0.0.1/sign-in" in text
    assert "Riverbend" not in mail.as_string()
    assert "traffick" not in mail.as_string().lower()


def test_the_mail_speaks_the_persons_language(coordinator: EngageClient, post: Taken) -> None:
    rosa = waiting()
    user_of(rosa).language = "es"
    db.session.commit()
    coordinator.send(f"{PEOPLE}{rosa.id}/approve")
    run(post.port)
    assert post.mails[0]["Subject"] == "Engage: ya puede iniciar sesión"
    assert post.mails[0]["Content-Language"] == "es"


def test_who_left_before_it_went_out_gets_none(coordinator: EngageClient, post: Taken) -> None:
    rosa = waiting()
    coordinator.send(f"{PEOPLE}{rosa.id}/approve")
    coordinator.send(f"{PEOPLE}{rosa.id}/disable")
    assert run(post.port).sent == 0
    assert states() == [LetterState.NONE]


def test_a_mail_server_that_is_down_is_tried_again(coordinator: EngageClient, post: Taken) -> None:
    coordinator.send(f"{PEOPLE}{waiting().id}/approve")
    assert run(closed_port()).failed == 1
    assert states() == [LetterState.FAILED]
    assert run(post.port).sent == 1


def test_approvals_count_with_letters_toward_what_a_coalition_sends_in_an_hour(
    coordinator: EngageClient,
    post: Taken,
    time: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "MOST_AN_HOUR", 1)
    for name in ("Rosa Núñez", "Ann Lee"):
        coordinator.send(f"{PEOPLE}{waiting(name).id}/approve")
    assert (run(post.port).sent, run(post.port).sent) == (1, 0)
    time.shift(timedelta(minutes=61))
    assert (run(post.port).sent, len(post.mails)) == (1, 2)


def test_without_mail_the_coordinator_gets_a_text_to_copy(coordinator: EngageClient) -> None:
    rosa = waiting()
    answer = coordinator.send(f"{PEOPLE}{rosa.id}/approve")
    assert answer.location == f"{PEOPLE}{rosa.id}/approved"
    page = coordinator.page(answer.location)
    text = page.one("#coalitions-approved-text").text()
    assert text.startswith("Hello Rosa,\n\nWelcome to Riverbend County Coalition. You can sign in now:")
    assert "http://127.0.0.1/sign-in" in text
    assert page.all("[data-copy]") and page.all("a[href^='mailto:']") and page.all("a[href^='sms:']")
    assert states() == []


def test_the_text_is_only_for_someone_who_is_approved(
    coordinator: EngageClient, member: EngageClient
) -> None:
    assert coordinator.get(f"{PEOPLE}{waiting().id}/approved").status_code == 404
    rosa = factories.make_membership()
    assert member.get(f"{PEOPLE}{rosa.id}/approved").status_code == 403


def test_who_is_declined_is_sent_nothing_unless_the_coordinator_writes_it(
    coordinator: EngageClient, post: Taken
) -> None:
    rosa = waiting()
    coordinator.send(f"{PEOPLE}{rosa.id}/decline")
    assert (run(post.port).sent, states()) == (0, [])
    page = coordinator.page(PEOPLE)
    assert page.text(".flash-undo p") == "Rosa Núñez was declined. Nothing was sent to them."
    assert page.one(".flash-undo a").attributes["href"] == f"mailto:{user_of(rosa).email}"


def test_the_waiting_page_says_whether_a_mail_will_come(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    rosa = waiting()
    person = factories.signed_in_client(app, rosa)
    address = f"/join/{rosa.id}/done"
    assert person.page(address).has("Engage does not send a message when you are approved.")
    with mailing(app, monkeypatch):
        assert person.page(address).has(f"an e-mail goes to {user_of(rosa).email}")
