"""Passkeys and providers' accounts outlast a password, so its person sees them, each with Remove, once they set one."""

from collections.abc import Callable

import pytest
from flask import Flask

from engage.accounts import service
from engage.accounts.models import User
from engage.accounts.providers import service as providers_service
from engage.accounts.providers.rules import Vouched
from engage.extensions import db
from tests.accounts.authenticator import Authenticator
from tests.accounts.providers.mock import Mock
from tests.accounts.test_passkeys import ORIGIN, added
from tests.accounts.test_second_factor import code_of, enrol
from tests.accounts.test_sessions import is_signed_in
from tests.client import EngageClient
from tests.factories import PASSWORD
from tests.html import Page

THERE = "/account/other-ways"
NEW_PASSWORD = "eleven copper kettles"
WAYS = ("reset", "new password", "first password", "signed out everywhere else")


def user_of(client: EngageClient) -> User:
    return db.session.get_one(User, client.membership.user_id)


def give_both(member: EngageClient, mock: Mock) -> None:
    """Gives the person a passkey, and ties an account of Lakeside."""
    added(member, Authenticator(ORIGIN))
    providers_service.tie(user_of(member), Vouched(issuer=mock.issuer, subject="ann"))
    db.session.commit()


@pytest.fixture(autouse=True)
def named(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gives the site an address at which browsers allow passkeys."""
    monkeypatch.setitem(app.config, "URL", ORIGIN)


@pytest.fixture
def acts(member: EngageClient, client: EngageClient) -> dict[str, Callable[[], Page]]:
    """Returns what ends sessions, by its name."""

    def reset() -> Page:
        token = service.make_password_link(user_of(member), made_by=None)
        db.session.commit()
        return client.send(f"/reset/{token}", password=NEW_PASSWORD)

    def first() -> Page:
        user_of(member).password_hash = ""
        db.session.commit()
        return member.send("/account/password/first", password=NEW_PASSWORD)

    made = (
        reset,
        lambda: member.send("/account/password", password=PASSWORD, new_password=NEW_PASSWORD),
        first,
        lambda: member.send("/account/sessions/end"),
    )
    return dict(zip(WAYS, made, strict=True))


@pytest.mark.parametrize("act", WAYS)
def test_the_other_ways_in_are_shown_right_after(
    member: EngageClient, client: EngageClient, mock: Mock, acts: dict[str, Callable[[], Page]], act: str
) -> None:
    give_both(member, mock)
    assert acts[act]().location == THERE
    here = client if act == "reset" else member
    page = here.page(THERE)
    assert page.text("h1") == "Other ways into your account"
    assert page.has("My phone") and page.has("Lakeside")
    remove = page.one("#accounts-passkeys form").attributes["action"] or ""
    untie = page.one("#accounts-providers form").attributes["action"] or ""
    assert here.send(remove).location == "/account/passkeys"
    assert here.send(untie).status == 303
    left = here.page(THERE)
    assert not left.all("#main form") and not left.has("Lakeside")


@pytest.mark.parametrize("act", WAYS)
def test_whoever_has_no_other_way_goes_on_as_before(acts: dict[str, Callable[[], Page]], act: str) -> None:
    assert acts[act]().location != THERE


def test_with_two_step_sign_in_they_are_shown_after_the_code(
    member: EngageClient, client: EngageClient, mock: Mock
) -> None:
    key, _codes = enrol(member)
    give_both(member, mock)
    token = service.make_password_link(user_of(member), made_by=None)
    db.session.commit()
    page = client.send(f"/reset/{token}", password=NEW_PASSWORD)
    asks = page.one("form:has([name=sign_in_code])")
    proof = page.value("sign_in_proof")
    answer = client.send(
        asks.attributes["action"] or "", sign_in_proof=proof, sign_in_code=code_of(key, away=1)
    )
    assert answer.location == THERE and is_signed_in(client)


def test_the_page_names_the_mailbox_only_where_mail_signs_in(
    mailing: Flask, member: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert member.page(THERE).has(f"Anyone who reads the e-mail of {user_of(member).email}")
    monkeypatch.setitem(mailing.config, "MAIL", None)
    assert not member.page(THERE).has("Anyone who reads the e-mail")
