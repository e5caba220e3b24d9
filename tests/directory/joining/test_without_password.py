"""Tests joining without a password, by an invitation that came by mail to the very address that it is for."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.accounts import queries as accounts
from engage.accounts.models import User
from engage.coalitions.invitations import service as invitations
from engage.coalitions.invitations.pasted import Addressee
from engage.coalitions.models import Coalition, Invitation, Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from tests.accounts.test_sessions import is_signed_in
from tests.accounts.test_sign_in_links import asked
from tests.client import EngageClient
from tests.factories import PASSWORD, make_membership, make_user
from tests.html import Page
from tests.messages.letters.posted import mailing, run
from tests.messages.smtp import Taken

PAGE = "/c/riverbend/people/invitations/"


@pytest.fixture
def post(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Taken]:
    # The mails about an account are sent by the test, too, not by a thread beside it.
    monkeypatch.setattr("engage.messages.mail.queue.begin", lambda *_all: None)
    with mailing(app, monkeypatch) as taken:
        yield taken


def invite(coordinator: EngageClient, whom: str = "Ann Lee <ann@example.org>", role: str = "member") -> None:
    coordinator.send(f"{PAGE}bound", addresses=whom, role=role, days="30", do="send")


def mailed(coordinator: EngageClient, post: Taken) -> str:
    """Returns the path in the mail by which Ann Lee is invited."""
    invite(coordinator)
    assert run(post.port).sent == 1
    return path_in(post)


def path_in(post: Taken) -> str:
    body = post.mails[-1].get_body(("plain",))
    found = re.search(r"/join/\S+", str(body.get_content()) if body is not None else "")
    assert found is not None
    return found[0]


def go_on(client: EngageClient, path: str) -> Page:
    assert client.get(path).headers["Location"] == "/join"
    client.send("/join/start")
    return client.page("/join")


def person() -> User | None:
    return db.session.scalar(sa.select(User).where(User.email == "ann@example.org"))


def test_whoever_got_the_mail_joins_without_typing_anything_and_comes_back_by_a_link(
    app: Flask, client: EngageClient, coordinator: EngageClient, post: Taken
) -> None:
    page = go_on(client, mailed(coordinator, post))
    assert page.text("h1") == "Your name" and page.value("name") == "Ann Lee"
    assert not page.all("[name=password]") and page.has("You need no password.")
    assert page.has("we e-mail a link to ann@example.org") and page.has("coordinators see this address")
    answer = client.send("/join", name=page.value("name"), sign_in_browser="own")
    assert answer.status == 303 and answer.location.endswith("/organization")
    made = person()
    assert made is not None and (made.has_password, made.is_admin, made.mail_is_own) == (False, False, True)
    place = db.session.scalars(sa.select(Membership).where(Membership.user_id == made.id)).one()
    assert (place.role, place.approved_at is not None) == (Role.MEMBER, True)
    client.send("/sign-out")
    assert client.send("/sign-in", email=made.email, password="").status == 422
    link, _code = asked(app, client, made, post)
    assert client.send(link, sign_in_browser="own").status == 303 and is_signed_in(client)


def test_a_password_may_be_chosen_instead(
    client: EngageClient, coordinator: EngageClient, post: Taken
) -> None:
    page = go_on(client, mailed(coordinator, post))
    page = client.page(page.one("main a[href*='password=yes']").attributes["href"] or "")
    assert (
        page.all("[name=password]") and page.one("main a[href='/join']").text() == "Join without a password"
    )
    assert client.send("/join", name="Ann", email="ann@example.org", password="").status == 422
    client.send("/join", name="Ann", email="ann@example.org", password=PASSWORD)
    made = person()
    assert made is not None and made.has_password


def test_the_mails_link_is_on_no_page_of_the_coordinator(
    client: EngageClient, coordinator: EngageClient, post: Taken
) -> None:
    proof = mailed(coordinator, post).partition(".")[2]
    assert len(proof) == 43
    row = db.session.scalars(sa.select(Invitation)).one()
    letter = db.session.scalar(sa.text("SELECT id FROM messages_letter"))
    for path in (PAGE, f"{PAGE}sheet?id={row.id}", f"/c/riverbend/people/letters/{letter}", "/c/riverbend/"):
        answer = coordinator.get(path)
        assert answer.status_code == 200, path
        assert proof not in answer.get_data(as_text=True), path


@pytest.mark.parametrize(
    "which", ["copied", "cut off", "guessed", "another invitation's", "not even a letter", "open"]
)
def test_any_other_link_asks_for_a_password(
    client: EngageClient, coordinator: EngageClient, post: Taken, which: str
) -> None:
    path = mailed(coordinator, post)
    invite(coordinator, "ben@example.org")
    run(post.port)
    bens = path_in(post)
    if which == "open":
        coordinator.send(f"{PAGE}open", role="member", days="30", uses="5")
        made = db.session.scalars(sa.select(Invitation).order_by(Invitation.id.desc())).first()
        assert made is not None and made.email == ""
        path = f"/join/{invitations.mailed_token_of(made)}"
    plain, _dot, proof = path.partition(".")
    path = {
        "copied": plain,
        "cut off": f"{plain}.{proof[:-1]}",
        "guessed": f"{plain}.{'A' * len(proof)}",
        "another invitation's": f"{plain}.{bens.partition('.')[2]}",
        "not even a letter": f"{plain}.%C3%A9",
    }.get(which, path)
    page = go_on(client, path)
    assert page.all("[name=password]") and not page.has("without a password")
    assert client.send("/join", name="Ann", email="ann@example.org").status == 422 and person() is None


def test_where_mail_is_gone_meanwhile_a_password_is_asked_for(
    app: Flask, client: EngageClient, coordinator: EngageClient, post: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = go_on(client, mailed(coordinator, post))
    assert not page.all("[name=password]")
    monkeypatch.setitem(app.config, "MAIL", None)
    page = client.send("/join", name="Ann Elizabeth")
    assert page.status == 422 and page.all("[name=password]") and person() is None
    assert page.value("name") == "Ann Elizabeth"


def test_whoever_has_an_account_meanwhile_is_sent_to_sign_in(
    client: EngageClient, coordinator: EngageClient, post: Taken
) -> None:
    go_on(client, mailed(coordinator, post))
    make_user(email="ann@example.org")
    page = client.send("/join", name="Ann")
    assert page.status == 422 and page.has("This address cannot be used.")
    assert not is_signed_in(client)
    assert db.session.scalars(sa.select(Invitation)).one().uses_left == 1


def test_the_link_in_the_mail_works_once_and_not_after_its_day(
    app: Flask, client: EngageClient, coordinator: EngageClient, post: Taken
) -> None:
    path = mailed(coordinator, post)
    with time_machine.travel(clock.now() + timedelta(days=31)):
        client.get(path)
        assert client.get("/join").status_code == 410
    go_on(client, path)
    assert client.send("/join", name="Ann").status == 303
    other = EngageClient(app, app.response_class)
    other.get(path)
    assert other.get("/join").status_code == 410
    assert other.send("/join", name="Ann").status == 410


def test_a_coordinator_who_comes_so_still_sets_up_the_second_step_where_it_is_asked(
    client: EngageClient, coordinator: EngageClient, post: Taken
) -> None:
    db.session.execute(sa.update(Coalition).values(coordinators_need_second_factor=True))
    db.session.commit()
    maria = make_membership(role=Role.COORDINATOR)
    made = invitations.invite_people(maria, [Addressee("ann@example.org", "Ann")], Role.COORDINATOR, 30)
    db.session.commit()
    go_on(client, f"/join/{invitations.mailed_token_of(made.invitations[0])}")
    assert client.send("/join", name="Ann").status == 303
    answer = client.get("/c/riverbend/plan/")
    assert answer.status_code == 303 and "/account/second-factor" in answer.headers["Location"]


def test_the_first_account_of_a_site_is_never_made_so(
    client: EngageClient, coordinator: EngageClient, post: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on(client, mailed(coordinator, post))
    monkeypatch.setattr(accounts, "any_user", lambda: False)
    page = client.send("/join", name="Ann")
    assert page.status == 409 and page.has("The first account of this site needs a password.")
    assert person() is None


def test_the_address_of_the_form_cannot_be_changed(
    client: EngageClient, coordinator: EngageClient, post: Taken
) -> None:
    go_on(client, mailed(coordinator, post))
    client.send("/join", name="Ann", email="eve@example.org")
    assert person() is not None
    assert db.session.scalar(sa.select(User.id).where(User.email == "eve@example.org")) is None
