"""Tests that someone who forgot their password gets a link by mail, and that asking tells no one who has an account."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage.accounts import service
from engage.accounts.forgotten import service as forgotten_service
from engage.accounts.models import AskedLink, EmailChange, Notice, PasswordLink, SignedIn, User
from engage.accounts.profile import service as profile_service
from engage.accounts.rules import PER_ASKER, PER_MAILED_LINK
from engage.extensions import db
from engage.messages.account.letters import AccountLetters
from tests.accounts.test_second_factor import enrol
from tests.accounts.test_sessions import is_signed_in
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import PASSWORD, make_membership, signed_in_client
from tests.messages.smtp import Taken, server_at, taking

NEW_PASSWORD = "eleven copper kettles"
NOBODY = "no.account@example.org"


@pytest.fixture
def post() -> Iterator[Taken]:
    with taking() as taken:
        yield taken


@pytest.fixture
def mailing(app: Flask, post: Taken, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Returns the installation with a mail server."""
    monkeypatch.setitem(app.config, "MAIL", server_at(post.port))
    return app


@pytest.fixture
def time(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 27, 9, tzinfo=UTC), tick=False) as travel:
        yield travel


@pytest.fixture
def person(mailing: Flask) -> User:
    made = make_membership().user
    assert made is not None
    return made


def sent(mailing: Flask) -> tuple[int, int]:
    done = AccountLetters(mailing.config["MAIL"]).run()
    db.session.rollback()
    return done.sent, done.failed


def link_in(post: Taken) -> str:
    text = str(post.mails[-1].get_content())
    return next(word for word in text.split() if "/reset/" in word).removeprefix("http://127.0.0.1")


def test_a_request_that_a_stop_left_behind_swallows_no_later_one(
    person: User, time: time_machine.Traveller
) -> None:
    email, key = person.email, person.id
    for _each in range(2):
        db.session.rollback()
        forgotten_service.ask(email, "192.0.2.1")
        db.session.commit()
        time.shift(timedelta(hours=2))
    time.shift(-timedelta(hours=2))
    forgotten_service.make_links()
    assert db.session.scalars(sa.select(PasswordLink)).one().user_id == key


def test_a_link_comes_by_mail_and_the_new_password_ends_every_session(
    mailing: Flask, client: EngageClient, person: User, post: Taken
) -> None:
    signed_in = mailing.test_client()
    assert isinstance(signed_in, EngageClient)
    signed_in.send("/sign-in", email=person.email, password=PASSWORD)
    assert db.session.scalars(sa.select(SignedIn)).one()
    asked = client.send("/reset", email=person.email.upper())
    asked.response.close()
    until = monotonic() + 20
    while not post.mails and monotonic() < until:
        sleep(0.05)
    assert post.recipients == [person.email] and "It works once, for an hour." in post.mails[0].get_content()
    there = link_in(post)
    assert client.page(there).has("Choose a new password")
    assert client.send(there, password=NEW_PASSWORD).location == "/c/riverbend/"
    assert not is_signed_in(signed_in) and is_signed_in(client)
    assert client.send(there, password="another copper kettle").status == 410
    client.send("/sign-out")
    assert client.send("/sign-in", email=person.email, password=NEW_PASSWORD).status == 303


def test_a_link_by_mail_works_for_an_hour(
    mailing: Flask, client: EngageClient, person: User, post: Taken, time: time_machine.Traveller
) -> None:
    client.send("/reset", email=person.email)
    sent(mailing)
    time.shift(timedelta(minutes=59))
    assert client.page(link_in(post)).has("Choose a new password")
    time.shift(timedelta(minutes=2))
    assert client.get(link_in(post)).status_code == 410


def test_a_link_in_the_mailbox_that_one_left_opens_the_account_no_more(
    mailing: Flask, client: EngageClient, person: User, post: Taken
) -> None:
    client.send("/reset", email=person.email)
    sent(mailing)
    profile_service.change_with_link(person, "new@example.org")
    change = db.session.scalars(sa.select(EmailChange)).one()
    assert profile_service.confirm(change)
    db.session.commit()
    assert client.send(link_in(post), password=NEW_PASSWORD).status == 410


def test_two_step_sign_in_still_asks_for_its_code_after_a_link_by_mail(
    mailing: Flask, client: EngageClient, post: Taken
) -> None:
    member = signed_in_client(mailing, make_membership())
    enrol(member)
    email = db.session.get_one(User, member.membership.user_id).email
    client.send("/reset", email=email)
    sent(mailing)
    client.send(link_in(post), password=NEW_PASSWORD)
    page = client.send("/sign-in", email=email, password=NEW_PASSWORD)
    assert page.status == 401 and page.all("[name=sign_in_code]")


def test_the_answer_and_what_is_asked_of_the_database_tell_no_one_who_has_an_account(
    mailing: Flask, client: EngageClient, person: User
) -> None:
    said = []
    for address in ("first@example.org", "second@example.org"):
        client.send("/reset", email=address)
    for address in (person.email, NOBODY):
        with counted_queries() as statements:
            page = client.send("/reset", email=address)
        said.append((page.status, page.text("main").replace(address, "ADDRESS"), list(statements)))
    assert said[0] == said[1]
    assert {person.email, NOBODY} < set(db.session.scalars(sa.select(AskedLink.email)))
    assert sent(mailing) == (1, 0)
    assert db.session.scalars(sa.select(AskedLink)).all() == []


@pytest.mark.parametrize("why", ["disabled", "an hour ago"])
def test_no_mail_goes_to(
    mailing: Flask, client: EngageClient, person: User, time: time_machine.Traveller, why: str
) -> None:
    client.send("/reset", email=person.email)
    if why == "disabled":
        person.disabled_at = person.created_at
        db.session.commit()
    else:
        time.shift(timedelta(hours=1))
    assert sent(mailing) == (0, 0)
    assert db.session.scalars(sa.select(PasswordLink)).all() == []


def test_asked_for_a_thousand_times_one_address_gets_three_links_and_the_last_one_holds(
    mailing: Flask, client: EngageClient, person: User, post: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    capacity = int(PER_ASKER.capacity)
    statuses = []
    for turn in range(capacity + 5):
        client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
        statuses.append(client.send("/reset", email=person.email).status)
        if turn % 7 == 0:
            sent(mailing)
    assert statuses == [200] * capacity + [429] * 5
    assert len(post.mails) <= PER_MAILED_LINK.capacity
    client.environ_base["REMOTE_ADDR"] = "203.0.113.10"
    assert client.send("/reset", email=person.email).status == 200
    sent(mailing)
    assert len(post.mails) <= PER_MAILED_LINK.capacity
    assert client.page(link_in(post)).has("Choose a new password")


def test_a_link_by_mail_leaves_a_coordinators_link_alone(
    mailing: Flask, client: EngageClient, person: User, post: Taken
) -> None:
    token = service.make_password_link(person, made_by=None)
    db.session.commit()
    client.send("/reset", email=person.email)
    sent(mailing)
    assert client.page(f"/reset/{token}").has("Choose a new password")


def test_the_database_alone_makes_no_link(mailing: Flask, client: EngageClient, person: User) -> None:
    client.send("/reset", email=person.email)
    forgotten_service.make_links()
    token = forgotten_service.token_to_send(person)
    assert token is not None
    row = db.session.scalars(sa.select(PasswordLink)).one()
    assert token not in (row.nonce, row.token_hash)
    assert db.session.scalars(sa.select(Notice.dismissed_at)).one() is not None


def test_without_mail_the_page_and_sign_in_send_to_a_coordinator(client: EngageClient) -> None:
    page = client.page("/reset")
    assert page.has("This site sends no e-mail. Ask a coordinator") and not page.all("[name=email]")
    assert client.send("/reset", email=NOBODY).status == 422
    assert db.session.scalars(sa.select(AskedLink)).all() == []
    assert client.page("/sign-in").has("Ask a coordinator for a new link.")


def test_with_mail_sign_in_leads_to_the_page_and_an_empty_address_is_asked_for(
    mailing: Flask, client: EngageClient
) -> None:
    assert client.page("/sign-in").one("a[href='/reset']")
    assert client.page("/reset").has("a link that works once")
    refused = client.send("/reset", email="")
    assert refused.status == 422 and refused.has("Enter the e-mail address you sign in with.")
    over = client.get("/reset/unknown")
    assert over.status_code == 410 and "/reset" in over.text
