"""Every way in from every state of an account: who is signed in, who is asked for the code, and who is refused."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.accounts import admins, passwords, service
from engage.accounts.models import EmailChange, SignedIn, User
from engage.accounts.profile import service as profile_service
from engage.accounts.providers import service as providers_service
from engage.accounts.providers.rules import Vouched
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.invitations.pasted import Addressee
from engage.coalitions.models import Coalition, Invitation
from engage.coalitions.people import service as people_service
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.operations.personal_data import service as personal_data
from tests.accounts.authenticator import Authenticator
from tests.accounts.providers.conftest import Go
from tests.accounts.providers.mock import Mock
from tests.accounts.test_passkeys import added, options
from tests.accounts.test_second_factor import enrol
from tests.accounts.test_sessions import is_signed_in
from tests.accounts.test_sign_in_links import asked, send_mail, type_code
from tests.client import EngageClient
from tests.factories import PASSWORD, make_membership, make_user, signed_in_client
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
    "new password meanwhile": {**dict.fromkeys(WAYS, "refused"), "passkey": "in", "provider": "in"},
    "address changed meanwhile": {**dict.fromkeys(WAYS, "refused"), "passkey": "in", "provider": "in"},
    "account deleted meanwhile": dict.fromkeys(WAYS, "refused"),
    "removed from the coalition meanwhile": {
        **dict.fromkeys(WAYS, "in"),
        "link": "refused",
        "code by mail": "refused",
    },
    "ten minutes later": {**dict.fromkeys(WAYS, "in"), "link": "refused", "code by mail": "refused"},
    "clock set back by ten minutes": {
        **dict.fromkeys(WAYS, "in"),
        "link": "refused",
        "code by mail": "refused",
    },
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
        case "new password meanwhile":
            service.set_password(user, passwords.hash_of("eleven copper kettles"))
        case "address changed meanwhile":
            profile_service.change_with_link(user, "new@example.org")
            assert profile_service.confirm(db.session.scalars(sa.select(EmailChange)).one())
        case "account deleted meanwhile":
            personal_data.delete(user)
        case "removed from the coalition meanwhile":
            people_service.remove(member.membership, make_membership(role=Role.COORDINATOR))
        case "ten minutes later":
            time.shift(timedelta(minutes=11))
        case "clock set back by ten minutes":
            time.shift(timedelta(minutes=-10))
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
    if state == "removed from the coalition meanwhile":
        # The account stays, and opens nothing of the coalition.
        assert client.get("/c/riverbend/").status_code == (404 if found == "in" else 303)


# -- by an invitation

ANN = "ann@example.org"
# How someone new comes by an invitation, and what they do on its page.
INVITED = (
    "mailed link",
    "mailed link, with a password",
    "copied link",
    "copied link, with a password",
    "provider",
)
ALL_IN = {**dict.fromkeys(INVITED, "in"), "copied link": "refused"}
NO_ONE = dict.fromkeys(INVITED, "refused")
EXPECTED_OF_INVITED = {
    "as usual": ALL_IN,
    "revoked meanwhile": NO_ONE,
    "used meanwhile": NO_ONE,
    "expired meanwhile": NO_ONE,
    "coalition closed meanwhile": NO_ONE,
    "no mail any more": {**ALL_IN, "mailed link": "refused"},
    "address has an account meanwhile": NO_ONE,
}


@pytest.fixture
def invitation(member: EngageClient, time: time_machine.Traveller) -> Invitation:
    maria = make_membership(role=Role.COORDINATOR, name="Maria Santos")
    made = invitations_service.invite_people(maria, [Addressee(ANN, "Ann")], Role.MEMBER, 30)
    db.session.commit()
    return made.invitations[0]


@pytest.fixture
def comings(client: EngageClient, mock: Mock, go: Go, invitation: Invitation) -> dict[str, Way]:
    """Returns each way of an invited person, as `ways` does."""

    def begin(*, by_mail: bool) -> None:
        made = invitations_service.mailed_token_of if by_mail else invitations_service.token_of
        client.get(f"/join/{made(invitation)}")
        client.send("/join/start")

    def with_password(*, by_mail: bool) -> Callable[[], Page]:
        begin(by_mail=by_mail)
        return lambda: client.send("/join", name="Ann", email=ANN, password=PASSWORD, **OWN)

    def without(*, by_mail: bool) -> Callable[[], Page]:
        begin(by_mail=by_mail)
        return lambda: client.send("/join", name="Ann", email=ANN, **OWN)

    def by_provider() -> Callable[[], Page]:
        begin(by_mail=False)
        mock.claims = {"email": ANN, "email_verified": True}
        go(client, purpose="join", wanted="/join")
        return lambda: client.send("/join", name="Ann", **OWN)

    made: tuple[Way, ...] = (
        lambda: without(by_mail=True),
        lambda: with_password(by_mail=True),
        lambda: without(by_mail=False),
        lambda: with_password(by_mail=False),
        by_provider,
    )
    return dict(zip(INVITED, made, strict=True))


def change_of_invitation(
    state: str, invitation: Invitation, mailing: Flask, patch: pytest.MonkeyPatch
) -> None:
    """Brings the invitation into the state, after the way was prepared."""
    row = db.session.get_one(Invitation, invitation.id)
    match state:
        case "revoked meanwhile":
            row.revoked_at = clock.now()
        case "used meanwhile":
            row.uses_left, row.last_used_at = 0, clock.now()
        case "expired meanwhile":
            row.expires_at = clock.now() - timedelta(seconds=1)
        case "coalition closed meanwhile":
            db.session.execute(sa.update(Coalition).values(closed_at=clock.now()))
        case "no mail any more":
            patch.setitem(mailing.config, "MAIL", None)
        case "address has an account meanwhile":
            make_user(email=ANN)
    db.session.commit()


@pytest.mark.parametrize("way", INVITED)
@pytest.mark.parametrize("state", EXPECTED_OF_INVITED)
def test_every_way_in_by_an_invitation_from_every_state(
    mailing: Flask,
    client: EngageClient,
    invitation: Invitation,
    comings: dict[str, Way],
    monkeypatch: pytest.MonkeyPatch,
    way: str,
    state: str,
) -> None:
    take = comings[way]()
    change_of_invitation(state, invitation, mailing, monkeypatch)
    page = take()
    assert ("in" if is_signed_in(client) else "refused") == EXPECTED_OF_INVITED[state][way], page.text("main")
    made = db.session.scalar(sa.select(User).where(User.email == ANN))
    if EXPECTED_OF_INVITED[state][way] == "in":
        assert made is not None and made.has_password is way.endswith("with a password") and not made.is_admin
        assert db.session.scalars(sa.select(SignedIn.is_own).order_by(SignedIn.id.desc())).first() is True
        # Nothing was answered here before, so no one else's way in hides anything.
        assert (made.let_in_at, made.mail_is_own) == (None, True)
    else:
        assert made is None or state == "address has an account meanwhile"
