"""Tests taking up an invitation with a provider's account: only with an address that the provider has verified."""

import pytest
import sqlalchemy as sa
from flask import Flask

from engage.accounts import queries as accounts
from engage.accounts.models import ProviderTie, User
from engage.accounts.providers import service
from engage.accounts.providers.rules import Trouble, Vouched
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.invitations.pasted import Addressee
from engage.coalitions.models import Invitation, Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from tests.accounts.providers.conftest import START, Go, address_on
from tests.accounts.providers.mock import Mock
from tests.accounts.providers.test_signing_in import query_of, title
from tests.accounts.test_sessions import is_signed_in
from tests.client import EngageClient
from tests.factories import make_membership, make_user
from tests.html import Page

ANN = {"email": "ann@example.org", "email_verified": True, "name": "Ann Elizabeth Lee"}


@pytest.fixture
def invitation(app: Flask) -> Invitation:
    return bound_to("ann@example.org")


def bound_to(email: str) -> Invitation:
    maria = make_membership(role=Role.COORDINATOR, name="Maria Santos")
    made = invitations_service.invite_people(maria, [Addressee(email, "")], Role.MEMBER, 30)
    db.session.commit()
    return made.invitations[0]


def begin(client: EngageClient, invitation: Invitation) -> None:
    client.get(f"/join/{invitations_service.token_of(invitation)}")
    client.send("/join/start")


def join(go: Go, client: EngageClient) -> Page:
    return go(client, purpose="join", wanted="/join")


def person() -> User | None:
    return db.session.scalar(sa.select(User).where(User.email == "ann@example.org"))


def test_a_new_person_joins_without_typing_anything(
    client: EngageClient, mock: Mock, go: Go, invitation: Invitation
) -> None:
    begin(client, invitation)
    assert client.page("/join").has("It tells us your name and your e-mail address.")
    mock.claims = dict(ANN)
    assert join(go, client).location == "/join"
    page = client.page("/join")
    assert page.value("name") == "Ann Elizabeth Lee" and not page.all("[name=password]")
    assert page.has("Your e-mail address is ann@example.org, as Lakeside tells us.")
    assert person() is None
    page = client.send("/join", name="Ann", sign_in_browser="own")
    assert page.status == 303 and page.location.endswith("/organization")
    made = person()
    assert made is not None
    assert (made.name, made.has_password, made.is_admin) == ("Ann", False, False)
    assert db.session.scalar(sa.select(ProviderTie.user_id)) == made.id
    assert db.session.scalar(sa.select(Membership.role).where(Membership.user_id == made.id)) is Role.MEMBER
    client.send("/sign-out")
    mock.claims = {}
    assert go(client).status == 303 and is_signed_in(client)


def test_only_someone_who_joins_is_asked_for_name_and_address(
    client: EngageClient, mock: Mock, invitation: Invitation
) -> None:
    begin(client, invitation)
    assert query_of(address_on(client.send(START, purpose="join")))["scope"] == "openid email profile"


@pytest.mark.parametrize("verified", [None, False, "true"])
def test_an_address_that_the_provider_has_not_verified_makes_no_account(
    client: EngageClient, mock: Mock, go: Go, invitation: Invitation, verified: object
) -> None:
    begin(client, invitation)
    mock.claims = {**ANN, "email_verified": verified}
    page = join(go, client)
    assert page.status == 422 and page.has(title(Trouble.NO_ADDRESS)) and page.one("main a[href='/join']")
    assert client.page("/join").all("[name=password]")
    assert client.send("/join", name="Ann").status == 422 and person() is None


def test_an_invitation_for_another_address_stays_for_that_one(
    client: EngageClient, mock: Mock, go: Go
) -> None:
    begin(client, bound_to("other@example.org"))
    mock.claims = dict(ANN)
    join(go, client)
    page = client.send("/join", name="Ann", email="other@example.org")
    assert (
        page.status == 422 and page.has("This invitation is for other@example.org only.") and person() is None
    )
    assert page.value("name") == "Ann"
    assert client.page("/join?password=yes").all("[name=password]")


def test_a_provider_that_lies_about_the_address_gets_into_no_account(
    client: EngageClient, mock: Mock, go: Go, invitation: Invitation
) -> None:
    make_user(email="ann@example.org", name="The real Ann")
    begin(client, invitation)
    mock.claims = dict(ANN)
    join(go, client)
    page = client.send("/join", name="Ann")
    assert page.status == 422 and page.has("This address cannot be used.")
    assert not is_signed_in(client) and db.session.scalar(sa.select(ProviderTie)) is None


def test_someone_who_has_an_account_signs_in_and_joins_with_it(
    client: EngageClient, mock: Mock, go: Go
) -> None:
    user = make_user(email="ann@example.org")
    service.tie(user, Vouched(issuer=mock.issuer, subject="ann"))
    begin(client, bound_to("ann@example.org"))
    assert join(go, client).location == "/join"
    assert is_signed_in(client) and client.get("/join").status_code in {200, 303}
    assert person() == user


def test_without_an_invitation_the_buttons_of_joining_make_no_account(
    client: EngageClient, mock: Mock, go: Go, app: Flask
) -> None:
    mock.claims = dict(ANN)
    join(go, client)
    assert client.get("/join").status_code == 404
    assert client.send("/join", name="Ann").status == 404 and person() is None


def test_the_first_account_of_a_site_is_never_made_by_a_provider(
    client: EngageClient, mock: Mock, go: Go, invitation: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(client, invitation)
    mock.claims = dict(ANN)
    join(go, client)
    monkeypatch.setattr(accounts, "any_user", lambda: False)
    page = client.send("/join", name="Ann")
    assert page.status == 409 and page.has("The first account of this site needs a password.")
    assert person() is None
