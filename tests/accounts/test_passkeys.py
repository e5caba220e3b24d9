"""Signing in with a passkey: both factors in one, only of this site, only for who owns it, and never twice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage.accounts.models import Notice, Passkey, SignedIn
from engage.accounts.passkeys import service
from engage.accounts.rules import NoticeKind
from engage.extensions import db
from engage.operations.doctor.database import _passkeys
from tests.accounts.authenticator import Authenticator
from tests.accounts.test_second_factor import enrol, user_of
from tests.accounts.test_sessions import is_signed_in
from tests.client import EngageClient
from tests.factories import make_membership, signed_in_client
from tests.html import Page

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ORIGIN = "http://localhost:8000"
PAGE, NEW = "/account/passkeys", "/account/passkeys/new"


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def named(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gives the site an address at which browsers allow passkeys."""
    monkeypatch.setitem(app.config, "URL", ORIGIN)


def options(client: EngageClient, path: str = "/sign-in/passkey") -> dict[str, str]:
    answer = client.get(path)
    assert answer.status_code == 200
    found: dict[str, str] = answer.get_json()
    return found


def added(client: EngageClient, device: Authenticator, name: str = "My phone") -> Authenticator:
    answer = client.send(NEW, name=name, passkey=device.make(options(client, "/account/passkeys/options")))
    assert answer.status == 303, answer.errors
    return device


@pytest.fixture
def phone(member: EngageClient) -> Authenticator:
    """Returns the member's phone, which has a passkey."""
    return added(member, Authenticator(ORIGIN))


def said(page: Page) -> str:
    """Returns what the summary of a form's problems says."""
    return " ".join(page.texts(".error-summary li"))


def signed(client: EngageClient, device: Authenticator, **fields: str) -> tuple[int, str]:
    """Signs in; returns the status and what the page says."""
    page = client.send("/sign-in", sign_in_passkey=device.sign(options(client)), **fields)
    return page.status, said(page)


def test_a_passkey_signs_in_with_one_press_and_says_whose_browser_it_is(
    client: EngageClient, phone: Authenticator
) -> None:
    assert signed(client, phone, sign_in_browser="own") == (303, "")
    assert is_signed_in(client)
    assert sorted(db.session.scalars(sa.select(SignedIn.is_own))) == [True, True]


def test_a_passkey_is_both_steps_of_two_step_sign_in(
    member: EngageClient, client: EngageClient, phone: Authenticator
) -> None:
    enrol(member)
    assert signed(client, phone) == (303, "")


def test_adding_and_removing_one_is_told(member: EngageClient, phone: Authenticator) -> None:
    page = member.page(PAGE)
    assert page.has("My phone") and page.has("not used yet")
    assert member.send(page.one(".account-session form").attributes["action"] or "").status == 303
    kinds = db.session.scalars(sa.select(Notice.kind).order_by(Notice.id)).all()
    assert kinds == [NoticeKind.PASSKEY_ADDED, NoticeKind.PASSKEY_REMOVED]


def test_a_lost_passkey_that_was_removed_signs_no_one_in(
    member: EngageClient, client: EngageClient, phone: Authenticator
) -> None:
    member.send(member.page(PAGE).one(".account-session form").attributes["action"] or "")
    status, errors = signed(client, phone)
    assert status == 422 and errors.startswith("This passkey does not work here.")
    assert not is_signed_in(client)


@pytest.mark.parametrize("path", [NEW, "/account/passkeys/options"])
def test_adding_one_asks_for_the_password_first(
    member: EngageClient, travel: time_machine.Traveller, path: str
) -> None:
    travel.shift(timedelta(minutes=11))
    assert member.get(path).status_code == 303


def test_a_device_that_does_not_verify_the_person_neither_adds_nor_signs_in(
    member: EngageClient, client: EngageClient, phone: Authenticator
) -> None:
    careless = Authenticator(ORIGIN, verifies=False)
    asked = options(member, "/account/passkeys/options")
    page = member.send(NEW, name="Careless", passkey=careless.make(asked))
    assert page.status == 422 and page.value("name") == "Careless"
    phone.verifies = False
    assert signed(client, phone)[0] == 422


def test_one_from_another_address_signs_no_one_in(client: EngageClient, phone: Authenticator) -> None:
    phone.origin = "https://engage.example.com"
    assert signed(client, phone)[0] == 422


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(
    app: Flask, client: EngageClient, phone: Authenticator
) -> None:
    answer = phone.sign(options(client))
    thief = app.test_client()
    assert isinstance(thief, EngageClient)
    assert thief.send("/sign-in", sign_in_passkey=answer).status == 422
    assert client.send("/sign-in", sign_in_passkey=answer).status == 303
    client.send("/sign-out")
    page = client.send("/sign-in", sign_in_passkey=answer)
    assert page.status == 422 and said(page) == "That took too long. Try the passkey again."


def test_an_answer_that_comes_too_late_counts_nothing(
    client: EngageClient, phone: Authenticator, travel: time_machine.Traveller
) -> None:
    answer = phone.sign(options(client))
    travel.shift(timedelta(minutes=11))
    assert client.send("/sign-in", sign_in_passkey=answer).status == 422


def test_a_copied_passkey_is_noticed_where_the_key_counts(member: EngageClient, client: EngageClient) -> None:
    key = added(member, Authenticator(ORIGIN, count=5))
    copy = Authenticator(ORIGIN, count=5, key=key.key, credential=key.credential)
    assert signed(client, key)[0] == 303
    client.send("/sign-out")
    status, errors = signed(client, copy)
    assert status == 422 and "may have been copied" in errors


@pytest.mark.parametrize("answer", ["x", "{}", "[]", '{"id": 5}', '{"id": "\\u0000"}', "9" * 5000])
def test_what_is_no_answer_is_refused_in_words(
    client: EngageClient, phone: Authenticator, answer: str
) -> None:
    options(client)
    page = client.send("/sign-in", sign_in_passkey=answer)
    assert page.status == 422 and said(page)


def test_a_disabled_persons_passkey_signs_no_one_in(
    member: EngageClient, client: EngageClient, phone: Authenticator
) -> None:
    user_of(member).disabled_at = START
    db.session.commit()
    assert signed(client, phone)[0] == 422


def test_a_sensitive_change_takes_a_passkey_but_only_ones_own(
    app: Flask, member: EngageClient, phone: Authenticator, travel: time_machine.Traveller
) -> None:
    other = signed_in_client(app, make_membership())
    theirs = added(other, Authenticator(ORIGIN))
    travel.shift(timedelta(minutes=11))
    page = member.send("/account/again", sign_in_passkey=theirs.sign(options(member)))
    assert page.status == 422 and said(page) == "That is someone else's passkey."
    assert member.send("/account/again", sign_in_passkey=phone.sign(options(member))).status == 303
    assert member.get(NEW).status_code == 200


def test_a_passkey_brings_back_what_was_typed_when_the_session_had_ended(
    member: EngageClient, phone: Authenticator
) -> None:
    db.session.execute(sa.delete(SignedIn))
    db.session.commit()
    assert member.send("/account/", name="Dan Reyes Ortega").status == 401
    page = member.send(
        "/account/",
        name="Dan Reyes Ortega",
        sign_in_email="",
        sign_in_passkey=phone.sign(options(member)),
    )
    assert page.has("You are signed in again.") and page.value("name") == "Dan Reyes Ortega"


def test_no_one_removes_anothers_passkey(app: Flask, member: EngageClient, phone: Authenticator) -> None:
    stranger = signed_in_client(app, make_membership())
    number = db.session.scalars(sa.select(Passkey.id)).one()
    assert stranger.send(f"{PAGE}/{number}/remove").status == 404


def test_two_of_one_name_are_told_apart(member: EngageClient) -> None:
    for name in ("Phone", "Phone", "Phone", "x" * 80, "x" * 80):
        added(member, Authenticator(ORIGIN), name)
    found = member.page(PAGE).texts(".account-session strong")
    assert found == ["Phone", "Phone 2", "Phone 3", "x" * 80, "x" * 77 + " 2"]


def test_twenty_are_enough(member: EngageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST", 1)
    added(member, Authenticator(ORIGIN))
    more = Authenticator(ORIGIN).make(options(member, "/account/passkeys/options"))
    assert member.send(NEW, name="Second", passkey=more).errors == [
        "You have 1 passkeys already. Remove one first."
    ]


@pytest.mark.parametrize(
    ("url", "possible"),
    [
        ("https://engage.example.org", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", False),
        ("http://engage.example.org", False),
        ("https://[::1]:8000", False),
    ],
)
def test_passkeys_are_offered_only_where_browsers_allow_them(
    app: Flask, client: EngageClient, monkeypatch: pytest.MonkeyPatch, url: str, possible: bool
) -> None:
    monkeypatch.setitem(app.config, "URL", url)
    with app.test_request_context():
        assert service.is_possible() is possible


def test_a_passkey_of_an_earlier_address_says_so_on_the_page_and_to_the_host(
    app: Flask, member: EngageClient, phone: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.engine.connect() as connection:
        assert list(_passkeys(connection, "localhost")) == []
        found = list(_passkeys(connection, "new.example.org"))
    assert [each.words for each in found] == [
        "1 person made passkeys for localhost, which do not work at new.example.org. They sign in another way and "
        "add new ones; or set ENGAGE_URL back"
    ]
    monkeypatch.setitem(app.config, "URL", "https://new.example.org")
    assert member.page(PAGE).has("It was made for localhost and does not work at this address.")
