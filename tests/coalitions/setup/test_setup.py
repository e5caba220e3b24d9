"""The first visit: from the link that the server printed to Getting Started."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from engage.accounts import passwords, queries
from engage.accounts.models import SetupLink, SignedIn, User
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.rules import Leadership, MembershipStyle, Role, Stage, Structure
from engage.extensions import db
from engage.operations import server
from tests.client import EngageClient
from tests.factories import PASSWORD, make_coalition, make_membership, make_user

YOU = {"name": "Maria Santos", "email": "Maria@Example.org", "password": PASSWORD}
GROUP = {"name": "Riverbend County Coalition", "community": "Riverbend", "time_zone": "America/Denver"}
SHAPE = {
    "stage": "new",
    "structure": "both",
    "leadership": "joint",
    "membership_style": "informal",
}


def path_of_link() -> str:
    link = server.setup_link()
    assert link is not None
    return link.removeprefix("http://127.0.0.1")


@pytest.fixture
def opened(client: EngageClient) -> EngageClient:
    """Returns a browser that followed the one-time link."""
    assert client.get(path_of_link()).headers["Location"] == "/setup"
    return client


@pytest.fixture
def first(opened: EngageClient) -> EngageClient:
    """Returns a browser signed in as the first account, which has no coalition yet."""
    assert opened.send("/setup", **YOU).location == "/setup/coalition"
    return opened


def count(table: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_a_new_installation_leads_to_setup_which_is_closed(client: EngageClient) -> None:
    assert client.get("/").headers["Location"] == "/setup"
    page = client.page("/setup")
    assert page.has("Engage is not set up yet")
    assert not page.all("main form")
    assert client.send("/setup", **YOU).status == 403
    assert count(User) == 0


@pytest.mark.parametrize("token", ["x" * 43, "x", "%00", "a" * 2000])
def test_a_wrong_link_opens_nothing(client: EngageClient, token: str) -> None:
    path_of_link()
    client.get(f"/setup/{token}")
    assert client.get("/setup").status_code == 403
    assert client.send("/setup", **YOU).status == 403
    assert count(User) == 0


def test_the_link_of_an_earlier_start_is_dead(client: EngageClient) -> None:
    earlier = path_of_link()
    path_of_link()
    client.get(earlier)
    assert client.get("/setup").status_code == 403


def test_an_earlier_link_dies_although_its_page_is_open(opened: EngageClient) -> None:
    path_of_link()
    assert opened.send("/setup", **YOU).status == 403
    assert count(User) == 0


def test_following_the_link_uses_nothing_up_and_takes_it_out_of_the_address(opened: EngageClient) -> None:
    assert opened.page("/setup").has("Step 1 of 3")
    assert opened.page("/setup").has("Step 1 of 3")
    assert count(User) == 0


def test_only_a_hash_of_the_link_is_stored(app: Flask) -> None:
    token = path_of_link().removeprefix("/setup/")
    assert len(token) >= 43
    assert token not in db.session.scalars(sa.select(SetupLink.token_hash)).all()


def test_the_wizard_makes_the_coordinator_and_the_coalition(opened: EngageClient) -> None:
    page = opened.send("/setup", **YOU, sign_in_browser="own")
    assert (page.status, page.location) == (303, "/setup/coalition")
    assert db.session.scalars(sa.select(SignedIn.is_own)).all() == [True]
    assert opened.page("/setup/coalition").has("Step 2 of 3")
    assert opened.send("/setup/coalition", **GROUP).location == "/setup/shape"
    assert opened.page("/setup/shape").has("Step 3 of 3")
    page = opened.send("/setup/shape", **SHAPE)
    assert (page.status, page.location) == (303, "/c/riverbend-county-coalition/")

    place = db.session.scalars(sa.select(Membership)).one()
    assert (place.role, place.name, place.user.email) == (  # type: ignore[union-attr]
        Role.COORDINATOR,
        "Maria Santos",
        "maria@example.org",
    )
    assert place.user is not None and place.user.is_admin
    group = place.coalition
    assert (group.stage, group.structure, group.leadership, group.membership_style) == (
        Stage.NEW,
        Structure.BOTH,
        Leadership.JOINT,
        MembershipStyle.INFORMAL,
    )
    assert group.time_zone == "America/Denver"


def test_the_time_zone_is_asked_and_has_no_preset(first: EngageClient) -> None:
    zone = first.page("/setup/coalition").one("select[name=time_zone]")
    assert "data-time-zone" in zone.attributes, "a script fills in the browser's"
    assert not zone.css("option[selected]") or zone.css("option[selected]")[0].attributes["value"] == ""
    page = first.send("/setup/coalition", **{**GROUP, "time_zone": ""})
    assert page.status == 422
    assert page.errors == ["Choose the time zone."]
    assert page.value("name") == GROUP["name"]
    assert count(Coalition) == 0


def test_everything_on_the_third_page_may_wait(first: EngageClient) -> None:
    first.send("/setup/coalition", **GROUP)
    page = first.page("/setup/shape")
    chosen = page.all("input[type=radio][checked]")
    assert len(chosen) == 4 and {node.attributes.get("value") for node in chosen} == {""}
    assert first.send("/setup/shape", **dict.fromkeys(SHAPE, "")).status == 303
    group = db.session.scalars(sa.select(Coalition)).one()
    assert (group.stage, group.structure, group.leadership, group.membership_style) == (None,) * 4


def test_a_third_page_without_any_answer_decides_nothing(first: EngageClient) -> None:
    first.send("/setup/coalition", **GROUP)
    assert first.send("/setup/shape").status == 303
    assert db.session.scalars(sa.select(Coalition.stage)).one() is None


def test_setup_is_gone_once_an_account_exists(first: EngageClient, app: Flask) -> None:
    stranger = app.test_client()
    assert isinstance(stranger, EngageClient)
    for path in ("/setup", "/setup/" + "x" * 43):
        assert stranger.get(path).status_code == 404
    assert stranger.send("/setup", **YOU).status == 404
    assert server.setup_link() is None
    assert stranger.get("/").status_code == 200
    assert stranger.get("/setup/coalition").headers["Location"].startswith("/sign-in")


def test_pressing_the_first_button_twice_makes_one_account(
    opened: EngageClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.page("/setup")
    token = opened.csrf_token()
    cookie = opened.get_cookie("session")
    assert cookie is not None
    together, real = Barrier(2, timeout=10), passwords.hash_of

    def hash_together(password: str) -> str:
        together.wait()  # both have passed every check before either makes the account
        return real(password)

    monkeypatch.setattr(passwords, "hash_of", hash_together)

    def press(email: str) -> tuple[int, str | None]:
        with app.app_context():
            browser = app.test_client()
            browser.set_cookie("session", cookie.value)
            answer = browser.post("/setup", data={**YOU, "email": email, "csrf_token": token})
        return answer.status_code, answer.headers.get("Location")

    db.session.commit()
    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(press, ["maria@example.org", "second@example.org"]), key=str)
    assert answers == [(303, "/setup/coalition"), (303, "/sign-in")]
    assert count(User) == 1


def test_a_second_press_after_the_first_leads_to_signing_in(app: Flask, opened: EngageClient) -> None:
    opened.page("/setup")
    second = app.test_client()
    assert isinstance(second, EngageClient)
    with opened.session_transaction() as session:
        kept = dict(session)
    with second.session_transaction() as session:
        session.update(kept)
    assert opened.send("/setup", **YOU).status == 303
    page = second.send("/setup", **YOU)
    assert page.location == "/sign-in"
    assert second.page("/sign-in").has("The first account is created. Sign in with it to continue.")
    assert count(User) == 1


def test_pressing_the_second_button_twice_makes_one_coalition(first: EngageClient) -> None:
    assert first.send("/setup/coalition", **GROUP).location == "/setup/shape"
    assert first.send("/setup/coalition", **GROUP).location == "/setup/shape"
    assert count(Coalition) == 1


def test_whoever_stopped_after_the_first_page_is_led_back_to_it(app: Flask, first: EngageClient) -> None:
    later = app.test_client()
    assert isinstance(later, EngageClient)
    page = later.send("/sign-in", email="maria@example.org", password=PASSWORD)
    assert page.location == "/"
    assert later.get("/").headers["Location"] == "/setup/coalition"


def test_who_hosts_the_coalitions_of_others_is_led_to_them_and_not_asked_for_one(
    app: Flask, first: EngageClient
) -> None:
    page = first.page("/setup/coalition")
    assert page.one("main a[href='/admin/']")
    make_coalition(slug="valley")
    assert first.get("/").headers["Location"] == "/admin/"


def test_only_an_admin_without_any_coalition_sets_one_up(
    member: EngageClient, client_of: Any, app: Flask
) -> None:
    assert member.get("/setup/coalition").headers["Location"] == "/"
    assert member.get("/setup/shape").headers["Location"] == "/"
    admin = client_of(make_membership(user=make_user(is_admin=True)))
    assert admin.send("/setup/coalition", **GROUP).location == "/"
    assert count(Coalition) == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Enter your name."),
        ("name", "x" * 121, "too long"),
        ("name", "Maria\x00", "cannot be seen"),
        ("email", "", "Enter your e-mail address."),
        ("email", "maria", "like name@example.org"),
        ("email", "maria@example.org\nBcc: all@example.org", "like name@example.org"),
        ("email", "a" * 300 + "@example.org", "too long"),
        ("password", "", "Choose a password."),
        ("password", "short words", "at least 12 characters"),
        ("password", "x" * 129, "at most 128 characters"),
        ("password", "passwordpassword", "Many people use this"),
        ("password", "mariasantos!", "mostly a name"),
    ],
)
def test_a_refused_first_page_keeps_what_was_typed(
    opened: EngageClient, field: str, value: str, words: str
) -> None:
    page = opened.send("/setup", **{**YOU, field: value})
    assert page.status == 422
    assert any(words in error for error in page.errors), page.errors
    assert page.one(f"a[href='#{field}']")
    other = "email" if field == "name" else "name"
    assert page.value(other) == YOU[other]
    assert page.value("password") == ""
    assert count(User) == 0


@pytest.mark.parametrize(
    "password", [" four spaces around ", "ὀκτὼ κόρακες μαῦροι", "🐢🐢🦆🦆 🐝🐝 pond", "x1-y2-z3-" * 14]
)
def test_a_password_is_taken_as_it_is(
    opened: EngageClient, app: Flask, client: EngageClient, password: str
) -> None:
    assert opened.send("/setup", **{**YOU, "password": password}).status == 303
    other = app.test_client()
    assert isinstance(other, EngageClient)
    assert other.send("/sign-in", email=YOU["email"], password=password.strip() + "x").status == 422
    assert other.send("/sign-in", email=YOU["email"], password=password).status == 303


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("community", ""), ("time_zone", "Mars/Olympus"), ("time_zone", ""), ("name", "x" * 400)],
)
def test_a_refused_second_page_makes_nothing(first: EngageClient, field: str, value: str) -> None:
    page = first.send("/setup/coalition", **{**GROUP, field: value})
    assert page.status == 422
    assert page.errors
    assert count(Coalition) == 0


def test_an_unknown_choice_is_refused(first: EngageClient) -> None:
    first.send("/setup/coalition", **GROUP)
    page = first.send("/setup/shape", **{**SHAPE, "stage": "ancient"})
    assert page.status == 422
    assert db.session.scalars(sa.select(Coalition.stage)).one() is None


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Riverbend County", "riverbend-county-2"),
        ("Coalición de Año Nuevo", "coalicion-de-ano-nuevo"),
        ("自由", "coalition"),
        ("--", "coalition"),
        ("x" * 119, "x" * 50),
    ],
)
def test_an_address_is_made_from_the_name_and_is_free(first: EngageClient, name: str, slug: str) -> None:
    make_coalition(slug="riverbend-county")
    assert first.send("/setup/coalition", **{**GROUP, "name": name}).status == 303
    made = db.session.scalars(sa.select(Coalition.slug).order_by(Coalition.id.desc())).first()
    assert made == slug
    assert re.fullmatch(r"[a-z0-9-]{1,60}", made or "")


def test_no_account_exists_before_the_first_page_is_sent(opened: EngageClient) -> None:
    opened.page("/setup")
    assert not queries.any_user()
