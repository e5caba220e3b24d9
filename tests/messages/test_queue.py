"""Tests when queued mail goes out after a request, and that a failure there breaks nothing."""

import logging

import pytest
import sqlalchemy as sa
from flask import Flask

from engage.accounts import notices as notices_service
from engage.accounts.models import Notice
from engage.accounts.rules import LetterState, NoticeKind
from engage.extensions import db
from engage.messages.account.letters import AccountLetters
from engage.messages.mail import queue
from engage.messages.mail.event_confirmations import EventConfirmations
from tests.client import EngageClient
from tests.factories import make_membership
from tests.messages.smtp import scripted, server_at, taking
from tests.messages.subscribers import user_of
from tests.plan.signups.test_signups import make_event, sign_up


def test_only_the_request_that_queued_a_mail_has_it_sent_after_its_answer(
    app: Flask, client: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[object] = []
    monkeypatch.setitem(app.config, "MAIL", server_at(1))
    monkeypatch.setattr(queue, "begin", lambda *asked: begun.append(asked[-1]))
    event = make_event()
    sign_up(client, event, email="dan@example.org").response.close()
    assert begun == [EventConfirmations]
    client.send("/reset", email="dan@example.org").response.close()
    assert begun == [EventConfirmations, AccountLetters]
    client.get("/sign-in").close()
    assert len(begun) == 2


def test_what_cannot_be_sent_is_logged_and_waits_for_the_next_run(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_queue: AccountLetters) -> None:
        raise RuntimeError("dan@example.org")

    monkeypatch.setattr(AccountLetters, "due", fail)
    with caplog.at_level(logging.ERROR):
        queue.send_quietly(app, server_at(1), AccountLetters)
    assert "waiting mail was not sent" in caplog.text
    assert "dan@example.org" not in caplog.text


def notices(app: Flask, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Queues the mails about as many accounts."""
    monkeypatch.setitem(app.config, "MAIL", server_at(1))
    for _each in range(count):
        notices_service.tell(user_of(make_membership()), NoticeKind.PASSWORD)
    db.session.commit()


def states() -> list[LetterState]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Notice.letter).order_by(Notice.id)))


def test_a_mail_that_the_server_had_when_it_fell_silent_is_not_sent_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    notices(app, monkeypatch, 2)
    with scripted({".": ""}) as port:
        done = AccountLetters(server_at(port)).run()
    assert (done.sent, done.failed, done.unknown) == (0, 0, 1)
    assert states() == [LetterState.CLAIMED, LetterState.WAITING]
    with taking() as post:
        assert AccountLetters(server_at(post.port)).run().sent == 1
        assert AccountLetters(server_at(post.port)).run().sent == 0


def test_a_mail_that_cannot_be_made_holds_no_other_back_and_is_tried_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    notices(app, monkeypatch, 2)
    first = db.session.scalars(sa.select(Notice).order_by(Notice.id)).first()
    assert first is not None
    address, first.address = first.address, "=?utf-8?b?Cg==?=@example.org"
    db.session.commit()
    with taking() as post:
        done = AccountLetters(server_at(post.port)).run()
        assert (done.sent, done.failed, done.words) == (1, 1, ["ValueError"])
        first.address = address
        db.session.commit()
        assert AccountLetters(server_at(post.port)).run().sent == 1
    assert states() == [LetterState.SENT] * 2


def test_what_an_earlier_process_left_goes_out_after_the_first_post(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[object] = []
    monkeypatch.setattr(queue, "begin", lambda *asked: begun.append(asked[-1]))
    another = Flask("another")
    another.config.update(DAILY=True, MAIL=server_at(1))
    queue.init_app(another, (AccountLetters, EventConfirmations))
    client = another.test_client()
    client.get("/").close()
    assert begun == []
    for _post in range(2):
        client.post("/").close()
    assert begun == [AccountLetters, EventConfirmations]
