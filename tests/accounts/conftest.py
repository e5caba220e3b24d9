"""Provides a mail server to tests of the mails about an account, and a clock that stands still."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from tests.client import EngageClient
from tests.messages.smtp import Taken, server_at, taking

START = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.fixture
def post() -> Iterator[Taken]:
    with taking() as taken:
        yield taken


@pytest.fixture
def mailing(app: Flask, post: Taken, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Returns the installation with a mail server, whose sender names the coalition."""
    monkeypatch.setitem(app.config, "MAIL", server_at(post.port))
    # No thread sends mail beside the test, which does so itself.
    monkeypatch.setattr("engage.messages.mail.queue.begin", lambda *_all: None)
    return app


@pytest.fixture
def time(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as travel:
        yield travel


@pytest.fixture
def other(mailing: Flask) -> EngageClient:
    made = mailing.test_client()
    assert isinstance(made, EngageClient)
    return made
