"""Saying yes to the digest on one's own page, and ending it without signing in."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from engage.extensions import db
from engage.messages.digest import service as digest_service
from engage.messages.models import MailSetting
from engage.messages.rules import Frequency
from tests.client import EngageClient
from tests.messages.smtp import server_at, taking
from tests.messages.subscribers import make_subscriber, run

SETTINGS = "/account/messages"


@pytest.fixture
def with_mail(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "MAIL", server_at(1))


@pytest.fixture
def link(app: Flask) -> str:
    """Returns the path that ends a subscriber's mails."""
    make_subscriber()
    nonce = db.session.scalars(sa.select(MailSetting.nonce)).one()
    with app.test_request_context():
        return digest_service.unsubscribe_url(nonce).removeprefix("http://127.0.0.1")


def frequency() -> Frequency:
    return db.session.scalars(sa.select(MailSetting.frequency)).one()


@pytest.mark.usefixtures("with_mail")
def test_no_one_gets_mail_unless_they_say_so(member: EngageClient) -> None:
    page = member.page(SETTINGS)
    assert page.one("[name=frequency][checked]").attributes["value"] == "off"
    assert db.session.scalar(sa.select(sa.func.count(MailSetting.id))) == 0
    for chosen, words in (
        ("weekly", "You get an e-mail once a week, starting Monday."),
        ("daily", "You get an e-mail on days when something is late, due, or new."),
        ("off", "You get no e-mail."),
    ):
        answer = member.send(SETTINGS, frequency=chosen)
        assert (answer.status, answer.location) == (303, SETTINGS)
        page = member.page(SETTINGS)
        assert page.text(".flash") == words
        assert page.one("[name=frequency][checked]").attributes["value"] == frequency() == chosen


@pytest.mark.usefixtures("with_mail")
@pytest.mark.parametrize("sent", [{}, {"frequency": "hourly"}])
def test_a_choice_that_is_none_is_refused_with_its_words(member: EngageClient, sent: dict[str, Any]) -> None:
    page = member.send(SETTINGS, **sent)
    assert page.status == 422
    assert page.errors
    assert db.session.scalar(sa.select(sa.func.count(MailSetting.id))) == 0


def test_without_a_mail_server_it_is_said_and_not_offered(member: EngageClient) -> None:
    page = member.page(SETTINGS)
    assert page.has("This site sends no e-mail.")
    assert not page.all("[name=frequency]")
    assert member.send(SETTINGS, frequency="daily").status == 409
    assert member.send(SETTINGS, frequency="off").status == 303


@pytest.mark.usefixtures("with_mail")
def test_the_inbox_offers_it_with_one_click(member: EngageClient) -> None:
    inbox = "/c/riverbend/messages/"
    form = member.page(inbox).one(".messages-by-mail form")
    assert form.attributes["action"] == SETTINGS
    fields = {node.attributes["name"]: node.attributes["value"] for node in form.css("[name]")}
    assert member.send(SETTINGS, frequency=fields["frequency"]).status == 303
    assert frequency() is Frequency.WEEKLY
    assert not member.page(inbox).all(".messages-by-mail form")


def test_the_inbox_offers_nothing_that_does_not_work(member: EngageClient) -> None:
    assert not member.page("/c/riverbend/messages/").all(".messages-by-mail form")


# -- ending it


def test_following_the_link_changes_nothing(link: str, client: EngageClient) -> None:
    page = client.page(link)
    assert page.text("h1") == "Stop these e-mails?"
    assert "Dan" not in page.html
    assert "@example" not in page.html
    assert page.headers["Cache-Control"] == "no-store"
    assert frequency() is Frequency.DAILY


def test_the_button_ends_it_without_signing_in(link: str, client: EngageClient) -> None:
    answer = client.send(link)
    assert (answer.status, answer.location) == (303, link)
    assert client.page(link).text("h1") == "You will get no more of these e-mails"
    assert frequency() is Frequency.OFF
    assert client.send(link).status == 303
    with taking() as taken:
        run(taken.port)
    assert taken.mails == []


def test_a_mail_program_ends_it_with_one_click_without_a_session(link: str, client: EngageClient) -> None:
    for _again in range(2):
        answer = client.post(link, data={"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, answer.get_data()) == (200, b"")
        assert "Set-Cookie" not in answer.headers
        assert frequency() is Frequency.OFF


@pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "Two-Clicks"}, {"csrf_token": "wrong"}])
def test_any_other_post_needs_the_pages_own_token(
    link: str, client: EngageClient, body: dict[str, str]
) -> None:
    assert client.post(link, data=body).status_code == 400
    assert frequency() is Frequency.DAILY


@pytest.mark.parametrize("token", ["nothing", "x" * 3000, "%00"])
def test_a_link_that_names_no_one_does_not_exist(app: Flask, client: EngageClient, token: str) -> None:
    path = f"/unsubscribe/{token}"
    answer = client.get(path)
    assert answer.status_code == 404
    assert "open it from the e-mail again" in answer.get_data(as_text=True)
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 404
    assert client.send(path).status == 404


def test_the_link_of_an_old_mail_still_ends_what_was_asked_for_again(
    link: str, client: EngageClient, app: Flask
) -> None:
    client.send(link)
    db.session.execute(sa.update(MailSetting).values(frequency=Frequency.WEEKLY))
    db.session.commit()
    client.send(link)
    assert frequency() is Frequency.OFF
