"""A session is a row: signing out, a new password and a disabled account end it at the next request."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.accounts import service
from engage.accounts.models import SignedIn, User
from engage.coalitions.rules import Role
from engage.config import TestConfig
from engage.extensions import db
from engage.limits import KEY_HOLDERS, MEMBERS, Limits
from tests import databases
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import PASSWORD, make_membership, signed_in_client

NEW_PASSWORD = "eleven copper kettles"


def is_signed_in(client: EngageClient) -> bool:
    return client.get("/account/").status_code == 200


def copy_of(app: Flask, client: EngageClient) -> EngageClient:
    """Returns another browser with the same cookie, as a thief would have it."""
    thief = app.test_client()
    assert isinstance(thief, EngageClient)
    cookie = client.get_cookie("session")
    assert cookie is not None
    thief.set_cookie("session", cookie.value)
    return thief


def email_of(client: EngageClient) -> str:
    assert client.membership.user is not None
    return client.membership.user.email


def test_signing_out_ends_a_copied_cookie_too(app: Flask, member: EngageClient) -> None:
    thief = copy_of(app, member)
    assert is_signed_in(thief)
    page = member.send("/sign-out")
    assert (page.status, page.location) == (303, "/sign-in")
    assert page.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_signed_in(member)
    assert not is_signed_in(thief)


def test_signing_out_leaves_ones_other_browsers_signed_in(app: Flask, member: EngageClient) -> None:
    phone = signed_in_client(app, member.membership)
    member.send("/sign-out")
    assert is_signed_in(phone)


def test_a_new_password_signs_out_everywhere_else(app: Flask, member: EngageClient) -> None:
    phone = signed_in_client(app, member.membership)
    thief = copy_of(app, member)
    page = member.send("/account/password", password=PASSWORD, new_password=NEW_PASSWORD)
    assert page.status == 303
    assert is_signed_in(member)
    assert not is_signed_in(phone)
    assert not is_signed_in(thief)
    assert app.test_client().post("/sign-in").status_code == 400


def test_the_new_password_is_the_one_that_counts(client: EngageClient, member: EngageClient) -> None:
    member.send("/account/password", password=PASSWORD, new_password=NEW_PASSWORD)
    assert client.send("/sign-in", email=email_of(member), password=PASSWORD).status == 422
    assert client.send("/sign-in", email=email_of(member), password=NEW_PASSWORD).status == 303


def test_a_wrong_password_now_changes_nothing(app: Flask, member: EngageClient) -> None:
    phone = signed_in_client(app, member.membership)
    page = member.send("/account/password", password="not mine at all", new_password=NEW_PASSWORD)
    assert page.status == 422
    assert page.errors == ["That password is not right. Check it and try again."]
    assert is_signed_in(phone)


def test_a_reset_ends_every_session_and_works_once(
    app: Flask, member: EngageClient, client: EngageClient
) -> None:
    user = db.session.get_one(User, member.membership.user_id)
    token = service.make_password_link(user, made_by=None)
    db.session.commit()
    assert client.page(f"/reset/{token}").has("New password")
    assert client.send(f"/reset/{token}", password=NEW_PASSWORD).status == 303
    assert not is_signed_in(member)
    assert client.send(f"/reset/{token}", password="another copper kettle").status == 410
    assert client.send("/sign-in", email=email_of(member), password=NEW_PASSWORD).status == 303
    page = client.page("/account/")
    assert page.has("made a one-time link") and page.has("Your password was changed.")
    assert client.send("/account/seen").status == 303
    assert not client.page("/account/").has("made a one-time link")


@pytest.mark.parametrize("how", ["late", "replaced", "unknown", "after a change"])
def test_a_dead_password_link_says_so(member: EngageClient, client: EngageClient, how: str) -> None:
    user = db.session.get_one(User, member.membership.user_id)
    token = service.make_password_link(user, made_by=None)
    db.session.commit()
    if how == "replaced":
        service.make_password_link(user, made_by=None)
        db.session.commit()
    if how == "after a change":
        member.send("/account/password", password=PASSWORD, new_password=NEW_PASSWORD)
    address = f"/reset/{'x' * 43 if how == 'unknown' else token}"
    with time_machine.travel(clock.now() + timedelta(minutes=61 if how == "late" else 0), tick=False):
        assert client.get(address).status_code == 410
        assert client.send(address, password=NEW_PASSWORD).status == 410
        assert client.send("/sign-in", email=email_of(member), password=NEW_PASSWORD).status == (
            303 if how == "after a change" else 422
        )


def test_signing_in_gives_a_new_token(client: EngageClient) -> None:
    user = make_membership().user
    assert user is not None
    tokens = []
    for _again in range(2):
        client.send("/sign-in", email=user.email, password=PASSWORD)
        with client.session_transaction() as session:
            tokens.append(session["_user_id"])
        client.send("/sign-out")
    assert tokens[0] != tokens[1]
    assert all(len(token) >= 43 for token in tokens)


def test_nothing_of_the_earlier_cookie_survives_signing_in(client: EngageClient) -> None:
    user = make_membership().user
    assert user is not None
    with client.session_transaction() as session:
        session["planted"] = "by somebody"
        session["csrf_token"] = "known-to-somebody"
    client.send("/sign-in", email=user.email, password=PASSWORD)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != "known-to-somebody"


@pytest.mark.parametrize("token", ["", "x" * 43, "1", "\x00", None])
def test_a_cookie_with_a_foreign_token_is_no_one(
    app: Flask, member: EngageClient, client: EngageClient, token: Any
) -> None:
    with client.session_transaction() as session:
        session["_user_id"] = token
    assert client.get("/account/").status_code == 303
    assert client.send("/sign-out").status == 303
    assert client.get("/leave").status_code == 303


def test_a_disabled_account_is_refused_at_the_next_request(member: EngageClient) -> None:
    assert is_signed_in(member)
    user = db.session.get_one(User, member.membership.user_id)
    user.disabled_at = clock.now()
    db.session.commit()
    assert not is_signed_in(member)
    assert member.send("/sign-in", email=user.email, password=PASSWORD).status == 422


@pytest.mark.parametrize(
    ("role", "days", "step", "signed_in"),
    [
        (Role.MEMBER, 44, 44, True),
        (Role.MEMBER, 46, 46, False),
        (Role.MEMBER, 179, 40, True),
        (Role.MEMBER, 181, 40, False),
        (Role.COORDINATOR, 29, 29, True),
        (Role.COORDINATOR, 31, 31, False),
        (Role.COORDINATOR, 89, 25, True),
        (Role.COORDINATOR, 91, 25, False),
    ],
)
def test_a_session_ends_after_days_of_rest_and_after_more_days_in_any_case_sooner_for_coordinators(
    app: Flask, role: Role, days: int, step: int, signed_in: bool
) -> None:
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as travel:
        member = signed_in_client(app, make_membership(role=role))
        for day in range(step, days, step):
            travel.move_to(start + timedelta(days=day))
            assert is_signed_in(member)
        travel.move_to(start + timedelta(days=days))
        assert is_signed_in(member) is signed_in
    assert Limits(timedelta(days=45), timedelta(days=180)) == MEMBERS
    assert Limits(timedelta(days=30), timedelta(days=90)) == KEY_HOLDERS


def test_being_seen_is_written_at_most_every_ten_minutes_also_by_reading(app: Flask) -> None:
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as travel:
        member = signed_in_client(app, make_membership())
        seen = []
        for minute in (5, 10, 11, 15, 21, 22):
            travel.move_to(start + timedelta(minutes=minute))
            member.page("/account/")
            moment = db.session.scalars(sa.select(SignedIn.last_seen_at)).one()
            seen.append((moment - start) / timedelta(minutes=1))
        assert seen == [0, 0, 11, 11, 11, 22]


def test_reading_a_page_within_ten_minutes_writes_nothing(member: EngageClient) -> None:
    with counted_queries() as statements:
        member.page("/account/")
    assert not [statement for statement in statements if not statement.startswith("SELECT")]


def cookies_of(app: Flask) -> list[str]:
    """Returns those that say who someone is; the chosen language says nothing of anyone."""
    return [
        value
        for response in (app.test_client().get("/sign-in"), app.test_client().get("/leave"))
        for value in response.headers.getlist("Set-Cookie")
        if not value.startswith("language=")
    ]


def other_app(app: Flask, folder: Path, url: str) -> Flask:
    return databases.another_app(
        TestConfig(DATA=folder, SQLALCHEMY_DATABASE_URI=app.config["SQLALCHEMY_DATABASE_URI"], URL=url)
    )


def test_over_http_the_cookie_is_plain_and_hidden_from_scripts(app: Flask) -> None:
    for cookie in cookies_of(app):
        assert cookie.startswith(("session=", "known="))
        assert "HttpOnly" in cookie or "Max-Age=0" in cookie
        assert "Secure" not in cookie


def test_over_https_the_cookie_is_locked_to_the_host(app: Flask, tmp_path: Path) -> None:
    safe = other_app(app, tmp_path, "https://engage.example.org")
    kept = [cookie for cookie in cookies_of(safe) if "Max-Age=0" not in cookie]
    assert kept
    for cookie in cookies_of(safe):
        assert cookie.startswith(("__Host-session=", "__Host-known="))
        assert "Secure" in cookie and "Path=/" in cookie and "Domain" not in cookie
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in kept)


def test_leaving_ends_only_this_browsers_session(app: Flask, member: EngageClient) -> None:
    phone = signed_in_client(app, member.membership)
    thief = copy_of(app, member)
    response = member.get("/leave")
    assert (response.status_code, response.headers["Location"]) == (303, "https://www.weather.gov/")
    assert response.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert not is_signed_in(thief)
    assert is_signed_in(phone)


def test_leaving_goes_where_the_coalition_says(member: EngageClient) -> None:
    member.membership.coalition.leave_url = "https://news.example.org/"
    db.session.commit()
    assert member.get("/leave").headers["Location"] == "https://news.example.org/"
    assert member.get("/leave").headers["Location"] == "https://www.weather.gov/"


def test_leaving_works_signed_out_and_when_the_database_fails(
    client: EngageClient, member: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/leave").status_code == 303

    def fail(_token: str) -> None:
        raise sa.exc.OperationalError("DELETE", {}, Exception("database is locked"))

    monkeypatch.setattr(service, "end_session_now", fail)
    response = member.get("/leave")
    assert response.status_code == 303
    assert any("Max-Age=0" in cookie for cookie in response.headers.getlist("Set-Cookie"))


# Nothing in it says whether someone else signs in with the address.
NEUTRAL = (
    "This address cannot be used. If you have an account with it, sign in. Otherwise use a different one."
)


def test_whoever_tries_other_peoples_addresses_has_to_wait(
    member: EngageClient, client_of: Callable[..., EngageClient]
) -> None:
    people = [make_membership().user for _each in range(11)]
    answers = [member.send("/account/email", email=user.email) for user in people if user is not None]
    assert [page.status for page in answers] == [422] * 10 + [429]
    assert answers[-1].has("Too many tries. Wait 6 minutes and try again.")
    # The wait is the same for an address that no one has, and no one else waits.
    assert member.send("/account/email", email="nobody.has.this@example.org").status == 429
    other = client_of(make_membership())
    assert other.send("/account/email", email="nobody.has.this@example.org").status == 303


def test_an_address_that_another_account_has_is_refused(
    member: EngageClient, client_of: Callable[..., EngageClient]
) -> None:
    other = make_membership().user
    assert other is not None
    page = member.send("/account/email", email=other.email.upper())
    assert page.status == 422
    assert page.errors == [NEUTRAL]
    page = member.send("/account/email", email="New.Name@Example.org")
    assert page.status == 303
    assert db.session.get_one(User, member.membership.user_id).email == "new.name@example.org"
