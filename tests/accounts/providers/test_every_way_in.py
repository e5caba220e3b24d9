"""Every way in from every state of an account: who is signed in, who is asked for the code, and who is refused."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage.accounts import admins, service
from engage.accounts.models import SignedIn, User
from engage.accounts.providers import service as providers_service
from engage.accounts.providers.rules import Vouched
from engage.extensions import db
from tests.accounts.authenticator import Authenticator
from tests.accounts.providers.conftest import Go
from tests.accounts.providers.mock import Mock
from tests.accounts.test_passkeys import added, options
from tests.accounts.test_second_factor import enrol
from tests.accounts.test_sessions import is_signed_in
from tests.accounts.test_sign_in_links import asked, send_mail, type_code
from tests.client import EngageClient
from tests.factories import PASSWORD, make_membership, signed_in_client
from tests.html import Page
from tests.messages.smtp import Taken

Way = Callable[[], Callable[[], Page]]

OWN = {"sign_in_browser": "own"}
# What each way does once the account is in this state: it signs in, asks for the code, or refuses.
WAYS = ("password", "link", "code by mail", "passkey", "provider", "password link")
EXPECTED = {
    "as usual": dict.fromkeys(WAYS, "in"),
    "two-step sign-in": {**dict.fromkeys(WAYS, "code"), "passkey": "in"},
    "suspended meanwhile": dict.fromkeys(WAYS, "refused"),
    "signed out everywhere meanwhile": {
        **dict.fromkeys(WAYS, "in"),
        "link": "refused",
        "code by mail": "refused",
    },
    "no password": {**dict.fromkeys(WAYS, "in"), "password": "refused"},
    "ten minutes later": {**dict.fromkeys(WAYS, "in"), "link": "refused", "code by mail": "refused"},
}


@pytest.fixture
def member(mailing: Flask, time: time_machine.Traveller) -> EngageClient:
    """Returns the person's first browser; the ways in are tried in another one."""
    return signed_in_client(mailing, make_membership())


@pytest.fixture
def ways(
    mailing: Flask, member: EngageClient, client: EngageClient, mock: Mock, go: Go, post: Taken
) -> dict[str, Way]:
    """Returns each way as a function that prepares it, which returns another one that takes it."""
    user = db.session.get_one(User, member.membership.user_id)
    email = user.email

    def by_password() -> Callable[[], Page]:
        return lambda: client.send("/sign-in", email=email, password=PASSWORD, **OWN)

    def by_link() -> Callable[[], Page]:
        link, _code = asked(mailing, client, db.session.get_one(User, member.membership.user_id), post)
        return lambda: client.send(link, **OWN)

    def by_code() -> Callable[[], Page]:
        _link, code = asked(mailing, client, db.session.get_one(User, member.membership.user_id), post)
        return lambda: type_code(client, code, **OWN)

    def by_passkey() -> Callable[[], Page]:
        mailing.config["URL"] = "http://localhost:8000"
        device = added(member, Authenticator("http://localhost:8000"))
        return lambda: client.send("/sign-in", sign_in_passkey=device.sign(options(client)), **OWN)

    def by_provider() -> Callable[[], Page]:
        providers_service.tie(
            db.session.get_one(User, member.membership.user_id), Vouched(issuer=mock.issuer, subject="ann")
        )
        db.session.commit()
        return lambda: go(client, **OWN)

    def by_password_link() -> Callable[[], Page]:
        owner = db.session.get_one(User, member.membership.user_id)
        token = service.make_password_link(owner, made_by=None)
        db.session.commit()
        return lambda: client.send(f"/reset/{token}", password="eleven copper kettles", **OWN)

    made = (by_password, by_link, by_code, by_passkey, by_provider, by_password_link)
    return dict(zip(WAYS, made, strict=True))


def change(state: str, member: EngageClient, time: time_machine.Traveller) -> None:
    """Brings the account into the state, after the way was prepared."""
    user = db.session.get_one(User, member.membership.user_id)
    match state:
        case "suspended meanwhile":
            admins.disable(user)
        case "signed out everywhere meanwhile":
            service.end_sessions(user)
        case "no password":
            user.password_hash = ""
        case "ten minutes later":
            time.shift(timedelta(minutes=11))
    db.session.commit()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("state", EXPECTED)
def test_every_way_in_from_every_state(
    mailing: Flask,
    member: EngageClient,
    client: EngageClient,
    ways: dict[str, Way],
    time: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
    state: str,
) -> None:
    monkeypatch.setitem(mailing.config, "URL", mailing.config["URL"])  # the passkey's way changes it
    if state == "two-step sign-in":
        enrol(member)
        send_mail(mailing)  # the notice of it
    take = ways[way]()
    change(state, member, time)
    page = take()
    found = "in" if is_signed_in(client) else "code" if page.all("[name=sign_in_code]") else "refused"
    assert found == EXPECTED[state][way], page.text("main")
    sessions = db.session.scalars(sa.select(SignedIn.is_own).order_by(SignedIn.id.desc())).all()
    assert found != "in" or sessions[0] is True
