"""A mail is in its reader's language: the account's choice, else the coalition's."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from engage.accounts.forgotten import service as forgotten_service
from engage.coalitions.models import Membership
from engage.extensions import db
from engage.messages.account.letters import AccountLetters
from engage.messages.mail import queue
from engage.messages.mail.event_confirmations import EventConfirmations
from tests.client import EngageClient
from tests.factories import make_membership, make_user, the_coalition
from tests.messages.smtp import Taken, server_at, taking
from tests.messages.subscribers import NOW, make_subscriber, run, user_of
from tests.plan.signups.test_signups import make_event, sign_up

pytestmark = pytest.mark.usefixtures("french")


@pytest.fixture
def post() -> Iterator[Taken]:
    with taking() as taken:
        yield taken


@pytest.fixture
def mailing(app: Flask, post: Taken, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setitem(app.config, "MAIL", server_at(post.port))
    monkeypatch.setattr(queue, "begin", lambda *_all: None)
    return app


def speak(coalition: str, person: Membership | None = None, own: str = "") -> None:
    the_coalition().language = coalition
    if person is not None:
        user_of(person).language = own
    db.session.commit()


@pytest.mark.parametrize(
    ("coalition", "own", "mailed"),
    [("en", "", "en"), ("fr", "", "fr"), ("fr", "en", "en"), ("en", "fr", "fr"), ("xx", "xx", "en")],
)
def test_digests_and_mail_about_an_account_are_in_its_language(
    coalition: str, own: str, mailed: str, mailing: Flask, post: Taken
) -> None:
    dan = make_subscriber()
    address = user_of(dan).email
    speak(coalition, dan, own)
    with time_machine.travel(NOW, tick=False):
        run(post.port)
        forgotten_service.ask(address, "127.0.0.1")
        db.session.commit()
        AccountLetters(mailing.config["MAIL"]).run()
    digest, link = post.mails
    assert [digest["Content-Language"], link["Content-Language"]] == [mailed, mailed]
    plain, html = (part.get_content() for part in digest.iter_parts())
    assert f'<html lang="{mailed}">' in html
    assert ("En retard" in plain, "choisir" in link["Subject"]) == (mailed == "fr", mailed == "fr")


@pytest.mark.parametrize(("own", "mailed"), [("", "fr"), ("en", "en")])
def test_a_link_asked_for_on_a_page_in_another_language_is_mailed_in_that_unless_the_account_has_its_own(
    own: str, mailed: str, mailing: Flask, client: EngageClient, post: Taken
) -> None:
    dan = make_membership(user=make_user(email="dan@example.org", language=own))
    client.get("/sign-in?lang=fr")
    client.send("/reset", email=user_of(dan).email)
    forgotten_service.make_links()
    AccountLetters(mailing.config["MAIL"]).run()
    assert post.mails[0]["Content-Language"] == mailed


def test_what_someone_else_does_to_an_account_is_mailed_in_no_language_of_theirs(
    mailing: Flask, coordinator: EngageClient, client: EngageClient, post: Taken
) -> None:
    dan = make_membership(user=make_user(email="dan@example.org"))
    coordinator.get("/sign-in?lang=fr")
    coordinator.send(f"/c/riverbend/people/{dan.id}/password-link")
    AccountLetters(mailing.config["MAIL"]).run()
    assert [mail["Content-Language"] for mail in post.mails] == ["en"]


@pytest.mark.parametrize(("read_in", "mailed"), [("fr", "fr"), ("en", "en"), ("", "fr")])
def test_whoever_signs_up_is_written_to_in_the_language_of_the_page(
    read_in: str, mailed: str, mailing: Flask, client: EngageClient, post: Taken
) -> None:
    event = make_event()
    speak("fr")
    if read_in:
        client.get(f"/sign-in?lang={read_in}")
    sign_up(client, event, email="dan@example.org")
    EventConfirmations(mailing.config["MAIL"]).run()
    assert post.mails[0]["Content-Language"] == mailed
    assert ("Confirmez" in post.mails[0]["Subject"]) == (mailed == "fr")
