"""A sensitive change asks for the password again, in one place, and loses nothing that was typed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage.accounts.models import SignedIn, User
from engage.coalitions.models import Invitation, Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from tests.client import EngageClient
from tests.factories import PASSWORD, make_membership, signed_in_client

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADDRESS = "new.name@example.org"


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def email_of(client: EngageClient) -> str:
    return db.session.get_one(User, client.membership.user_id).email


def asks(page: object) -> bool:
    return getattr(page, "status", 0) == 401 and page.has("Is this you?")  # type: ignore[attr-defined]


@pytest.mark.parametrize(("minutes", "asked"), [(0, False), (10, False), (11, True), (-1, True), (-59, True)])
def test_a_sensitive_change_wants_a_password_of_the_last_ten_minutes(
    member: EngageClient, travel: time_machine.Traveller, minutes: int, asked: bool
) -> None:
    travel.move_to(START + timedelta(minutes=minutes))
    before = email_of(member)
    page = member.send("/account/email", email=ADDRESS)
    assert asks(page) is asked
    assert email_of(member) == (before if asked else ADDRESS)


@pytest.mark.parametrize(("role", "asked"), [("coordinator", True), ("member", False)])
def test_an_invitation_to_be_a_coordinator_asks_as_giving_the_role_does(
    coordinator: EngageClient, travel: time_machine.Traveller, role: str, asked: bool
) -> None:
    travel.shift(timedelta(hours=1))
    to = {"addresses": "Ann Lee <ann@example.org>", "role": role, "days": "30"}
    page = coordinator.send("/c/riverbend/people/invitations/bound", **to)
    assert asks(page) is asked
    if asked:
        assert page.value("addresses") == to["addresses"]
        assert db.session.scalars(sa.select(Invitation)).all() == []
        page = coordinator.send("/c/riverbend/people/invitations/bound", **to, sign_in_password=PASSWORD)
    assert page.status == 303
    assert db.session.scalars(sa.select(Invitation.role)).all() == [role]


def test_what_was_typed_comes_along_and_is_saved_with_the_right_password(
    member: EngageClient, travel: time_machine.Traveller
) -> None:
    travel.shift(timedelta(hours=1))
    page = member.send("/account/email", email=ADDRESS)
    assert page.one("main form").attributes["action"] == "/account/email"
    assert page.value("email") == ADDRESS
    page = member.send("/account/email", email=ADDRESS, sign_in_password="not mine at all")
    assert (page.status, page.errors) == (422, ["That password is not right. Check it and try again."])
    assert page.value("email") == ADDRESS
    assert page.value("sign_in_password") == ""
    assert member.send("/account/email", email=ADDRESS, sign_in_password=PASSWORD).status == 303
    assert email_of(member) == ADDRESS


def test_once_given_the_password_counts_for_ten_minutes_in_this_browser_alone(
    app: Flask, member: EngageClient, travel: time_machine.Traveller
) -> None:
    phone = signed_in_client(app, member.membership)
    travel.shift(timedelta(hours=1))
    member.send("/account/email", email=ADDRESS, sign_in_password=PASSWORD)
    assert member.send("/account/email", email="second@example.org").status == 303
    assert asks(phone.send("/account/email", email="third@example.org"))
    travel.shift(timedelta(minutes=11))
    assert asks(member.send("/account/email", email="fourth@example.org"))


def test_a_page_that_is_only_read_asks_on_the_way_to_it(
    member: EngageClient, travel: time_machine.Traveller
) -> None:
    travel.shift(timedelta(hours=1))
    answer = member.get("/account/email")
    assert answer.status_code == 303
    asking = answer.headers["Location"]
    assert asking == "/account/again?next=/account/email"
    assert member.page(asking).has("Is this you?")
    assert member.send(asking, sign_in_password="not mine at all").status == 422
    assert member.send(asking, sign_in_password=PASSWORD).location == "/account/email"
    assert member.page("/account/email").has("New e-mail address")


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
def test_asking_never_leads_to_another_site(member: EngageClient, wanted: str) -> None:
    page = member.post(
        "/account/again",
        query_string={"next": wanted},
        data={"sign_in_password": PASSWORD, "csrf_token": member.csrf_token()},
    )
    assert page.headers["Location"] == "/account/"


def test_guessing_here_is_slowed_like_signing_in(
    member: EngageClient, travel: time_machine.Traveller
) -> None:
    travel.shift(timedelta(hours=1))
    for _try in range(10):
        member.send("/account/email", email=ADDRESS, sign_in_password="guess")
    page = member.send("/account/email", email=ADDRESS, sign_in_password=PASSWORD)
    assert page.status == 429
    assert page.value("email") == ADDRESS
    assert int(page.headers["Retry-After"]) > 0


def test_changing_a_role_asks_and_then_changes_it(app: Flask, travel: time_machine.Traveller) -> None:
    coordinator = signed_in_client(app, make_membership(role=Role.COORDINATOR))
    person = make_membership(role=Role.MEMBER)
    travel.shift(timedelta(hours=1))
    path = f"/c/riverbend/people/{person.id}/role"
    page = coordinator.send(path, role="viewer")
    assert asks(page) and page.value("role") == "viewer"
    assert db.session.get_one(Membership, person.id).role is Role.MEMBER
    assert coordinator.send(path, role="viewer", sign_in_password=PASSWORD).status == 303
    assert db.session.get_one(Membership, person.id).role is Role.VIEWER


def test_whoever_may_not_do_it_is_not_asked(app: Flask, travel: time_machine.Traveller) -> None:
    member = signed_in_client(app, make_membership())
    stranger = signed_in_client(app, make_membership(coalition=None))
    travel.shift(timedelta(hours=1))
    path = f"/c/riverbend/people/{member.membership.id}/role"
    assert member.send(path, role="coordinator", sign_in_password=PASSWORD).status == 403
    assert stranger.send("/c/elsewhere/people/1/role", role="coordinator").status == 404


def test_a_form_without_a_token_is_shown_again_before_anything_is_done(
    member: EngageClient, travel: time_machine.Traveller
) -> None:
    """Another site could have sent it: the person reads it before it is done."""
    travel.shift(timedelta(hours=1))
    before = email_of(member)
    page = member.send("/account/email", token=False, email=ADDRESS, sign_in_password=PASSWORD)
    assert asks(page) and page.value("email") == ADDRESS
    fields = {node.attributes["name"]: node.attributes.get("value") for node in page.all("main form [name]")}
    assert fields["sign_in_unchecked"] == "1"
    page = member.send("/account/email", email=ADDRESS, sign_in_unchecked="1", sign_in_password="wrong")
    assert page.value("sign_in_unchecked") == "1"
    page = member.send("/account/email", email=ADDRESS, sign_in_unchecked="1", sign_in_password=PASSWORD)
    assert page.has("Nothing was saved yet") and page.value("email") == ADDRESS
    assert email_of(member) == before


def test_under_htmx_the_question_takes_the_whole_page(
    member: EngageClient, travel: time_machine.Traveller
) -> None:
    travel.shift(timedelta(hours=1))
    page = member.send("/account/email", htmx=True, email=ADDRESS)
    assert page.headers["HX-Retarget"] == "body"


def test_a_session_from_before_this_was_written_is_asked(member: EngageClient) -> None:
    db.session.execute(sa.update(SignedIn).values(proved_at=None))
    db.session.commit()
    assert asks(member.send("/account/email", email=ADDRESS))
