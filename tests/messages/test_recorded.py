"""Tests when what a request recorded goes out, and that a failure there breaks nothing."""

import logging

import pytest
from flask import Flask

from engage.config import MailServer
from engage.messages.account import letters
from engage.messages.mail import event_confirmations, recorded
from tests.client import EngageClient
from tests.messages.smtp import server_at
from tests.plan.signups.test_signups import make_event, sign_up


def test_only_the_request_that_recorded_a_mail_has_it_sent_after_its_answer(
    app: Flask, client: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[object] = []
    monkeypatch.setitem(app.config, "MAIL", server_at(1))
    monkeypatch.setattr(recorded, "begin", lambda *asked: begun.append(asked[-1]))
    event = make_event()
    sign_up(client, event, email="dan@example.org").response.close()
    assert begun == [event_confirmations.send_waiting]
    client.send("/reset", email="dan@example.org").response.close()
    assert begun == [event_confirmations.send_waiting, letters.send_waiting]
    client.get("/sign-in").close()
    assert len(begun) == 2


def test_what_cannot_be_sent_is_logged_and_waits_for_the_next_run(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_server: MailServer) -> tuple[int, int]:
        raise RuntimeError("dan@example.org")

    with caplog.at_level(logging.ERROR):
        recorded._send_quietly(app, server_at(1), fail)
    assert "recorded mails were not sent" in caplog.text
    assert "dan@example.org" not in caplog.text
