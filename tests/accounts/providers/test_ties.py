"""Tests tying a provider's account to an account here: once, by its owner or by a link mailed to its address."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.accounts.models import AskedTie, Notice, ProviderTie, SignedIn, User
from engage.accounts.providers import service
from engage.accounts.providers.rules import Trouble, Vouched
from engage.accounts.rules import NoticeKind
from engage.extensions import db
from engage.messages.account.letters import AccountLetters
from engage.operations.doctor import providers as doctor_providers
from engage.operations.doctor.findings import Sign
from tests.accounts.providers.conftest import Go, address_on
from tests.accounts.providers.mock import Mock
from tests.accounts.providers.test_signing_in import proved, tied, title
from tests.accounts.test_sessions import is_signed_in
from tests.client import EngageClient
from tests.factories import make_membership, make_user
from tests.html import Page
from tests.messages.smtp import Taken, server_at, taking

CONNECT = "/account/providers/1/connect"


def owner_of_ties() -> dict[str, int]:
    return {row.subject: row.user_id for row in db.session.scalars(sa.select(ProviderTie))}


def test_its_owner_ties_an_account_once_and_is_told(member: EngageClient, mock: Mock, go: Go) -> None:
    page = member.page("/account/")
    assert page.has("Lakeside then learns that you use this site, and when you sign in.")
    page = go(member, start=CONNECT)
    assert page.location == "/account/#accounts-providers"
    assert owner_of_ties() == {"ann": member.membership.user_id}
    page = member.page("/account/")
    assert page.has("Lakeside is connected.") and not page.all(f"form[action='{CONNECT}']")
    assert NoticeKind.PROVIDER_TIED in db.session.scalars(sa.select(Notice.kind))
    assert go(member, start=CONNECT).status == 303 and len(owner_of_ties()) == 1


def test_connecting_asks_again_who_this_is(member: EngageClient, mock: Mock) -> None:
    proved(member)
    page = member.send(CONNECT)
    assert page.status == 401 and page.has("Is this you?")


def test_an_account_that_is_tied_elsewhere_stays_there(member: EngageClient, mock: Mock, go: Go) -> None:
    other = tied(mock, user=make_user(email="ben@example.org"), name="Ben")
    page = go(member, start=CONNECT)
    assert page.status == 409 and page.has(title(Trouble.TIED_ELSEWHERE))
    assert owner_of_ties() == {"ann": other.id}


def test_one_account_of_a_provider_is_tied_at_a_time(member: EngageClient, mock: Mock, go: Go) -> None:
    go(member, start=CONNECT)
    page = go(member, "second", start=CONNECT)
    assert page.status == 409 and page.has(title(Trouble.TIED_ANOTHER))
    assert owner_of_ties() == {"ann": member.membership.user_id}


def test_coming_back_after_signing_out_ties_nothing(member: EngageClient, mock: Mock, app: Flask) -> None:
    back = mock.approve(address_on(member.send(CONNECT)), "ann")
    db.session.execute(sa.delete(SignedIn))
    db.session.commit()
    assert Page(member.get(back)).has(title(Trouble.SIGNED_OUT))
    assert owner_of_ties() == {}


def test_disconnecting_leaves_the_password(member: EngageClient, mock: Mock, go: Go) -> None:
    go(member, start=CONNECT)
    key = db.session.scalar(sa.select(ProviderTie.id))
    assert member.send(f"/account/providers/{key}/disconnect").status == 303
    assert member.page("/account/").has("It is disconnected.") and owner_of_ties() == {}
    assert NoticeKind.PROVIDER_UNTIED in db.session.scalars(sa.select(Notice.kind))


def test_the_last_way_in_stays_until_a_password_is_chosen(client: EngageClient, mock: Mock, go: Go) -> None:
    user = tied(mock)
    user.password_hash = ""
    db.session.commit()
    go(client)
    key = db.session.scalar(sa.select(ProviderTie.id))
    client.send(f"/account/providers/{key}/disconnect")
    assert client.page("/account/").has("Choose a password first") and owner_of_ties()
    assert client.send("/account/password/first", password="eleven copper kettles").status == 303
    client.send(f"/account/providers/{key}/disconnect")
    assert owner_of_ties() == {}


def test_someone_without_a_password_proves_by_the_provider_before_choosing_one(
    client: EngageClient, mock: Mock, go: Go
) -> None:
    user = tied(mock)
    user.password_hash = ""
    db.session.commit()
    assert client.send("/sign-in", email=user.email, password="").status == 422
    go(client)
    proved(client)
    assert client.get("/account/password/first").status_code == 303
    page = client.page("/account/again")
    assert page.has("You have no password here.") and not page.all("[type=password]")
    assert client.send("/account/again", sign_in_password="").status == 422
    assert client.send("/account/password/first", password="eleven copper kettles").status == 401
    wanted = "/account/password/first"
    assert go(client, start="/account/again/with/1", wanted=wanted).location == wanted
    assert client.page(wanted).has("Set a password")


def test_someone_elses_tie_does_not_exist(member: EngageClient, mock: Mock) -> None:
    tied(mock, user=make_user(email="ben@example.org"), name="Ben")
    key = db.session.scalar(sa.select(ProviderTie.id))
    assert member.send(f"/account/providers/{key}/disconnect").status == 404 and owner_of_ties()


# -- a link by mail


@pytest.fixture
def post() -> Iterator[Taken]:
    with taking() as taken:
        yield taken


@pytest.fixture
def mailing(app: Flask, mock: Mock, post: Taken, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setitem(app.config, "MAIL", server_at(post.port))
    return app


def link_in(post: Taken, mailing: Flask) -> str:
    AccountLetters(mailing.config["MAIL"]).run()
    db.session.rollback()
    text = str(post.mails[-1].get_content())
    return next(word.removeprefix("http://127.0.0.1") for word in text.split() if "/sign-in/connect/" in word)


def test_without_mail_the_page_offers_no_link(client: EngageClient, mock: Mock, go: Go) -> None:
    assert not go(client).all("[name=email]")


def test_a_link_to_the_accounts_address_ties_and_signs_in_where_it_was_asked_for(
    client: EngageClient, mailing: Flask, post: Taken, go: Go, app: Flask
) -> None:
    user = make_membership().user
    assert user is not None
    go(client)
    page = client.send("/sign-in/connect", email=user.email)
    assert page.has("Open it in this browser, within ten minutes.")
    link = link_in(post, mailing)
    assert "trafficking" not in str(post.mails[-1]) and "Riverbend" not in str(post.mails[-1])
    other = app.test_client()
    assert isinstance(other, EngageClient)
    for answer in (other.get(link), other.post(link, data={"csrf_token": other.csrf_token()})):
        assert answer.status_code == 410 and Page(answer).has("only in the browser in which you asked for it")
    page = client.page(link)
    assert page.has(user.email) and owner_of_ties() == {}
    page = client.send(link, sign_in_browser="own")
    assert page.location == "/c/riverbend/" and is_signed_in(client) and owner_of_ties() == {"ann": user.id}
    db.session.refresh(user)
    assert user.let_in_at is None
    assert client.send(link).status == 410  # it works once
    client.send("/sign-out")
    assert go(client).location == "/c/riverbend/"


def test_an_unknown_address_gets_no_mail_and_the_same_answer(
    client: EngageClient, mailing: Flask, post: Taken, go: Go
) -> None:
    known = make_membership().user
    assert known is not None
    go(client)
    answers = [
        client.send("/sign-in/connect", email=each).text("main") for each in (known.email, "no@example.org")
    ]
    assert answers[0].replace(known.email, "no@example.org") == answers[1]
    AccountLetters(mailing.config["MAIL"]).run()
    db.session.rollback()
    assert post.recipients == [known.email]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AskedTie)) == 1


def test_the_link_of_someone_who_vouched_for_another_in_the_meantime_is_over(
    client: EngageClient, mailing: Flask, post: Taken, go: Go
) -> None:
    user = make_membership().user
    assert user is not None
    go(client)
    client.send("/sign-in/connect", email=user.email)
    link = link_in(post, mailing)
    go(client, "another")
    assert client.get(link).status_code == 410 and client.send(link).status == 410


def test_the_link_is_over_after_ten_minutes_and_is_deleted(
    client: EngageClient, mailing: Flask, post: Taken, go: Go
) -> None:
    user = make_membership().user
    assert user is not None
    with time_machine.travel(clock.now(), tick=False) as travel:
        go(client)
        client.send("/sign-in/connect", email=user.email)
        link = link_in(post, mailing)
        travel.shift(600)
        assert client.get(link).status_code == 410
        assert service.prune(clock.now()) == 1
        db.session.commit()


def test_mail_to_an_address_that_someone_else_may_have_set_counts_as_their_way_in(
    client: EngageClient, mailing: Flask, post: Taken, go: Go
) -> None:
    user = make_membership().user
    assert user is not None
    user.let_in_at, user.mail_is_own = clock.now() - timedelta(days=2), False
    db.session.commit()
    go(client)
    client.send("/sign-in/connect", email=user.email)
    client.send(link_in(post, mailing))
    db.session.refresh(user)
    assert clock.now() - user.let_in_at < timedelta(hours=1)
    assert db.session.scalar(sa.select(ProviderTie.is_own)) is False


def test_without_a_provider_in_this_browser_nothing_can_be_asked(
    client: EngageClient, mailing: Flask
) -> None:
    assert client.get("/sign-in/connect").status_code == 303
    assert client.send("/sign-in/connect", email="a@example.org").status == 303


def test_a_wrong_address_is_refused_where_it_was_typed(client: EngageClient, mailing: Flask, go: Go) -> None:
    go(client)
    page = client.send("/sign-in/connect", email="nobody")
    assert page.status == 422 and page.errors and page.value("email") == "nobody"


# -- a host who removes a provider


def test_doctor_names_who_depends_on_a_provider_that_is_switched_off(
    client: EngageClient, mock: Mock, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = tied(mock)
    with db.engine.connect() as connection:
        assert [
            each.sign for each in doctor_providers.examine(connection, app.config["PROVIDERS"], "localhost")
        ] == [Sign.OK]
        assert list(doctor_providers.examine(connection, (), "localhost")) == []  # the password remains
    user.password_hash = ""
    db.session.commit()
    with db.engine.connect() as connection:
        [found] = doctor_providers.examine(connection, (), "localhost")
    assert found.sign is Sign.LOOK and user.email in found.words and "127.0.0.1" in found.words


def test_a_provider_that_is_switched_off_is_said_on_the_accounts_page(
    member: EngageClient, mock: Mock, go: Go, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    go(member, start=CONNECT)
    monkeypatch.setitem(app.config, "PROVIDERS", ())
    page = member.page("/account/")
    assert page.has("Not in use") and page.has("This site no longer uses it")


def test_a_tie_of_one_issuer_says_nothing_about_another(client: EngageClient, mock: Mock, go: Go) -> None:
    user = make_membership().user
    assert user is not None
    service.tie(user, Vouched(issuer="https://elsewhere.example", subject="ann"))
    db.session.commit()
    assert go(client).status == 401 and not is_signed_in(client)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 1
