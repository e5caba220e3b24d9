"""The test mail: asked for and answered at once, sent beside the request, its result read later."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.messages.models import Mail, MailTest
from engage.messages.rules import MailState
from tests import factories
from tests.client import EngageClient
from tests.html import Page
from tests.messages.smtp import SHORT, USER, closed_port, server_at, silent, taking
from tests.messages.subscribers import user_of

SETTINGS, TEST = "/account/messages", "/account/mail-test"


@pytest.fixture
def mail_at(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Returns a function that says where the mail server is."""
    return lambda port, **more: monkeypatch.setitem(app.config, "MAIL", server_at(port, **more))


@pytest.fixture(autouse=True)
def _no_thread_outlives_its_test(app: Flask) -> Iterator[None]:
    yield
    wait_for_threads()


def wait_for_threads() -> None:
    import threading

    for thread in threading.enumerate():
        if thread.name == "mail-test":
            thread.join(30)
            assert not thread.is_alive()


def ask(client: EngageClient, **how: bool) -> Page:
    """Presses the button and closes the answer as a server does: only then does the thread begin."""
    data = {"csrf_token": client.csrf_token()}
    answer = client.post(TEST, data=data, headers={"HX-Request": "true"} if how.get("htmx") else {})
    answer.close()
    return Page(answer)


def result(client: EngageClient) -> Page:
    wait_for_threads()
    return client.page(SETTINGS)


def test_the_mail_arrives_and_the_page_says_so(
    coordinator: EngageClient, mail_at: Callable[..., None]
) -> None:
    with taking() as taken:
        mail_at(taken.port)
        answer = ask(coordinator)
        assert (answer.status, answer.location) == (303, f"{SETTINGS}#messages-test")
        page = result(coordinator)
    email = user_of(coordinator.membership).email
    assert taken.recipients == [email]
    assert taken.mails[0]["Subject"] == "Engage: test e-mail"
    assert f"inbox and the spam folder of {email}" in page.text("#messages-test-result")


def test_the_mail_is_in_the_language_of_whoever_asks_for_it(
    coordinator: EngageClient, mail_at: Callable[..., None]
) -> None:
    user_of(coordinator.membership).language = "es"
    db.session.commit()
    with taking() as taken:
        mail_at(taken.port)
        ask(coordinator)
        result(coordinator)
    assert taken.mails[0]["Subject"] == "Engage: correo de prueba"
    assert "Engage envió este correo de prueba" in taken.mails[0].get_content()


def test_the_servers_own_words_are_shown(coordinator: EngageClient, mail_at: Callable[..., None]) -> None:
    with taking() as taken:
        mail_at(taken.port)
        taken.refused[user_of(coordinator.membership).email] = "554 5.7.1 <Relay> access denied"
        ask(coordinator)
        page = result(coordinator)
    assert page.text("#messages-test-result .server-words") == "RCPT TO: 554 5.7.1 <Relay> access denied"


def test_no_server_is_said_with_the_systems_words(
    coordinator: EngageClient, mail_at: Callable[..., None]
) -> None:
    mail_at(closed_port())
    ask(coordinator)
    assert "Connection refused" in result(coordinator).text("#messages-test-result .server-words")


def test_a_server_that_never_answers_holds_no_request(
    coordinator: EngageClient, mail_at: Callable[..., None]
) -> None:
    with silent() as port:
        mail_at(port, seconds=120.0)
        ask(coordinator)
        page = coordinator.page(SETTINGS)
        assert coordinator.send("/c/riverbend/messages/seen").status == 303  # nor a transaction
        assert "Sending." in page.text("#messages-test-result")
    # Here the server hangs up.
    page = result(coordinator)
    # If Engage had not connected yet, its connection is refused.
    assert re.search("closed|refused", page.text("#messages-test-result .server-words"))


def test_with_htmx_the_page_looks_again_by_itself_and_a_link_does_without(
    coordinator: EngageClient, mail_at: Callable[..., None]
) -> None:
    with silent() as port:
        mail_at(port, seconds=SHORT)
        page = ask(coordinator, htmx=True)
        link = page.one("#messages-test-result a")
        assert link.attributes["href"] == link.attributes["data-hx-get"] == TEST
        assert coordinator.get(TEST).headers["Location"] == f"{SETTINGS}#messages-test"
        wait_for_threads()
        again = Page(coordinator.get(TEST, headers={"HX-Request": "true"}))
    assert "no answer within" in again.text(".server-words")
    assert not again.all("[data-hx-trigger]")


def test_a_thread_that_died_leaves_nothing_that_runs_for_ever(
    coordinator: EngageClient, mail_at: Callable[..., None]
) -> None:
    mail_at(1)
    asked_at = clock.now() - timedelta(seconds=61)
    factories.saved(MailTest(user_id=coordinator.membership.user_id, asked_at=asked_at, words=""))
    page = coordinator.page(SETTINGS)
    assert "No answer within a minute." in page.text("#messages-test-result")
    assert page.all("#messages-test-result form")


def test_not_two_at_once_and_not_twice_in_a_breath(
    coordinator: EngageClient, mail_at: Callable[..., None]
) -> None:
    with taking() as taken:
        mail_at(taken.port)
        ask(coordinator)
        assert ask(coordinator).status == 409
        wait_for_threads()
        assert ask(coordinator).status == 409
        assert len(taken.mails) == 1
        row = db.session.scalars(sa.select(MailTest)).one()
        row.asked_at -= timedelta(minutes=10)
        db.session.commit()
        assert ask(coordinator).status == 303
        wait_for_threads()
    assert len(taken.mails) == 2


def test_an_address_that_no_one_confirmed_is_not_filled_with_mails(
    coordinator: EngageClient, mail_at: Callable[..., None]
) -> None:
    with taking() as taken:
        mail_at(taken.port)
        ask(coordinator)
        wait_for_threads()
        row = db.session.scalars(sa.select(MailTest)).one()
        row.asked_at -= timedelta(minutes=9)
        db.session.commit()
        page = ask(coordinator)
        assert (page.status, page.has("Wait ten minutes before you send another.")) == (409, True)
    assert len(taken.mails) == 1


def test_after_a_failure_one_tries_again_soon(
    coordinator: EngageClient, mail_at: Callable[..., None]
) -> None:
    mail_at(closed_port())
    ask(coordinator)
    wait_for_threads()
    row = db.session.scalars(sa.select(MailTest)).one()
    row.asked_at -= timedelta(seconds=11)
    db.session.commit()
    assert ask(coordinator).status == 303


def test_members_do_not_test_the_server_and_an_admin_does(
    member: EngageClient, client_of: Callable[[Membership], EngageClient], mail_at: Callable[..., None]
) -> None:
    mail_at(1)
    assert not member.page(SETTINGS).all("#messages-test")
    assert member.send(TEST).status == 404
    assert member.get(TEST).status_code == 404
    user = factories.make_user(is_admin=True)
    admin = client_of(factories.make_membership(user=user, role=Role.VIEWER))
    assert admin.page(SETTINGS).all("#messages-test-result form")


def test_without_a_mail_server_it_is_refused(coordinator: EngageClient) -> None:
    page = coordinator.page(SETTINGS)
    assert "docs/hosting.md" in page.text("#messages-test")
    assert not page.all("#messages-test form")
    assert coordinator.send(TEST).status == 409
    assert db.session.scalar(sa.select(sa.func.count(MailTest.id))) == 0


def test_whoever_hosts_sees_how_the_mails_went_and_others_do_not(
    coordinator: EngageClient, client_of: Callable[[Membership], EngageClient], mail_at: Callable[..., None]
) -> None:
    mail_at(2525)
    now: datetime = clock.now()
    for days, state, words in (
        (0, MailState.SENT, ""),
        (1, MailState.SENT, ""),
        (2, MailState.FAILED, "RCPT TO: 550 <…> is unknown"),
        (30, MailState.FAILED, "Long ago"),
    ):
        at = now - timedelta(days=days)
        mail = Mail(
            user_id=coordinator.membership.user_id, day=at.date(), state=state, claimed_at=at, words=words
        )
        factories.saved(mail)
    user = factories.make_user(is_admin=True)
    page = client_of(factories.make_membership(user=user)).page(SETTINGS)
    text = page.text("#messages-test")
    assert "through 127.0.0.1, port 2525 (without TLS), from Engage <engage@example.org>." in text
    assert "2 sent, 1 not sent, 0 unclear." in text
    assert page.texts("#messages-test .server-words") == ["RCPT TO: 550 <…> is unknown"]
    assert "2 sent" not in coordinator.page(SETTINGS).text("#messages-test")


@pytest.mark.parametrize("seconds", [0, 59])
def test_while_it_runs_there_is_no_second_button(
    coordinator: EngageClient, mail_at: Callable[..., None], seconds: int
) -> None:
    mail_at(1)
    with time_machine.travel(clock.now(), tick=False):
        asked_at = clock.now() - timedelta(seconds=seconds)
        factories.saved(MailTest(user_id=coordinator.membership.user_id, asked_at=asked_at, words=""))
        assert not coordinator.page(SETTINGS).all("#messages-test-result form")


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("hosts", [False, True])
def test_only_whoever_hosts_reads_by_which_name_the_server_is_signed_in_to(
    client_of: Callable[[Membership], EngageClient], mail_at: Callable[..., None], hosts: bool
) -> None:
    user = factories.make_user(is_admin=hosts)
    client = client_of(factories.make_membership(user=user, role=Role.COORDINATOR))
    with taking(login=True) as taken:
        mail_at(taken.port, user=USER, password="wrong")
        ask(client)
        said = result(client).text("#messages-test-result .server-words")
    assert said.startswith(f"Sign-in as {USER if hosts else '…'}: 535")
