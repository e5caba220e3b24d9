"""Whose browser it is: one's own stays signed in and may skip the code for a while; any other one forgets soon."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage.accounts import service
from engage.accounts.models import SignedIn, User
from engage.coalitions.rules import Role
from engage.config import ConfigError, _limits
from engage.extensions import db
from engage.limits import SHARED
from tests.accounts.test_second_factor import code_of, enrol, first_step, user_of
from tests.accounts.test_sessions import is_signed_in
from tests.client import EngageClient
from tests.factories import PASSWORD, make_membership, signed_in_client

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def email() -> str:
    user = make_membership().user
    assert user is not None
    return user.email


def session_cookie(client: EngageClient, **fields: str) -> str:
    fields["csrf_token"] = client.csrf_token()
    answer = client.post("/sign-in", data=fields)
    assert answer.status_code == 303
    return next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("session="))


def test_the_page_asks_whose_browser_it_is_and_presets_nothing(client: EngageClient) -> None:
    page = client.page("/sign-in")
    buttons = page.all("button[name=sign_in_browser]")
    assert [each.attributes["value"] for each in buttons] == ["own", "shared"]
    assert {each.attributes["class"] for each in buttons} == {"btn btn-primary"}
    assert page.has("Anyone who can unlock this phone can open Engage.")
    first = page.all("main form button[type=submit]")[0]
    assert "name" not in first.attributes  # Enter presses this one


def test_ones_own_browser_keeps_the_cookie_and_any_other_loses_it_when_it_is_closed(app: Flask) -> None:
    address = email()
    own = session_cookie(app.test_client(), email=address, password=PASSWORD, sign_in_browser="own")  # type: ignore[arg-type]
    assert f"Max-Age={180 * 86400}" in own or "Expires=" in own
    for choice in ({"sign_in_browser": "shared"}, {}, {"sign_in_browser": "mine"}):
        kept = session_cookie(app.test_client(), email=address, password=PASSWORD, **choice)  # type: ignore[arg-type]
        assert "Expires" not in kept and "Max-Age" not in kept


def test_the_cookie_of_ones_own_browser_outlives_the_month_that_flask_gives_it(
    client: EngageClient, travel: time_machine.Traveller
) -> None:
    client.send("/sign-in", email=email(), password=PASSWORD, sign_in_browser="own")
    for day in (40, 80, 120, 160):
        travel.move_to(START + timedelta(days=day))
        assert is_signed_in(client)


@pytest.mark.parametrize(
    ("minutes", "step", "signed_in"), [(119, 119, True), (131, 131, False), (715, 60, True), (725, 60, False)]
)
def test_a_shared_browser_forgets_after_two_hours_without_a_page_and_twelve_in_all(
    client: EngageClient, travel: time_machine.Traveller, minutes: int, step: int, signed_in: bool
) -> None:
    client.send("/sign-in", email=email(), password=PASSWORD)
    for minute in range(step, minutes, step):
        travel.move_to(START + timedelta(minutes=minute))
        assert is_signed_in(client)
    travel.move_to(START + timedelta(minutes=minutes))
    assert is_signed_in(client) is signed_in
    service.prune_sessions(START + timedelta(minutes=minutes))
    assert bool(db.session.scalars(sa.select(SignedIn)).all()) is signed_in


def test_a_session_of_before_counts_as_shared(app: Flask, travel: time_machine.Traveller) -> None:
    client = signed_in_client(app, make_membership())
    db.session.execute(sa.update(SignedIn).values(is_own=SignedIn.__table__.c.is_own.server_default.arg))
    db.session.commit()
    travel.shift(timedelta(hours=3))
    assert not is_signed_in(client)


def test_a_new_password_leaves_this_browser_what_it_was(client: EngageClient) -> None:
    client.send("/sign-in", email=email(), password=PASSWORD, sign_in_browser="own")
    client.send("/account/password", password=PASSWORD, new_password="eleven copper kettles")
    assert db.session.scalars(sa.select(SignedIn.is_own)).all() == [True]


def test_the_host_sets_the_hours_of_a_shared_browser(app: Flask) -> None:
    name = "ENGAGE_SESSION_HOURS_SHARED"
    hour = timedelta(hours=1)
    assert _limits({name: "1/4"}, name, SHARED, hour).life == 4 * hour
    with pytest.raises(ConfigError, match="hours without use and hours in all, such as 2/12"):
        _limits({name: "5"}, name, SHARED, hour)
    assert app.config["PERMANENT_SESSION_LIFETIME"] == timedelta(days=180)


# -- the code of two-step sign-in


def sign_in_with_code(client: EngageClient, key: str, address: str, **fields: str) -> None:
    page = first_step(client, address)
    code = code_of(key)
    proof = page.value("sign_in_proof")
    answer = client.send("/sign-in", sign_in_proof=proof, sign_in_code=code, **fields)
    assert answer.status == 303, answer.errors


@pytest.fixture
def key(member: EngageClient, travel: time_machine.Traveller) -> str:
    """Turns on two-step sign-in for the member, and lets the code that was used go by."""
    key, _codes = enrol(member)
    travel.shift(timedelta(minutes=5))
    return key


TRUSTED = {"sign_in_browser": "own", "sign_in_no_code": "yes"}


def test_a_browser_of_ones_own_asks_no_code_for_thirty_days_if_the_person_says_so(
    member: EngageClient, client: EngageClient, key: str, travel: time_machine.Traveller
) -> None:
    address = user_of(member).email
    page = client.send("/sign-in", email=address, password=PASSWORD, sign_in_browser="own")
    assert page.one("[name=sign_in_no_code]") and page.value("sign_in_browser") == "own"
    sign_in_with_code(client, key, address, **TRUSTED)
    client.send("/sign-out")
    travel.shift(timedelta(days=29))
    assert client.send("/sign-in", email=address, password=PASSWORD).status == 303
    client.send("/sign-out")
    travel.shift(timedelta(days=2))
    assert client.send("/sign-in", email=address, password=PASSWORD).status == 401


@pytest.mark.parametrize("fields", [{"sign_in_browser": "own"}, {"sign_in_no_code": "yes"}])
def test_the_code_is_asked_again_where_the_person_did_not_say_so_or_the_browser_is_shared(
    member: EngageClient, client: EngageClient, key: str, fields: dict[str, str]
) -> None:
    address = user_of(member).email
    assert not client.send("/sign-in", email=address, password=PASSWORD).all("[name=sign_in_no_code]")
    sign_in_with_code(client, key, address, **fields)
    client.send("/sign-out")
    assert client.send("/sign-in", email=address, password=PASSWORD).status == 401


@pytest.mark.parametrize("how", ["leave", "new password", "everywhere else", "by an admin", "other browser"])
def test_what_ends_the_trust_in_a_browser(
    app: Flask, member: EngageClient, client: EngageClient, key: str, travel: time_machine.Traveller, how: str
) -> None:
    address, password = user_of(member).email, PASSWORD
    sign_in_with_code(client, key, address, **TRUSTED)
    travel.shift(timedelta(minutes=1))
    if how == "new password":
        password = "eleven copper kettles"
        client.send("/account/password", password=PASSWORD, new_password=password)
    if how == "everywhere else":
        member.send("/account/sessions/end")
    if how == "by an admin":
        service.end_sessions(user_of(member))
        db.session.commit()
    if how == "leave":
        client.get("/leave")
    else:
        client.send("/sign-out")
    asked = app.test_client() if how == "other browser" else client
    assert isinstance(asked, EngageClient)
    assert asked.send("/sign-in", email=address, password=password).status == 401


def test_someone_else_on_that_browser_gives_their_code(
    app: Flask, member: EngageClient, client: EngageClient, key: str, travel: time_machine.Traveller
) -> None:
    sign_in_with_code(client, key, user_of(member).email, **TRUSTED)
    client.send("/sign-out")
    other = signed_in_client(app, make_membership(role=Role.COORDINATOR))
    enrol(other)
    travel.shift(timedelta(minutes=1))
    assert client.send("/sign-in", email=user_of(other).email, password=PASSWORD).status == 401


def test_a_sensitive_act_asks_for_the_code_also_in_a_trusted_browser(
    member: EngageClient, client: EngageClient, key: str, travel: time_machine.Traveller
) -> None:
    sign_in_with_code(client, key, user_of(member).email, **TRUSTED)
    client.send("/sign-out")
    client.send("/sign-in", email=user_of(member).email, password=PASSWORD)
    travel.shift(timedelta(minutes=11))
    page = client.page("/account/again")
    assert page.one("[name=sign_in_code]").attributes["inputmode"] == "numeric"
    assert client.send("/account/again", sign_in_password=PASSWORD).status == 422
    page = client.send("/account/again", sign_in_password=PASSWORD, sign_in_code=code_of(key))
    assert page.status == 303


def test_a_recovery_code_has_a_field_of_its_own(member: EngageClient, client: EngageClient) -> None:
    _key, codes = enrol(member)
    page = first_step(client, user_of(member).email)
    assert page.has("Don't have your phone?")
    answer = client.send(
        "/sign-in", sign_in_proof=page.value("sign_in_proof"), sign_in_code="", sign_in_recovery=codes[0]
    )
    assert answer.status == 303


# -- after a link


def test_after_a_new_password_by_a_link_one_is_signed_in(member: EngageClient, client: EngageClient) -> None:
    token = service.make_password_link(user_of(member), made_by=None)
    db.session.commit()
    buttons = client.page(f"/reset/{token}").all("button[name=sign_in_browser]")
    assert [each.attributes["value"] for each in buttons] == ["own", "shared"]
    answer = client.send(f"/reset/{token}", password="eleven copper kettles", sign_in_browser="own")
    assert (answer.status, answer.location) == (303, "/c/riverbend/")
    assert is_signed_in(client)
    assert db.session.scalars(sa.select(SignedIn.is_own)).all() == [True]


def test_after_a_new_password_by_a_link_the_code_is_asked(
    member: EngageClient, client: EngageClient, key: str
) -> None:
    token = service.make_password_link(user_of(member), made_by=None)
    db.session.commit()
    page = client.send(f"/reset/{token}", password="eleven copper kettles", sign_in_browser="own")
    assert page.status == 401 and not is_signed_in(client)
    answer = client.send(
        "/sign-in",
        sign_in_proof=page.value("sign_in_proof"),
        sign_in_code=code_of(key),
        sign_in_browser=page.value("sign_in_browser"),
    )
    assert answer.status == 303 and is_signed_in(client)
    assert db.session.scalars(sa.select(User.id).join(SignedIn).where(SignedIn.is_own)).one()
