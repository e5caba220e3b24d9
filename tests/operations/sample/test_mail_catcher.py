"""The demo's own mail server: it keeps what would have gone out, shows it, and is nowhere but in the demo."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace

from engage.config import ROOT, MailServer, TestConfig
from engage.extensions import db
from engage.messages.letters.outbox import Letters
from engage.messages.mail import queue
from engage.operations.sample import mail_catcher
from tests import databases, factories, guards
from tests.client import EngageClient
from tests.messages.letters.posted import WRITE, checked, make_people


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def server(folder: Path) -> MailServer:
    started = mail_catcher.start(folder)
    assert started
    return replace(started, per_minute=0)


@pytest.fixture
def demo(
    folder: Path, server: MailServer, worker_id: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[EngageClient]:
    """Provides the coordinator of a demo."""
    monkeypatch.setattr(queue, "begin", lambda *_args: None)
    with databases.empty(folder, f"d{worker_id}") as url:
        config = TestConfig(DATA=folder, SQLALCHEMY_DATABASE_URI=url, DEMO=True, MAIL=server)
        app = databases.another_app(config)
        app.test_client_class = EngageClient
        databases.migrate(app)
        guards.watch(app)
        with app.app_context():
            yield factories.signed_in_client(
                app, factories.make_membership(role="coordinator", name="Maria Santos")
            )
            db.session.remove()
            db.engine.dispose()


def test_a_letter_of_the_demo_goes_nowhere_and_is_shown(demo: EngageClient, server: MailServer) -> None:
    make_people(2)
    assert "No e-mail yet" in demo.page("/demo/mail/").text("main")
    _check, fields = checked(demo, text="Hello [name], <b>see</b>\n[link]")
    assert demo.send(WRITE, do="send", **fields).status == 303
    db.session.commit()
    assert Letters(server).run().sent == 2
    page = demo.page("/demo/mail/")
    assert page.texts("tbody td:nth-of-type(1)") == ["two@example.org", "one@example.org"]
    mail = demo.page("/demo/mail/1")
    assert "Hello Ana, <b>see</b> http://127.0.0.1/c/riverbend/" in mail.text(".letter-text")
    assert "Answers go to: Maria Santos" in mail.text("main")
    # It is a mail, not one of our pages.
    whole = FlaskClient.open(demo, "/demo/mail/1/html")
    assert "&lt;b&gt;see" in whole.get_data(as_text=True)
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    assert "E-mail in the demo" in demo.page("/c/riverbend/").text(".banners")
    assert demo.get("/demo/mail/99").status_code == 404
    assert demo.application.test_client().get("/demo/mail/").status_code == 303


def test_a_real_installation_has_neither_the_page_nor_the_server(
    app: Flask, coordinator: EngageClient
) -> None:
    assert coordinator.get("/demo/mail/").status_code == 404
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/demo")]
    starts = [
        path for path in Path(ROOT, "engage").rglob("*.py") if "mail_catcher.start(" in path.read_text()
    ]
    assert [path.name for path in starts] == ["demo.py"]


def test_where_the_package_of_the_mail_server_is_missing_the_demo_has_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "aiosmtpd.controller", None)
    assert mail_catcher.start(folder) is None


def test_no_more_than_the_newest_are_kept(
    folder: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_catcher, "MAILS_MOST", 2)
    from email.message import EmailMessage

    from engage.messages.mail.post import Post

    with Post(server, "localhost") as post:
        for number in range(4):
            message = EmailMessage()
            message["Subject"] = f"Mail {number}"
            message.set_content("Text")
            post.send(message, "ana@example.org")
    assert [mail.subject for mail in mail_catcher.mails(folder)] == ["Mail 3", "Mail 2"]
